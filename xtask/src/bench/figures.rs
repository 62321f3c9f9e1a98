//! Figures as the programs that measure print them, one `name value` a line.

use std::collections::BTreeMap;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, repository};

/// What a program measured, by name.
#[derive(Debug)]
pub(super) struct Figures(BTreeMap<String, f64>);

impl Figures {
    /// What `holdfast-load` prints, given these arguments.
    pub(super) fn of_load(arguments: &[&str], place: &[String]) -> Result<Self> {
        Ok(Self::read(&process::output(load(arguments)?.args(place))?))
    }

    /// The figure of this name.
    pub(super) fn get(&self, name: &str) -> Result<f64> {
        self.0.get(name).copied().with_context(|| format!("nobody measured {name}"))
    }

    fn read(text: &str) -> Self {
        let pairs = text.lines().filter_map(|line| line.split_once(' '));
        Self(pairs.filter_map(|(name, value)| Some((name.to_owned(), value.trim().parse().ok()?))).collect())
    }
}

/// `holdfast-load` with these arguments.
pub(super) fn load(arguments: &[&str]) -> Result<Command> {
    let program = repository::program("release", "holdfast-load")?;
    Ok(process::command(&program.to_string_lossy(), arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_name() {
        let figures = Figures::read("a_ns 12\nnot a figure\nb 1.5\n");
        assert_eq!(figures.get("a_ns").unwrap(), 12.0);
        assert_eq!(figures.get("b").unwrap(), 1.5);
        assert!(figures.get("c").is_err());
    }
}
