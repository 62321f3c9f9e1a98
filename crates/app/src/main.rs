//! `holdfast`: reads the command line and does what it says.

use std::io::Write;
use std::process::ExitCode;

use app::cli::serve::{Listeners, serve};
use app::cli::signals::asked_to_stop;
use app::cli::{Cli, CliCommand, Serve};
use app::cli::{descriptors, export_import, failure, keys, logging};
use app::http::openapi;
use clap::Parser;

/// What can go wrong; it ends the program, and is only shown.
type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            _ = writeln!(std::io::stderr(), "holdfast: {}", failure::line(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(command: CliCommand) -> Result<(), Failure> {
    match command {
        CliCommand::Serve(settings) => run_server(*settings).await,
        CliCommand::Migrate(database) => Ok(booking_component::migrate(&database.database_url).await?),
        CliCommand::Keys(asked) => print(&keys::run(asked.action).await?),
        CliCommand::Export(asked) => remark(&export_import::run_export(asked).await?),
        CliCommand::Import(asked) => remark(&export_import::run_import(asked).await?),
        CliCommand::Openapi => print(&openapi::text()),
    }
}

fn print(text: &str) -> Result<(), Failure> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

/// Says something beside what is printed, which may be an export.
fn remark(text: &str) -> Result<(), Failure> {
    Ok(std::io::stderr().write_all(text.as_bytes())?)
}

async fn run_server(settings: Serve) -> Result<(), Failure> {
    logging::begin(settings.log_format);
    descriptors::raise();
    let stop = asked_to_stop()?;
    let listeners = Listeners::bind(&settings).await?;
    Ok(serve(settings, listeners, stop).await?)
}
