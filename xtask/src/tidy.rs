//! `cargo xtask tidy`: guards what Cargo and clippy cannot, with messages that teach. Also an ordinary test.

mod bounds;
mod code;
mod layout;
mod rooms;
mod wording;

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Result, bail};

use crate::repository;

/// The text files of a repository, by path.
type Tree = BTreeMap<String, String>;

/// What is wrong, where, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Complaint {
    path: String,
    /// From 1; 0 when the whole file is meant.
    line: usize,
    lesson: String,
}

impl Complaint {
    fn new(path: &str, line: usize, lesson: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, lesson: lesson.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.lesson),
            line => write!(f, "{}:{line}: {}", self.path, self.lesson),
        }
    }
}

/// A rule looks at the whole tree and complains.
type Rule = fn(&Tree) -> Vec<Complaint>;

const RULES: [Rule; 13] = [
    bounds::every_bound_is_told,
    rooms::rooms_keep_to_themselves,
    rooms::the_domain_depends_on_little,
    rooms::every_crate_takes_the_house_lints,
    rooms::one_integration_test_binary_for_each_crate,
    layout::files_exist,
    layout::files_are_short,
    layout::modules_are_named_for_what_they_do,
    layout::migrations_come_in_pairs,
    layout::the_lock_file_names_no_host,
    wording::every_file_says_what_it_is_for,
    wording::nothing_is_left_unfinished,
    wording::no_test_is_switched_off,
];

/// Complains about everything at once.
pub fn run() -> Result<()> {
    let complaints = complaints(&repository::texts()?);
    for complaint in &complaints {
        println!("{complaint}");
    }
    match complaints.len() {
        0 => Ok(()),
        1 => bail!("1 thing is untidy"),
        several => bail!("{several} things are untidy"),
    }
}

fn complaints(tree: &Tree) -> Vec<Complaint> {
    RULES.iter().flat_map(|rule| rule(tree)).collect()
}

/// The files with one of these endings.
fn ending_in<'a>(tree: &'a Tree, endings: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let ends = |path: &str| endings.iter().any(|ending| path.ends_with(ending));
    tree.iter().filter(move |(path, _)| ends(path)).map(|(path, text)| (path.as_str(), text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository of these files.
    pub fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn the_house_is_tidy() {
        let complaints = complaints(&repository::texts().unwrap());
        let told: Vec<_> = complaints.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "\n{}\n", told.join("\n"));
    }

    #[test]
    fn a_complaint_says_where() {
        assert_eq!(Complaint::new("a.rs", 3, "no").to_string(), "a.rs:3: no");
        assert_eq!(Complaint::new("a.rs", 0, "no").to_string(), "a.rs: no");
    }
}
