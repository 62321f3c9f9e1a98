//! Memory that grows with what strangers ask.

use std::time::Duration;

use anyhow::{Result, ensure};
use reqwest::Response;
use tokio::time::sleep;

use crate::target::{Target, client, day};

/// How much memory the questions of one address may cost, in MiB.
const MOST_MIB: u64 = 64;
/// Zones whose dates begin at other times.
const ZONES: [&str; 6] =
    ["UTC", "Asia/Tokyo", "Asia/Kolkata", "America/New_York", "Pacific/Auckland", "Australia/Adelaide"];

/// Watches the same times by many different questions.
pub(crate) async fn many_questions(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    let before = target.usage()?;
    let mut streams: Vec<Response> = Vec::new();
    let mut refused = 0;
    for number in 0..400 {
        let response = stream(target, &event_type, number).await?;
        match response.status().as_u16() {
            200 => streams.push(response),
            429 | 503 => refused += 1,
            other => anyhow::bail!("a stream was answered {other}"),
        }
    }
    let memory = target.usage()?.more_memory_mib(before);
    ensure!(refused > 0, "400 questions of one address were all taken");
    ensure!(memory <= MOST_MIB, "{memory} MiB for {} streams of one address", streams.len());
    Ok(format!("{} streams taken, {refused} refused, {memory} MiB more", streams.len()))
}

async fn stream(target: &Target, event_type: &str, number: usize) -> Result<Response> {
    let from = day(number as u64 % 60);
    let to = day(number as u64 % 60 + 60);
    let zone = ZONES.get(number / 60 % ZONES.len()).copied().unwrap_or("UTC");
    let path = format!("event-types/{event_type}/slots/stream?from={from}&to={to}&time_zone={zone}");
    Ok(client()?.get(target.url(&path)).send().await?)
}

/// Opens streams and leaves at once.
pub(crate) async fn short_streams(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    drop(stream(target, &event_type, 0).await?);
    let before = target.usage()?;
    for number in 0..400 {
        drop(stream(target, &event_type, number).await?);
    }
    sleep(Duration::from_secs(1)).await;
    let after = target.usage()?;
    let memory = after.more_memory_mib(before);
    ensure!(memory <= MOST_MIB, "{memory} MiB are left of 400 streams that ended");
    let left = after.descriptors.saturating_sub(before.descriptors);
    ensure!(left < 20, "{left} descriptors are left of 400 streams that ended");
    Ok(format!("400 streams, {memory} MiB and {left} descriptors left"))
}
