//! What strangers could do to a running server, tried in seconds. An attack ends with what was seen, or with what did not hold.

#![allow(clippy::indexing_slicing, reason = "only JSON is read by an index, and what an answer does not have is null")]

mod bystander;
mod caps;
mod computing;
mod connections;
mod files;
mod guesses;
mod memory;
mod pages;
mod streams;
mod target;
mod usage;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use target::Target;

/// One attack on one server.
#[derive(Parser)]
struct Attack {
    /// What is tried
    #[command(subcommand)]
    kind: Kind,
    #[command(flatten)]
    target: Target,
}

#[derive(clap::Subcommand)]
enum Kind {
    /// Take every connection there is and say nothing
    SilentConnections,
    /// Begin to say something, on either port, and never come to an end
    UnfinishedRequests,
    /// Ask for much and read none of it
    UnreadAnswers,
    /// Watch the same times by many different questions
    ManyQuestions,
    /// Open streams and leave at once
    ShortStreams,
    /// Ask for days and slots of an offer whose requirements compete for all of its resources
    CompetingRequirements,
    /// Beat with other data each time while many watch
    ChangingData,
    /// Guess keys and tokens by every way
    Guesses,
    /// Go on reading with a key that was revoked
    RevokedKey,
    /// Book everything there is
    BookEverything,
    /// Fill a line
    FillLine,
    /// Keep a time by leaving just before each deadline
    KeepByLeaving,
    /// Store the longest texts and ask for the longest page
    LongestPage,
    /// Read files and figures that are not for everybody
    OpenFiles,
    /// Start a second server on the same file, or one with a key that can be guessed
    WrongStarts,
    /// Put another file in place of the database
    ReplacedFile,
}

#[tokio::main]
#[allow(clippy::print_stdout, reason = "this is what the program is for")]
async fn main() -> ExitCode {
    let Attack { kind, target } = Attack::parse();
    let (told, code) = match kind.try_on(&target).await {
        Ok(seen) => (seen, ExitCode::SUCCESS),
        Err(error) => (format!("{error:#}"), ExitCode::FAILURE),
    };
    println!("{told}");
    code
}

impl Kind {
    async fn try_on(&self, target: &Target) -> Result<String> {
        match self {
            Self::SilentConnections => connections::silent(target).await,
            Self::UnfinishedRequests => connections::unfinished(target).await,
            Self::UnreadAnswers => connections::unread(target).await,
            Self::ManyQuestions => memory::many_questions(target).await,
            Self::ShortStreams => memory::short_streams(target).await,
            Self::CompetingRequirements => computing::competing_requirements(target).await,
            Self::ChangingData => computing::changing_data(target).await,
            Self::Guesses => guesses::by_every_way(target).await,
            Self::RevokedKey => streams::revoked_key(target).await,
            Self::BookEverything => caps::book_everything(target).await,
            Self::FillLine => caps::fill_line(target).await,
            Self::KeepByLeaving => caps::keep_by_leaving(target).await,
            Self::LongestPage => pages::longest(target).await,
            Self::OpenFiles => files::open(target).await,
            Self::WrongStarts => files::wrong_starts(target).await,
            Self::ReplacedFile => files::replaced(target).await,
        }
    }
}
