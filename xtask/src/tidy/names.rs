//! One name, one thing: no two public types share a name, unless one is the other's form on the wire; and that is named as its schema.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{Attribute, Ident, Item, Type, Visibility};

use super::crates::{Package, packages};
use super::tree::{Complaint, Tree, ending_in};

/// Names that types share for another reason than that one is the other's model; and the reason.
const SHARED: [(&str, &str); 0] = [];

/// Where the types are of which models are the form on the wire.
const DOMAIN: &str = "crates/booking-domain/";

/// A type that others than its own module can name.
struct PublicType {
    name: String,
    /// Whether it is a form on the wire of HTTP. Those of gRPC are generated, and in no file.
    is_model: bool,
    file: String,
    line: usize,
}

/// No two public types of the crates have the same name, but for a model and what it is the model of.
pub(super) fn one_name_is_one_thing(tree: &Tree) -> Vec<Complaint> {
    shared_names(tree, &SHARED)
}

fn shared_names(tree: &Tree, allowed: &[(&str, &str)]) -> Vec<Complaint> {
    let mut types = BTreeMap::<String, Vec<PublicType>>::new();
    for public in public_types(&packages(tree).0) {
        types.entry(public.name.clone()).or_default().push(public);
    }
    types.retain(|_, alike| !is_one_thing(alike));
    let wrong = types.iter().filter(|(name, _)| !allowed.iter().any(|(shared, _)| shared == name));
    let stale = allowed.iter().filter(|(name, _)| !types.contains_key(*name));
    wrong.filter_map(|(name, alike)| complain(name, alike)).chain(stale.map(|(name, _)| no_more(name))).collect()
}

fn is_one_thing(alike: &[PublicType]) -> bool {
    match alike {
        [one, other] => {
            let thing = if one.is_model { other } else { one };
            one.is_model != other.is_model && thing.file.starts_with(DOMAIN)
        }
        _ => alike.len() < 2,
    }
}

fn complain(name: &str, alike: &[PublicType]) -> Option<Complaint> {
    let (first, others) = alike.split_first()?;
    let others: Vec<_> = others.iter().map(|other| format!("{}:{}", other.file, other.line)).collect();
    let lesson =
        format!("`{name}` is also {}: one word is for one thing, so one of them has a better name", others.join(", "));
    Some(Complaint::new(&first.file, first.line, lesson))
}

fn no_more(name: &str) -> Complaint {
    Complaint::new(file!(), 0, format!("nothing shares the name `{name}` any more: take it off the list"))
}

fn public_types(packages: &[Package]) -> Vec<PublicType> {
    let modules = packages.iter().flat_map(|package| &package.modules);
    let modules: Vec<_> = modules.filter(|module| module.file.starts_with("crates/")).collect();
    let items = || modules.iter().flat_map(|module| module.body.items.iter().map(|item| (module.file.as_str(), item)));
    let models: Vec<_> = items().filter_map(|(file, item)| Some((file, described(item)?))).collect();
    let public = items().filter_map(|(file, item)| {
        let (name, aliased) = public_type(item)?;
        let is_model = models.iter().any(|(in_file, model)| *in_file == file && name == *model)
            || aliased.is_some_and(|of| models.iter().any(|(_, model)| of == *model));
        Some(PublicType { name: name.to_string(), is_model, file: file.to_owned(), line: name.span().start().line })
    });
    public.collect()
}

