//! Counting passed and failed tests from what the test runners print.

use std::fmt;
use std::ops::AddAssign;

/// How many checks passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
}

impl Tally {
    /// One check that passed.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0 };
    /// One check that failed.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// What a line says, if it is the closing line of cargo test, nextest, vitest or Playwright.
    pub(crate) fn of_line(line: &str) -> Self {
        let line = line.trim();
        if is_closing(line) {
            Self { passed: count(line, "passed"), failed: count(line, "failed") }
        } else {
            Self::default()
        }
    }

    /// The count, made to agree with the runner's exit: a run that counted nothing is one check, a failed run has a failure.
    pub(crate) const fn agreeing_with(mut self, success: bool) -> Self {
        match (success, self.failed) {
            (true, 0) if self.passed == 0 => self.passed = 1,
            (false, 0) => self.failed = 1,
            _ => {}
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Whether this is `test result: …`, `Summary […] …`, `Tests  …` or Playwright's `3 passed (2.1s)`.
fn is_closing(line: &str) -> bool {
    let begins = ["test result:", "Summary [", "Tests  "].iter().any(|start| line.starts_with(start));
    let mut words = line.split_whitespace();
    let number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
    let outcome = matches!(words.next(), Some("passed" | "failed"));
    let end = words.next().is_none_or(|word| word.starts_with('('));
    begins || (number && outcome && end)
}

/// The number before this word; 0 when it is not there.
fn count(line: &str, word: &str) -> u64 {
    let words: Vec<_> = line.split_whitespace().collect();
    let before = words.windows(2).find_map(|pair| match pair {
        [number, noun] if noun.trim_end_matches([',', ';']) == word => number.parse().ok(),
        _ => None,
    });
    before.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_the_runners_are_counted() {
        let lines = [
            ("test result: ok. 5 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s", 5, 1),
            ("     Summary [   0.123s] 46 tests run: 44 passed (1 slow), 2 failed, 0 skipped", 44, 2),
            ("      Tests  2 failed | 11 passed (13)", 11, 2),
            ("  12 passed (3.4s)", 12, 0),
            ("  1 failed", 0, 1),
        ];
        for (line, passed, failed) in lines {
            assert_eq!(Tally::of_line(line), Tally { passed, failed }, "{line}");
        }
    }

    #[test]
    fn other_lines_count_nothing() {
        for line in [" Test Files  3 passed (3)", "3 passed the door", "running 5 tests", ""] {
            assert_eq!(Tally::of_line(line), Tally::default(), "{line}");
        }
    }

    #[test]
    fn a_count_never_contradicts_the_exit() {
        assert_eq!(Tally::default().agreeing_with(true), Tally::PASSED);
        assert_eq!(Tally { passed: 3, failed: 0 }.agreeing_with(false), Tally { passed: 3, failed: 1 });
        assert_eq!(Tally { passed: 3, failed: 2 }.agreeing_with(false), Tally { passed: 3, failed: 2 });
    }
}
