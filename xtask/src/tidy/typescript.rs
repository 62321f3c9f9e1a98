//! What a TypeScript file says of other files: the specifiers that it imports, for types and dynamically too.

/// A specifier and its line, from 1: `@/lib/reader`, `./offer`, `react`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Specifier {
    pub text: String,
    pub line: usize,
}

/// The parts of a source that matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Text(&'a str),
    Mark(char),
}

/// Every specifier after `from`, `import`, `import(` and `new URL(`.
pub(super) fn specifiers(source: &str) -> Vec<Specifier> {
    let tokens = tokens(source);
    let mut specifiers = Vec::new();
    for window in tokens.windows(4) {
        let [(first, _), (second, _), (third, _), (Token::Text(text), line)] = window else { continue };
        if imports([*first, *second, *third]) {
            specifiers.push(Specifier { text: (*text).to_owned(), line: *line });
        }
    }
    specifiers
}

/// Whether a text that follows these tokens is a specifier.
fn imports(before: [Token; 3]) -> bool {
    matches!(
        before,
        [_, _, Token::Word("from" | "import")]
            | [_, Token::Word("import"), Token::Mark('(')]
            | [Token::Word("new"), Token::Word("URL"), Token::Mark('(')]
    )
}

/// The tokens with their lines; comments and templates left out. Three marks go before, so that the first token has three before it.
fn tokens(source: &str) -> Vec<(Token<'_>, usize)> {
    let mut tokens = vec![(Token::Mark(';'), 1); 3];
    let (mut rest, mut line) = (source, 1);
    while let Some(next) = rest.chars().next() {
        let (token, length) = token(rest, next);
        tokens.extend(token.map(|token| (token, line)));
        let (passed, after) = rest.split_at(length);
        line += passed.matches('\n').count();
        rest = after;
    }
    tokens
}

/// What the source begins with, if it matters, and its length.
fn token(source: &str, next: char) -> (Option<Token<'_>>, usize) {
    match next {
        '/' if source.starts_with("//") => (None, source.find('\n').unwrap_or(source.len())),
        '/' if source.starts_with("/*") => (None, source.find("*/").map_or(source.len(), |end| end + 2)),
        '`' => (None, 1 + length_to_end(source, '`')),
        // A quote alone on its line is an apostrophe in what people read.
        '"' | '\'' => match source.get(1..1 + length_to_end(source, next)) {
            Some(inside) if inside.ends_with(next) && !inside.contains('\n') => {
                (inside.strip_suffix(next).map(Token::Text), 1 + inside.len())
            }
            _ => (None, 1),
        },
        _ if is_word_char(next) => {
            let end = source.find(|c| !is_word_char(c)).unwrap_or(source.len());
            (source.get(..end).map(Token::Word), end)
        }
        _ => (Some(Token::Mark(next)).filter(|_| !next.is_whitespace()), next.len_utf8()),
    }
}

/// How far it is from behind the opening quote to behind the closing one.
fn length_to_end(source: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = source.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(source.len() - 1, |(at, _)| at)
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_import_is_found_with_its_line() {
        let source = "import \"./a.css\";\nimport { b } from \"@/b\";\nimport type {\n  C,\n} from './c';\nexport * from \"./d\";\n\
                      const e = lazy(() => import(\"./e\"));\nnew Worker(new URL(\"./f.ts\", import.meta.url));\n";
        let found: Vec<_> = specifiers(source).into_iter().map(|each| (each.text, each.line)).collect();
        let all = [("./a.css", 1), ("@/b", 2), ("./c", 5), ("./d", 6), ("./e", 7), ("./f.ts", 8)];
        assert_eq!(found, all.map(|(text, line)| (text.to_owned(), line)));
    }

    #[test]
    fn comments_templates_and_other_texts_import_nothing() {
        let source = "// from \"./a\"\n/* import \"./b\"; */ const c = \"from\" + \"./c\";\nconst d = `import \"./d\"`;\n\
                      <p>Don't</p>;\nimport { e } from \"./e\";\n";
        assert_eq!(specifiers(source).into_iter().map(|each| each.text).collect::<Vec<_>>(), ["./e"]);
    }
}
