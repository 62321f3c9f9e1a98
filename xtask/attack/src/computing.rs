//! Computing that one asks for and everybody waits for.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures::stream::{self, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::target::{Target, booking, client, day, heartbeat, random, tomorrow_at};

/// How long a heartbeat may take meanwhile, in a debug build.
const BESIDE: Duration = Duration::from_secs(1);
/// How much may be computed for one question, in a debug build.
const QUESTION: Duration = Duration::from_secs(1);
/// Questions that are asked at once, and bookings that are made at once.
const AT_ONCE: usize = 6;
/// Heartbeats that are counted.
const BEATS: usize = 100;

/// Asks for days and slots of an offer whose requirements compete for all of its resources, of which some are booked at all times.
pub(crate) async fn competing_requirements(target: &Target) -> Result<String> {
    let resources = target.resources(100).await?;
    let heavy = target.offer(json!(vec![json!({"count": 10, "resource_ids": resources}); 10])).await?;
    let others = target.offer(json!([{"count": 1, "resource_ids": resources}])).await?;
    book(target, &others, 400).await?;
    let light = target.simple_offer().await?;
    let mut seen = Vec::new();
    for list in ["days", "slots"] {
        seen.push(beside(target, &light, format!("event-types/{heavy}/{list}")).await?);
    }
    Ok(seen.join("; "))
}

/// Asks for this list of other dates each time, for as long as heartbeats of another event type are counted.
async fn beside(target: &Target, light: &str, list: String) -> Result<String> {
    let (done, over) = oneshot::channel::<()>();
    let question = |from: u64| format!("{list}?from={}&to={}", day(from), day(from + 61));
    let asking = stream::iter(0..).map(|from| question(from % 300)).map(|question| async move {
        ensure!(shows_something(&target.get(&question).await?.expect(200)?), "there is nothing left to compete for");
        Ok(1_u32)
    });
    let asking = asking.buffer_unordered(AT_ONCE).take_until(over).try_fold(0, |sum, one| async move { Ok(sum + one) });
    let before = target.usage()?;
    let beating = async {
        let beats = heartbeats(target, light).await;
        drop(done);
        beats
    };
    let (questions, beats) = tokio::try_join!(asking, beating)?;
    let (computing, p99) = (target.usage()?.more_computing(before), beats[BEATS * 99 / 100 - 1]);
    ensure!(questions > 0, "{list} was not answered while {BEATS} heartbeats were");
    ensure!(p99 <= BESIDE, "the 99th of {BEATS} heartbeats of another event type took {p99:?} beside {list}");
    let each = computing / questions;
    ensure!(each <= QUESTION, "{each:?} of computing for one of {questions} questions");
    let name = list.rsplit('/').next().unwrap_or_default();
    Ok(format!("{questions} {name} at {} ms of computing, heartbeats' p99 {} ms", each.as_millis(), p99.as_millis()))
}

/// Books so many hours from tomorrow on, as an operator.
async fn book(target: &Target, event_type: &str, count: u32) -> Result<()> {
    let bookings = (0..count).map(|hour| async move {
        let booking = booking(event_type, &tomorrow_at(hour), "ada@example.org");
        target.make("bookings", &booking).await.map(drop)
    });
    stream::iter(bookings).buffer_unordered(AT_ONCE).try_collect().await
}

/// Whether an answer has a free day or slot.
fn shows_something(answer: &Value) -> bool {
    let has =
        |list: &str, shows: fn(&Value) -> bool| answer[list].as_array().is_some_and(|list| list.iter().any(shows));
    has("days", |day| day["free"].as_u64() > Some(0)) || has("slots", |slot| slot["remaining"].as_u64() > Some(0))
}

/// How long each of some heartbeats takes, the fastest first.
async fn heartbeats(target: &Target, event_type: &str) -> Result<Vec<Duration>> {
    let (session, mut took) = (random(), Vec::with_capacity(BEATS));
    for _ in 0..BEATS {
        let started = Instant::now();
        target.post("presence/heartbeat", &heartbeat(event_type, 10, session)).await?.expect(200)?;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}

/// Beats with other data each time while many watch.
pub(crate) async fn changing_data(target: &Target) -> Result<String> {
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

async fn room(target: &Target, event_type: &str) -> Result<Value> {
    let start = tomorrow_at(10);
    let presence = target.get(&format!("presence?event_type_id={event_type}&start={start}")).await?.expect(200)?;
    Ok(presence["room"].clone())
}
