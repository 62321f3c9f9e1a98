//! What is written in the files: an opening sentence, and nothing left for later.

use super::code::{code_only, names};
use super::tree::{Complaint, Tree, ending_in};

/// Marks of unfinished work; put together here so that this file does not carry them.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Every Rust file opens with a sentence on what it is for.
pub(super) fn every_file_says_what_it_is_for(tree: &Tree) -> Vec<Complaint> {
    let silent = ending_in(tree, &[".rs"]).filter(|(_, text)| !text.starts_with("//! "));
    silent
        .map(|(path, _)| Complaint::new(path, 1, "open with `//! ` and one sentence on what this file is for"))
        .collect()
}

/// Work is finished, or an issue.
pub(super) fn nothing_is_left_unfinished(tree: &Tree) -> Vec<Complaint> {
    let lesson = "finish it, or file an issue: notes in the code are forgotten";
    let marked =
        |line: &str| names(line).any(|name| UNFINISHED.contains(&name)) || line.contains(concat!("to", "do!("));
    on_lines(tree, &[".rs", ".ts", ".tsx", ".css", ".sql", ".proto", ".toml", ".md"], marked, lesson)
}

/// A test that does not run is not a test.
pub(super) fn no_test_is_switched_off(tree: &Tree) -> Vec<Complaint> {
    let lesson = "mend the test or delete it: one that does not run only looks like one";
    let rust = |line: &str| code_only(line).trim_start().starts_with(concat!("#[ig", "nore"));
    let web = |line: &str| {
        [concat!(".on", "ly("), concat!(".sk", "ip("), concat!(".fix", "me(")].iter().any(|s| line.contains(s))
    };
    let mut complaints = on_lines(tree, &[".rs"], rust, lesson);
    complaints.extend(on_lines(tree, &[".test.ts", ".test.tsx", ".spec.ts"], web, lesson));
    complaints
}

fn on_lines(tree: &Tree, endings: &[&str], wrong: impl Fn(&str) -> bool, lesson: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (path, text) in ending_in(tree, endings) {
        let lines = (1..).zip(text.lines()).filter(|(_, line)| wrong(line));
        complaints.extend(lines.map(|(line, _)| Complaint::new(path, line, lesson)));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    #[test]
    fn a_file_without_an_opening_sentence_is_caught() {
        let files = tree(&[("a.rs", "//! Good.\n"), ("b.rs", "use std::fs;\n"), ("c.rs", "")]);
        assert_eq!(every_file_says_what_it_is_for(&files).len(), 2);
    }

    #[test]
    fn unfinished_work_is_caught() {
        for mark in UNFINISHED {
            assert_eq!(nothing_is_left_unfinished(&tree(&[("a.rs", &format!("//! A.\n// {mark}: later\n"))])).len(), 1);
        }
        let macro_call = concat!("fn a() { to", "do!() }");
        assert_eq!(nothing_is_left_unfinished(&tree(&[("a.rs", macro_call)])).len(), 1);
        assert!(nothing_is_left_unfinished(&tree(&[("a.rs", "// FIXED, XXXL")])).is_empty());
    }

    #[test]
    fn a_test_that_does_not_run_is_caught() {
        let rust = concat!("#[test]\n#[ig", "nore = \"slow\"]\nfn a() {}\n");
        let web = concat!("test.on", "ly(\"a\", () => {});\n");
        let files = tree(&[("a.rs", rust), ("b.test.tsx", web), ("c.spec.ts", web), ("d.ts", web)]);
        let caught = no_test_is_switched_off(&files);
        assert_eq!(caught.iter().map(|c| c.path.as_str()).collect::<Vec<_>>(), ["a.rs", "b.test.tsx", "c.spec.ts"]);
    }
}
