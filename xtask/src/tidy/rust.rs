//! What a Rust file says of other files, tests left out: the modules it declares, what it imports, the paths it mentions.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Ident, Item, ItemUse, UseTree, Visibility};

/// A path as it is written, `crate::store::Tx` or `words::find`; without generic arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub names: Vec<String>,
    /// From 1.
    pub line: usize,
}

/// What one `use` brings under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub name: String,
    pub path: Path,
    /// Whether others get it from here (`pub use`), so that it may be mentioned nowhere in this file.
    pub is_passed_on: bool,
}

/// What stands between the braces of a module, or in a file.
#[derive(Default)]
pub(super) struct Body {
    pub uses: Vec<Use>,
    pub mentions: Vec<Path>,
    /// The modules declared in it, by name.
    pub modules: Vec<(Ident, Inside)>,
    /// Everything else that is declared in it.
    pub items: Vec<Item>,
}

/// Where the text of a module is.
pub(super) enum Inside {
    /// In a file of its own.
    File,
    /// Right there.
    Here(Body),
}

/// Reads a file.
///
/// # Errors
/// It is no Rust.
pub(super) fn read(source: &str) -> syn::Result<Body> {
    Ok(body(syn::parse_file(source)?.items))
}

fn body(items: Vec<Item>) -> Body {
    let mut body = Body::default();
    for item in items.into_iter().filter(|item| !is_for_tests(&item.to_token_stream())) {
        match item {
            Item::Use(item) => take_use(&item, &mut body.uses),
            Item::Mod(item) => {
                let inside = item.content.map_or(Inside::File, |(_, items)| Inside::Here(self::body(items)));
                body.modules.push((item.ident, inside));
            }
            other => {
                scan(other.to_token_stream(), &mut body);
                body.items.push(other);
            }
        }
    }
    body
}

/// Whether an item has `#[cfg(test)]` among the attributes that it begins with.
fn is_for_tests(item: &TokenStream) -> bool {
    let mut tokens = item.clone().into_iter();
    while let Some(TokenTree::Punct(_)) = tokens.next() {
        match tokens.next() {
            Some(TokenTree::Group(attribute)) if attribute.stream().to_string() == "cfg (test)" => return true,
            Some(TokenTree::Group(_)) => {}
            _ => return false,
        }
    }
    false
}

fn take_use(item: &ItemUse, uses: &mut Vec<Use>) {
    let mut prefix = Vec::new();
    let found = uses.len();
    if item.leading_colon.is_none() {
        flatten(&item.tree, &mut prefix, uses);
    }
    let is_passed_on = !matches!(item.vis, Visibility::Inherited);
    uses.iter_mut().skip(found).for_each(|each| each.is_passed_on = is_passed_on);
}

/// Adds what each branch of a `use` brings: `a::{b, c as d, self}` is `a::b`, `a::c` and `a`.
fn flatten(tree: &UseTree, prefix: &mut Vec<String>, uses: &mut Vec<Use>) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            flatten(&path.tree, prefix, uses);
            prefix.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, prefix, uses)),
        UseTree::Name(name) => uses.push(branch(prefix, &name.ident, &name.ident)),
        UseTree::Rename(name) => uses.push(branch(prefix, &name.ident, &name.rename)),
        UseTree::Glob(glob) => uses.push(Use {
            name: "*".to_owned(),
            path: Path { names: prefix.clone(), line: glob.star_token.span.start().line },
            is_passed_on: false,
        }),
    }
}

fn branch(prefix: &[String], ident: &Ident, name: &Ident) -> Use {
    let mut names = prefix.to_vec();
    if ident != "self" || prefix.is_empty() {
        names.push(ident.to_string());
    }
    let name = if name == "self" { names.last().cloned().unwrap_or_default() } else { name.to_string() };
    Use { name, path: Path { names, line: ident.span().start().line }, is_passed_on: false }
}

/// Collects the paths in code, inside macros too, where nothing but tokens can be seen.
fn scan(code: TokenStream, body: &mut Body) {
    let tokens: Vec<_> = code.into_iter().collect();
    let mut rest = tokens.as_slice();
    while let [token, after @ ..] = rest {
        rest = match token {
            TokenTree::Ident(word) if word == "use" => scan_use(rest, body),
            TokenTree::Ident(word) if word == "fn" => after.get(1..).unwrap_or_default(),
            TokenTree::Ident(head) => scan_path(head, after, &mut body.mentions),
            TokenTree::Punct(_) => skip_no_head(rest),
            TokenTree::Group(group) => {
                scan(group.stream(), body);
                after
            }
            TokenTree::Literal(_) => after,
        };
    }
}

