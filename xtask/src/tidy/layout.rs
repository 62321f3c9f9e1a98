//! Which files there are, what they are called, and how long they may be.

use super::tree::{Complaint, Tree, ending_in};

/// Files that people and programs look for.
const EXPECTED: [&str; 12] = [
    ".ci/run",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "conformance/README.md",
    "conformance/opening-hours.json",
    "conformance/slots.json",
    "crates/app/openapi.json",
    "docs/operations.md",
    "docs/security.md",
];

/// No file is longer: a room that one cannot overlook is two rooms.
const LINES: usize = 500;

/// Files that are written by programs.
const GENERATED: [&str; 2] = ["/schema.d.ts", ".gen.ts"];

/// Names that say nothing.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];

/// Nobody looks for a file in vain.
pub(super) fn files_exist(tree: &Tree) -> Vec<Complaint> {
    let missing = EXPECTED.iter().filter(|path| !tree.contains_key(**path));
    missing.map(|path| Complaint::new(path, 0, "is missing; people and programs look for it")).collect()
}

/// No file grew too long.
pub(super) fn files_are_short(tree: &Tree) -> Vec<Complaint> {
    let written =
        ending_in(tree, &[".rs", ".ts", ".tsx"]).filter(|(path, _)| !GENERATED.iter().any(|g| path.ends_with(g)));
    let long = written.map(|(path, text)| (path, text.lines().count())).filter(|(_, lines)| *lines > LINES);
    long.map(|(path, lines)| {
        Complaint::new(path, 0, format!("has {lines} lines, and {LINES} is the most: give one of its concepts a file"))
    })
    .collect()
}

/// A module's name says what it is about.
pub(super) fn modules_are_named_for_what_they_do(tree: &Tree) -> Vec<Complaint> {
    let named = ending_in(tree, &[".rs", ".ts", ".tsx"]).filter_map(|(path, _)| Some((path, empty_name(path)?)));
    named
        .map(|(path, name)| {
            Complaint::new(
                path,
                0,
                format!("`{name}` says nothing: name it for what it does, or put it where it is used"),
            )
        })
        .collect()
}

/// The part of a path that is an empty name.
fn empty_name(path: &str) -> Option<&str> {
    path.split(['/', '.']).find(|part| EMPTY_NAMES.contains(part))
}

/// Both stores have the same steps under the same names.
pub(super) fn migrations_come_in_pairs(tree: &Tree) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    for (path, _) in ending_in(tree, &[".sql"]) {
        let twin = match path.strip_prefix("migrations/").and_then(|rest| rest.split_once('/')) {
            Some(("sqlite", name)) => format!("migrations/postgres/{name}"),
            Some(("postgres", name)) => format!("migrations/sqlite/{name}"),
            _ => continue,
        };
        if !tree.contains_key(&twin) {
            complaints.push(Complaint::new(
                path,
                0,
                format!("has no twin {twin}: the two stores keep in step, file by file"),
            ));
        }
    }
    complaints
}

/// The lock file works with whatever registry a person uses.
pub(super) fn the_lock_file_names_no_host(tree: &Tree) -> Vec<Complaint> {
    let locks = ending_in(tree, &["package-lock.json"]);
    locks
        .filter_map(|(path, text)| Some((path, (1..).zip(text.lines()).find(|(_, line)| names_a_host(line))?)))
        .map(|(path, (line, _))| {
            Complaint::new(path, line, "names a registry's host: run `npm install` in web/, whose .npmrc leaves it out")
        })
        .collect()
}

fn names_a_host(line: &str) -> bool {
    line.trim_start().starts_with("\"resolved\"") && line.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tests::tree;

    fn paths(complaints: &[Complaint]) -> Vec<&str> {
        complaints.iter().map(|complaint| complaint.path.as_str()).collect()
    }

    #[test]
    fn a_missing_file_is_caught() {
        let there: Vec<_> = EXPECTED.iter().skip(1).map(|path| (*path, "")).collect();
        assert_eq!(paths(&files_exist(&tree(&there))), [".ci/run"]);
    }

    #[test]
    fn a_long_file_is_caught_unless_it_is_generated() {
        let long = "x\n".repeat(501);
        let files =
            tree(&[("a.rs", &long), ("b.tsx", &long), ("api/schema.d.ts", &long), ("c.md", &long), ("d.rs", "x\n")]);
        assert_eq!(paths(&files_are_short(&files)), ["a.rs", "b.tsx"]);
    }

    #[test]
    fn an_empty_name_is_caught_as_a_file_and_as_a_folder() {
        let files = tree(&[("src/utils.rs", ""), ("src/common/time.ts", ""), ("src/useful.rs", "")]);
        assert_eq!(paths(&modules_are_named_for_what_they_do(&files)), ["src/common/time.ts", "src/utils.rs"]);
    }

    #[test]
    fn a_migration_without_its_twin_is_caught() {
        let both = [("migrations/sqlite/0001_a.sql", ""), ("migrations/postgres/0001_a.sql", "")];
        assert!(migrations_come_in_pairs(&tree(&both)).is_empty());
        let one = [("migrations/sqlite/0001_a.sql", ""), ("migrations/postgres/0001_b.sql", "")];
        assert_eq!(migrations_come_in_pairs(&tree(&one)).len(), 2);
    }

    #[test]
    fn a_host_in_the_lock_file_is_caught() {
        let lock = "{\n  \"resolved\": \"https://registry.example/a.tgz\",\n}\n";
        let caught = the_lock_file_names_no_host(&tree(&[("web/package-lock.json", lock)]));
        assert_eq!(caught.iter().map(|complaint| complaint.line).collect::<Vec<_>>(), [2]);
        assert!(
            the_lock_file_names_no_host(&tree(&[("web/package-lock.json", "{ \"funding\": \"https://a\" }")]))
                .is_empty()
        );
    }
}
