//! A month of slots over HTTP, beside what the same server needs to say that it lives.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use crate::http::Connection;
use crate::offers::daily;
use crate::quantile::quantile;
use crate::stage::{Place, Stage, dates};

/// The days of a month.
const DAYS: u64 = 31;
/// Bookings in the month.
const BOOKINGS: usize = 60;
/// Requests before and while it is measured.
const WARM_UP: usize = 200;
const REQUESTS: usize = 3_000;

/// Where the server is.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// The HTTP address: `127.0.0.1:3000`
    #[arg(long)]
    http: String,
}

/// Prints medians, 99th percentiles and lengths of `/healthz`, of the days and of the slots of a month.
pub(crate) async fn run(options: Options) -> Result<()> {
    let stage = options.place.stage(daily(chrono_tz::Europe::Berlin, 9, 17)?, 30).await?;
    book(&stage).await?;
    let (from, to) = dates(DAYS)?;
    let path = |what| {
        let id = stage.event_type_id;
        format!("/api/v1/event-types/{id}/{what}?from={from}&to={to}&duration_minutes=30&time_zone=Europe/Berlin")
    };
    for (name, path) in [("healthz", "/healthz".to_owned()), ("days", path("days")), ("slots", path("slots"))] {
        measure(name, &path, &options.http)?;
    }
    Ok(())
}

/// Books every sixteenth free slot, until the month has its bookings.
async fn book(stage: &Stage) -> Result<()> {
    for slot in stage.free_slots().await?.iter().step_by(16).take(BOOKINGS) {
        stage.api.create_booking(&stage.booking(slot)?).await?;
    }
    Ok(())
}

fn measure(name: &str, path: &str, host: &str) -> Result<()> {
    let mut connection = Connection::open(host)?;
    let mut length = 0;
    for _ in 0..WARM_UP {
        (_, length) = connection.get(path)?;
    }
    let mut times = (0..REQUESTS).map(|_| Ok(connection.get(path)?.0)).collect::<Result<Vec<Duration>>>()?;
    println!("{name}_bytes {length}");
    println!("{name}_p50_ns {}", quantile(&mut times, 0.5).as_nanos());
    println!("{name}_p99_ns {}", quantile(&mut times, 0.99).as_nanos());
    Ok(())
}
