//! `booking-component`: the component alone, for fronts and services elsewhere.

use std::io::Write;
use std::process::ExitCode;

use app::cli::Alone;
use app::cli::serve::serve_lock;
use app::cli::signals::asked_to_stop;
use app::cli::{descriptors, failure, logging};
use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Alone::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            _ = writeln!(std::io::stderr(), "booking-component: {}", failure::line(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: Alone) -> Result<(), Box<dyn std::error::Error>> {
    logging::begin(settings.log_format);
    descriptors::raise();
    let stop = asked_to_stop()?;
    Ok(serve_lock(settings, stop).await?)
}
