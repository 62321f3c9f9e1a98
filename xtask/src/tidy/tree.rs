//! What a rule looks at, and what it says: the repository's text files, and complaints about them.

use std::collections::BTreeMap;
use std::fmt;

/// The text files of a repository, by path.
pub(super) type Tree = BTreeMap<String, String>;

/// What is wrong, where, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    pub path: String,
    /// From 1; 0 when the whole file is meant.
    pub line: usize,
    pub lesson: String,
}

impl Complaint {
    pub(super) fn new(path: &str, line: usize, lesson: impl Into<String>) -> Self {
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

/// The files with one of these endings.
pub(super) fn ending_in<'a>(tree: &'a Tree, endings: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let ends = |path: &str| endings.iter().any(|ending| path.ends_with(ending));
    tree.iter().filter(move |(path, _)| ends(path)).map(|(path, text)| (path.as_str(), text.as_str()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A repository of these files.
    pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    /// Where each complaint points, as `path:line`.
    pub(crate) fn places(complaints: &[Complaint]) -> Vec<String> {
        complaints.iter().map(|complaint| format!("{}:{}", complaint.path, complaint.line)).collect()
    }

    #[test]
    fn a_complaint_says_where() {
        assert_eq!(Complaint::new("a.rs", 3, "no").to_string(), "a.rs:3: no");
        assert_eq!(Complaint::new("a.rs", 0, "no").to_string(), "a.rs: no");
    }
}
