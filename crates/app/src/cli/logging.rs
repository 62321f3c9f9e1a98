//! The log: structured, on standard error, for people or for programs.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::cli::LogFormat;

/// What is logged unless `RUST_LOG` says otherwise. PostgreSQL's own remarks are left out, and what its connections say when it is
/// away: that is told as an outage. Nor is what h2 remarks of connections that it ends: any stranger can make it say so.
const FILTER: &str = "info,sqlx::postgres::notice=error,sqlx_core::pool=off,h2=error";

/// Begins to log. What is logged can be chosen with `RUST_LOG`.
pub fn begin(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Should nobody read the log any more, there is nowhere to say so: trying to would panic in whatever was about to be logged.
    let log = log.log_internal_errors(false);
    // A log that began already, in a test, is fine.
    _ = match format {
        LogFormat::Text => log.with_ansi(std::io::stderr().is_terminal()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}
