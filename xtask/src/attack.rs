//! `cargo xtask attack`: what strangers could do to the built server, each attempt in seconds, on a server of its own.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Result, ensure};
use clap::Args;

use crate::server::Server;
use crate::tally::Tally;
use crate::{process, repository, web};

/// What `attack` may be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Try only this
    #[arg(long)]
    only: Option<String>,
}

/// The operator's key on each server.
const KEY: &str = "hf_attack_0123456789abcdefghijklmnopqrstuvwxyz";
/// Descriptors of each server: few enough for one stranger to take them all, if they may.
const DESCRIPTORS: u32 = 512;

/// One attempt: as `holdfast-attack` calls it, and what its server is told.
struct Attack {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    /// Whether the server may end by it.
    ends: bool,
}

const fn attack(name: &'static str, settings: &'static [(&'static str, &'static str)]) -> Attack {
    Attack { name, settings, ends: false }
}

const ATTACKS: [Attack; 16] = [
    attack("silent-connections", &[]),
    attack("unfinished-requests", &[]),
    attack("unread-answers", &[]),
    attack("many-questions", &[("HOLDFAST_MAX_STREAMS_PER_ADDRESS", "0")]),
    attack("short-streams", &[]),
    // A fast machine would ask more than one address may.
    attack("competing-requirements", &[("HOLDFAST_RATE_LIMIT", "0")]),
    attack("changing-data", &[]),
    attack("guesses", &[("HOLDFAST_RATE_LIMIT", "20")]),
    attack("revoked-key", &[]),
    attack("book-everything", &[]),
    attack("fill-line", &[]),
    attack("keep-by-leaving", &[("HOLDFAST_HOLD_DEADLINE_MS", "3000")]),
    attack("longest-page", &[]),
    attack("open-files", &[]),
    attack("wrong-starts", &[]),
    Attack { name: "replaced-file", settings: &[], ends: true },
];

/// Tries each, and says what was seen.
pub(crate) fn run(options: &Options) -> Result<()> {
    let tally = tried(options.only.as_deref())?;
    ensure!(tally.failed == 0, "{tally}");
    println!("{tally}");
    Ok(())
}

/// The same as a step of the tests.
pub(crate) fn every() -> Result<Tally> {
    tried(None)
}

fn tried(only: Option<&str>) -> Result<Tally> {
    let wanted: Vec<_> = ATTACKS.iter().filter(|attack| only.is_none_or(|only| only == attack.name)).collect();
    let names = || ATTACKS.iter().map(|attack| attack.name).collect::<Vec<_>>().join(", ");
    ensure!(!wanted.is_empty(), "there is no such attack; there are {}", names());
    web::build_when_stale()?;
    let packages = ["build", "--locked", "--package", "app", "--bin", "holdfast"];
    process::run(&mut process::command("cargo", &packages))?;
    process::run(&mut process::command("cargo", &["build", "--locked", "--package", "holdfast-attack"]))?;
    let [holdfast, program] = ["holdfast", "holdfast-attack"].map(|name| repository::program("debug", name));
    let (holdfast, program) = (holdfast?, program?);
    let mut tally = Tally::default();
    for attack in wanted {
        let started = Instant::now();
        let outcome = attack.seen(&holdfast, &program);
        let (passed, told) = match &outcome {
            Ok(seen) => ("held", seen.clone()),
            Err(error) => ("FAILED", format!("{error:#}")),
        };
        println!("{:>6.1} s  {:<24}{passed}: {told}", started.elapsed().as_secs_f64(), attack.name);
        tally += Tally { passed: u64::from(outcome.is_ok()), failed: u64::from(outcome.is_err()) };
    }
    Ok(tally)
}

impl Attack {
    /// What was seen on a server of its own.
    fn seen(&self, holdfast: &Path, program: &Path) -> Result<String> {
        let settings: Vec<_> = self.settings.iter().copied().chain([("HOLDFAST_ADMIN_KEY", KEY)]).collect();
        let server = Server::start_limited(holdfast, &settings, DESCRIPTORS)?;
        let arguments = [
            ["--http", &server.http().to_string()],
            ["--grpc", &server.grpc().to_string()],
            ["--pid", &server.id().to_string()],
            ["--database-url", &server.embedded_store()],
            ["--program", &holdfast.to_string_lossy()],
            ["--key", KEY],
        ]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
        let mut command = process::command(&program.to_string_lossy(), &[]);
        let output = command.args(arguments).arg(self.name).stderr(Stdio::inherit()).output()?;
        let seen = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        ensure!(output.status.success(), "{seen}");
        if !self.ends {
            server.stop()?;
        }
        Ok(seen)
    }
}
