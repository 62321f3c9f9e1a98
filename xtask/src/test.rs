//! `cargo xtask test`: every check and every test, one step after another, until one fails.

mod e2e;
mod lint;
mod rust;
mod web;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::attack;
use crate::tally::Tally;

/// What `test` may be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Run only this part; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Part>,
}

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// rustfmt, tidy and clippy
    Lint,
    /// The web app: generated types, types, lints, unit tests, build
    Web,
    /// The crates, on both stores
    Rust,
    /// What strangers could do to the built server
    Attack,
    /// The built server in browsers of three engines
    E2e,
}

/// One check.
struct Step {
    part: Part,
    name: &'static str,
    run: fn() -> Result<Tally>,
}

const fn step(part: Part, name: &'static str, run: fn() -> Result<Tally>) -> Step {
    Step { part, name, run }
}

/// Every step: what fails fastest comes first, and the web app is built before the server that carries it.
const STEPS: [Step; 15] = [
    step(Part::Lint, "rustfmt", lint::rustfmt),
    step(Part::Lint, "tidy", lint::tidy),
    step(Part::Web, "web packages", web::packages),
    step(Part::Web, "web generated types", web::generated_types),
    step(Part::Web, "web types", web::types),
    step(Part::Web, "web lints", web::lints),
    step(Part::Web, "web unit tests", web::unit_tests),
    step(Part::Web, "web build", web::build),
    step(Part::Lint, "clippy", lint::clippy),
    step(Part::Rust, "Rust tests", rust::tests),
    step(Part::Rust, "Rust documentation tests", rust::documentation_tests),
    step(Part::Attack, "attacks", attack::every),
    step(Part::E2e, "browser tests, Chromium", e2e::chromium),
    step(Part::E2e, "browser tests, Firefox", e2e::firefox),
    step(Part::E2e, "browser tests, WebKit", e2e::webkit),
];

/// Runs the steps that are asked for. The last line counts: `N passed, N failed`.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let wanted = |step: &&Step| options.only.is_empty() || options.only.contains(&step.part);
    let mut rows = Vec::new();
    let mut total = Tally::default();
    for step in STEPS.iter().filter(wanted) {
        let (tally, time) = perform(step);
        total += tally;
        rows.push(format!("{:>8.1} s  {:<26}{tally}", time.as_secs_f64(), step.name));
        if tally.failed > 0 {
            break;
        }
    }
    println!("\n{}\n\n{total}", rows.join("\n"));
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn perform(step: &Step) -> (Tally, Duration) {
    println!("\n== {}", step.name);
    let started = Instant::now();
    let tally = (step.run)().unwrap_or_else(|error| {
        println!("error: {error:#}");
        Tally::FAILED
    });
    let (outcome, time) = (if tally.failed == 0 { "passed" } else { "FAILED" }, started.elapsed());
    println!("== {}: {outcome} after {:.1} s", step.name, time.as_secs_f64());
    (tally, time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_errs_counts_as_failed() {
        let broken = step(Part::Lint, "broken", || anyhow::bail!("as it should"));
        assert_eq!(perform(&broken).0, Tally::FAILED);
    }

    #[test]
    fn the_web_app_is_built_before_the_server_that_carries_it() {
        let place = |name| STEPS.iter().position(|step| step.name == name).unwrap();
        assert!(place("web build") < place("clippy").min(place("Rust tests")));
    }
}
