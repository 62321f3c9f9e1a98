//! What one client may take.

use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::{DateTime, FixedOffset};
use tokio::time::sleep;

use crate::target::{Answer, Target, booking, heartbeat, random, tomorrow_at};

/// Books everything there is.
pub(crate) async fn book_everything(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    let mut taken = 0;
    for hour in 0..300 {
        let made = target.post("bookings", &booking(&event_type, &tomorrow_at(hour), "ada@example.org")).await?;
        match made.status {
            201 => taken += 1,
            429 => return Ok(format!("{taken} bookings of one person, and no more: {}", made.json["code"])),
            other => anyhow::bail!("a booking was answered {other}: {}", made.json),
        }
    }
    anyhow::bail!("one person at one address booked all of {taken} times")
}

/// Fills a line.
pub(crate) async fn fill_line(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    let (mut places, mut refused) = (Vec::new(), 0);
    for _ in 0..20 {
        let answer = target.post("presence/heartbeat", &heartbeat(&event_type, 10, random())).await?;
        match answer.status {
            200 => places.push(answer.json["position"].as_u64()),
            429 => refused += 1,
            other => anyhow::bail!("a heartbeat was answered {other}: {}", answer.json),
        }
    }
    let waiting = places.iter().filter(|position| **position > Some(0)).count();
    ensure!(waiting <= 3 && refused > 0, "{waiting} of 20 sessions of one address wait in one line");
    Ok(format!("{waiting} sessions of one address wait, {refused} were refused"))
}

/// Keeps a time by leaving just before each deadline, which is three seconds after it was taken.
pub(crate) async fn keep_by_leaving(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    let session = random();
    let mut first: Option<DateTime<FixedOffset>> = None;
    for round in 0..4 {
        let beat = heartbeat(&event_type, 10, session);
        let Answer { status, json } = target.post("presence/heartbeat", &beat).await?;
        if status != 200 {
            return Ok(format!("refused after {round} terms: {}", json["code"]));
        }
        let deadline = DateTime::parse_from_rfc3339(json["hold_deadline"].as_str().unwrap_or_default())?;
        let first = *first.get_or_insert(deadline);
        let more = deadline - first;
        ensure!(more.num_milliseconds() <= 2_500, "leaving gives {more} more after {round} terms");
        sleep(Duration::from_millis(2_400)).await;
        let leave = serde_json::json!({"room": json["room"], "session_id": session});
        target.post("presence/leave", &leave).await?.expect(204)?;
    }
    anyhow::bail!("a time of 3 s was kept for four terms by leaving before each deadline")
}
