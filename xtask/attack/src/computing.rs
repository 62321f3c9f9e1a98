//! Computing that one asks for and everybody waits for.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use serde_json::json;

use crate::target::{Target, client, day, heartbeat, random};

/// How long a heartbeat may take meanwhile, in a debug build.
const BESIDE: Duration = Duration::from_secs(1);

/// Asks for days of an offer whose requirements compete for all of its resources.
pub async fn competing_requirements(target: &Target) -> Result<String> {
    let resources = target.resources(100).await?;
    let requirement = json!({"count": 10, "resource_ids": resources});
    let heavy = target.offer(json!(vec![requirement; 10])).await?;
    let light = target.simple_offer().await?;
    let before = target.usage()?;
    let days = format!("event-types/{heavy}/days?from={}&to={}", day(0), day(61));
    let asked = try_join_all((0..6).map(|_| target.get(&days)));
    let (answers, slowest) = tokio::try_join!(asked, slowest_of_heartbeats(target, &light))?;
    for answer in answers {
        answer.expect(200)?;
    }
    ensure!(slowest <= BESIDE, "a heartbeat of another event type took {slowest:?}");
    let computing = target.usage()?.more_computing(before);
    Ok(format!("{computing:.2?} of computing for six, the slowest heartbeat after {} ms", slowest.as_millis()))
}

async fn slowest_of_heartbeats(target: &Target, event_type: &str) -> Result<Duration> {
    let (session, mut slowest) = (random(), Duration::ZERO);
    for _ in 0..40 {
        let started = Instant::now();
        target.post("presence/heartbeat", &heartbeat(event_type, 10, session)).await?.expect(200)?;
        slowest = slowest.max(started.elapsed());
    }
    Ok(slowest)
}

/// Beats with other data each time while many watch.
pub async fn changing_data(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    let alone = beats(target, &event_type).await?;
    let mut watched = Vec::new();
    for number in 0..25 {
        let slots = format!("event-types/{event_type}/slots/stream?from={}&to={}", day(number), day(number + 61));
        let response = client()?.get(target.url(&slots)).send().await?;
        ensure!(response.status() == 200, "a stream was answered {}", response.status());
        watched.push(response);
    }
    let beside = beats(target, &event_type).await?;
    let most = alone * 3 + Duration::from_millis(300);
    ensure!(beside <= most, "200 heartbeats took {alone:?} of computing alone and {beside:?} beside 25 watchers");
    Ok(format!("200 heartbeats: {alone:.2?} of computing alone, {beside:.2?} beside 25 watchers"))
}

/// How much is computed for 200 heartbeats, each with other data.
async fn beats(target: &Target, event_type: &str) -> Result<Duration> {
    let (session, before) = (random(), target.usage()?);
    for number in 0..200 {
        let mut beat = heartbeat(event_type, 10, session);
        beat["data"] = json!({"typing": number});
        target.post("presence/heartbeat", &beat).await?.expect(200)?;
    }
    let taken = target.usage()?.more_computing(before);
    let leave = json!({"room": room(target, event_type).await?, "session_id": session});
    target.post("presence/leave", &leave).await?.expect(204)?;
    Ok(taken)
}

async fn room(target: &Target, event_type: &str) -> Result<serde_json::Value> {
    let start = crate::target::tomorrow_at(10);
    let presence = target.get(&format!("presence?event_type_id={event_type}&start={start}")).await?.expect(200)?;
    Ok(presence["room"].clone())
}
