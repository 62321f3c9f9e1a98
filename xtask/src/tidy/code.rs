//! Rust source without comments and literals, so that a rule about names is not misled by prose.

/// The source with comments and the insides of literals blanked; lines keep their numbers.
pub(super) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        let in_a_name = code.ends_with(is_name_char);
        let skipped = comment(rest).or_else(|| literal(rest, in_a_name)).unwrap_or(0);
        let (blank, after) = rest.split_at(skipped);
        code.extend(blank.chars().filter(|c| *c == '\n'));
        if skipped == 0 {
            code.push(next);
        }
        rest = after.get(if skipped == 0 { next.len_utf8() } else { 0 }..).unwrap_or_default();
    }
    code
}

/// The names in a line of code.
pub(super) fn names(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c| !is_name_char(c)).filter(|name| !name.is_empty())
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the comment that the source begins with.
fn comment(source: &str) -> Option<usize> {
    if source.starts_with("//") {
        Some(source.find('\n').unwrap_or(source.len()))
    } else if source.starts_with("/*") {
        Some(source.find("*/").map_or(source.len(), |end| end + 2))
    } else {
        None
    }
}

/// The length of the text or character literal that the source begins with.
fn literal(source: &str, in_a_name: bool) -> Option<usize> {
    if let Some(inside) = source.strip_prefix('"') {
        return Some(1 + text_length(inside));
    }
    if let Some(after) = source.strip_prefix('r').filter(|_| !in_a_name) {
        return raw_text(after);
    }
    let mut chars = source.strip_prefix('\'')?.char_indices();
    match (chars.next()?, chars.next()?) {
        ((_, '\\'), _) => source.get(3..)?.find('\'').map(|end| end + 4),
        (_, (after, '\'')) => Some(after + 2),
        _ => None,
    }
}

/// The length of a text's inside with its closing quote.
fn text_length(inside: &str) -> usize {
    let mut escaped = false;
    let end = inside.char_indices().find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    end.map_or(inside.len(), |(at, _)| at + 1)
}

/// The length of `r"…"` or `r#"…"#`, given what comes after the `r`.
fn raw_text(after: &str) -> Option<usize> {
    let inside = after.trim_start_matches('#').strip_prefix('"')?;
    let opening = after.len() - inside.len();
    let closing = format!("\"{}", "#".repeat(opening - 1));
    let length = inside.find(&closing).map_or(inside.len(), |end| end + closing.len());
    Some(1 + opening + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_vanish_and_lines_stay() {
        let source = "a // sqlx\n/* sqlx\n */ b \"sqlx \\\" sqlx\" c r#\"sqlx \" \n\"# d '\"' '\\'' 'e f r\"sqlx\"";
        assert_eq!(code_only(source).split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d", "'e", "f"]);
        assert_eq!(code_only(source).lines().count(), source.lines().count());
    }

    #[test]
    fn what_is_left_is_code() {
        let source = "use crate::{clock, other};\nlet sqlx_like = for_r\"\";\n";
        let code = code_only(source);
        assert_eq!(names(&code).collect::<Vec<_>>(), ["use", "crate", "clock", "other", "let", "sqlx_like", "for_r"]);
    }
}