/// The name of a type that the whole crate or everybody can name, and that of the type that it is an alias of.
fn public_type(item: &Item) -> Option<(&Ident, Option<&Ident>)> {
    let (visibility, name) = match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        Item::Type(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    let aliased = if let Item::Type(item) = item { name_of(&item.ty) } else { None };
    match visibility {
        Visibility::Public(_) => Some((name, aliased)),
        Visibility::Restricted(within) if within.path.is_ident("crate") => Some((name, aliased)),
        _ => None,
    }
}

/// The type for which this item declares a schema: `#[derive(ToSchema)] struct …`, `impl ToSchema for …`.
fn described(item: &Item) -> Option<&Ident> {
    match item {
        Item::Struct(item) => Some(&item.ident).filter(|_| item.attrs.iter().any(derives_a_schema)),
        Item::Enum(item) => Some(&item.ident).filter(|_| item.attrs.iter().any(derives_a_schema)),
        Item::Impl(item) => {
            let (described, _) = item.trait_.as_ref()?;
            described.segments.last().filter(|last| last.ident == "ToSchema").and_then(|_| name_of(&item.self_ty))
        }
        _ => None,
    }
}

fn derives_a_schema(attribute: &Attribute) -> bool {
    let derived = || attribute.meta.require_list().ok().map(|list| list.tokens.clone());
    attribute.path().is_ident("derive") && derived().into_iter().flatten().any(|token| is_word(&token, "ToSchema"))
}

/// The name of a type, without path and parameters.
fn name_of(type_: &Type) -> Option<&Ident> {
    let Type::Path(type_) = type_ else { return None };
    type_.path.segments.last().map(|last| &last.ident)
}

/// A model has the name that its schema has in the document.
pub(super) fn models_are_named_as_their_schemas(tree: &Tree) -> Vec<Complaint> {
    let lesson = "name the type as its schema is named in the document, so that both are found by one word";
    let mut complaints = Vec::new();
    for (path, text) in ending_in(tree, &[".rs"]).filter(|(_, text)| text.contains("schema(")) {
        let lines = text.parse().map_or(Vec::new(), renamed_schemas);
        complaints.extend(lines.into_iter().map(|line| Complaint::new(path, line, lesson)));
    }
    complaints
}

/// The lines of every `schema(as = …)`.
fn renamed_schemas(code: TokenStream) -> Vec<usize> {
    let tokens: Vec<_> = code.into_iter().collect();
    let mut lines = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let inside: Vec<_> = group.stream().into_iter().collect();
        let renames = inside.windows(2).any(|pair| matches!(pair, [a, b] if is_word(a, "as") && is_mark(b, '=')));
        let after_schema =
            at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| is_word(token, "schema"));
        if after_schema && renames && group.delimiter() == Delimiter::Parenthesis {
            lines.push(group.span_open().start().line);
        }
        lines.extend(renamed_schemas(group.stream()));
    }
    lines
}

fn is_word(token: &TokenTree, wanted: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word == wanted)
}

fn is_mark(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(mark) if mark.as_char() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::{places, tree};

    /// Two crates with one file each.
    fn shared(one: &str, two: &str, allowed: &[(&str, &str)]) -> Vec<String> {
        places(&shared_names(&tree(&[("crates/a/src/lib.rs", one), ("crates/b/src/lib.rs", two)]), allowed))
    }

    #[test]
    fn two_public_types_of_one_name_are_caught() {
        for (one, two) in [
            ("pub struct Place;", "\npub enum Place { A }"),
            ("pub type Place = u8;", "mod a { pub trait Place {} }"),
            ("pub(crate) struct Place;", "pub struct Place;"),
        ] {
            assert_eq!(shared(one, two, &[]), ["crates/a/src/lib.rs:1"], "{one} {two}");
        }
        let twice = "pub struct Place;\nmod a { pub struct Place; }";
        assert_eq!(shared_names(&tree(&[("crates/booking-domain/src/lib.rs", twice)]), &[]).len(), 1);
        let models = "#[derive(Debug, ToSchema)]\npub struct Place;";
        assert_eq!(shared(models, models, &[]), ["crates/a/src/lib.rs:2"]);
    }

    #[test]
    fn a_model_may_have_the_name_of_what_it_is_the_model_of_and_of_nothing_else() {
        let models = [
            "#[derive(utoipa::ToSchema)] pub struct Place;",
            "pub struct Place; impl ToSchema for Place {}",
            "struct Entity<F>(F); impl<F> ToSchema for Entity<F> {} mod a { pub type Place = super::Entity<u8>; }",
        ];
        for model in models {
            let beside = |folder: &str| {
                let other = format!("crates/{folder}/src/lib.rs");
                shared_names(&tree(&[("crates/app/src/lib.rs", model), (&other, "pub struct Place;")]), &[]).len()
            };
            assert_eq!((beside("booking-domain"), beside("booking-component")), (0, 1), "{model}");
        }
    }

    #[test]
    fn what_nobody_else_can_name_may_be_called_the_same() {
        assert!(shared("pub struct Place;", "struct Place; mod a { pub(super) struct Place; }", &[]).is_empty());
        assert!(shared("pub struct Place;", "#[cfg(test)] mod tests { pub struct Place; }", &[]).is_empty());
    }

    #[test]
    fn an_exception_holds_as_long_as_it_is_one() {
        let allowed = [("Place", "both are said to be places")];
        assert!(shared("pub struct Place;", "pub struct Place;", &allowed).is_empty());
        assert_eq!(shared("pub struct Place;", "pub struct Other;", &allowed), [format!("{}:0", file!())]);
    }

    #[test]
    fn a_model_that_is_named_unlike_its_schema_is_caught() {
        let source = "#[derive(ToSchema)]\n#[schema(example = 1, as = Other)]\nstruct A;\nmodel! { #[schema(as = B)] struct C; }\n";
        let caught = models_are_named_as_their_schemas(&tree(&[
            ("a.rs", source),
            ("b.rs", "#[schema(value_type = u8)] struct D;"),
        ]));
        assert_eq!(places(&caught), ["a.rs:2", "a.rs:4"]);
    }
}