/// Takes the path that begins with this name; what comes after it is left.
fn scan_path<'a>(head: &Ident, after: &'a [TokenTree], mentions: &mut Vec<Path>) -> &'a [TokenTree] {
    let mut names = vec![head.to_string()];
    let mut rest = after;
    while let Some((name, after)) = next_part(rest) {
        names.push(name.to_string());
        rest = after;
    }
    if names.len() > 1 || !may_be_a_variable(head, rest) {
        mentions.push(Path { names, line: head.span().start().line });
    }
    rest
}

/// Whether a lone name, given what follows it, looks like that of a variable: in lower case, and not called.
fn may_be_a_variable(name: &Ident, after: &[TokenTree]) -> bool {
    let is_called = matches!(after, [TokenTree::Group(arguments), ..] if arguments.delimiter() == Delimiter::Parenthesis)
        || after.first().is_some_and(|token| is(token, '!'));
    name.to_string().starts_with(|c: char| !c.is_uppercase()) && !is_called
}

fn next_part(tokens: &[TokenTree]) -> Option<(&Ident, &[TokenTree])> {
    match tokens {
        [a, b, TokenTree::Ident(name), rest @ ..] if is(a, ':') && is(b, ':') => Some((name, rest)),
        _ => None,
    }
}

/// A `use` inside a function; or in a macro, where its names may be parameters and nothing can be said.
fn scan_use<'a>(tokens: &'a [TokenTree], body: &mut Body) -> &'a [TokenTree] {
    let length = tokens.iter().take_while(|token| !is(token, ';')).count() + 1;
    let (item, rest) = tokens.split_at_checked(length).unwrap_or((tokens, &[]));
    if let Ok(item) = syn::parse2::<ItemUse>(item.iter().cloned().collect()) {
        take_use(&item, &mut body.uses);
    }
    rest
}

/// Skips punctuation, and the name after it that is no head of a path: a field, a method, a lifetime, what follows `Vec::<u8>::`.
fn skip_no_head(tokens: &[TokenTree]) -> &[TokenTree] {
    match tokens {
        [a, b, rest @ ..] if is(a, '.') && is(b, '.') => rest,
        [a, TokenTree::Ident(_), rest @ ..] if is(a, '.') || is(a, '\'') => rest,
        _ => next_part(tokens).map_or(tokens.get(1..).unwrap_or_default(), |(_, rest)| rest),
    }
}

fn is(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentioned(source: &str) -> Vec<String> {
        read(source).unwrap().mentions.iter().map(|path| path.names.join("::")).collect()
    }

    #[test]
    fn a_use_is_taken_apart() {
        let body = read("use a::{b, c as d, e::{self, *}};\npub(crate) use self::f::G;\nuse ::std::fmt;\n").unwrap();
        let uses: Vec<_> = body.uses.iter().map(|each| (each.name.as_str(), each.path.names.join("::"))).collect();
        let [b, d, e, all] = [("b", "a::b"), ("d", "a::c"), ("e", "a::e"), ("*", "a::e")];
        assert_eq!(uses, [b, d, e, all, ("G", "self::f::G")].map(|(name, path)| (name, path.to_owned())));
        assert_eq!(
            body.uses.iter().filter(|each| each.is_passed_on).map(|each| each.path.line).collect::<Vec<_>>(),
            [2]
        );
    }

    #[test]
    fn paths_are_found_wherever_code_is() {
        let source =
            "fn f(x: crate::A<b::C>) { x.y.z(); d!(super::E, $crate::f::G); for i in 0..h::I {} V::<j::K>::new() }";
        let found = mentioned(source);
        for path in ["crate::A", "b::C", "super::E", "crate::f::G", "h::I", "j::K"] {
            assert!(found.iter().any(|each| each == path), "{path} in {found:?}");
        }
        for no_head in ["f", "x", "y", "z", "i", "new"] {
            assert!(!found.iter().any(|each| each == no_head), "{no_head} in {found:?}");
        }
    }

    #[test]
    fn a_use_inside_a_function_or_a_macro_counts() {
        let uses = |source| read(source).unwrap().uses.len();
        assert_eq!(uses("fn f() { use crate::a::B; }"), 1);
        assert_eq!(uses("macro_rules! m { () => { use crate::a::B; } }"), 1);
    }

    #[test]
    fn modules_are_told_apart_and_tests_are_left_out() {
        let source =
            "mod a;\nmod b { use crate::C; }\n#[cfg(test)]\nmod tests { use crate::D; }\n#[cfg(test)]\nuse e::F;\n";
        let body = read(source).unwrap();
        assert_eq!(body.modules.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(matches!(&body.modules[..], [(_, Inside::File), (_, Inside::Here(b))] if b.uses.len() == 1));
        assert!(body.uses.is_empty());
    }
}
