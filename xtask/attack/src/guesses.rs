//! Guessing secrets, by every way in which one is shown.

use anyhow::{Result, ensure};
use booking_client::{ApiKey, CallError, connect, make_booking_api};
use booking_domain::page::PageRequest;
use reqwest::Method;
use serde_json::{Value, json};

use crate::target::{Target, booking, random, tomorrow_at};

/// Guesses by each way: more than the bucket of one address holds under the limit of 20 a second.
const GUESSES: usize = 150;

/// Guesses keys and tokens by every way.
pub(crate) async fn by_every_way(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    let made = target.make("bookings", &booking(&event_type, &tomorrow_at(9), "ada@example.org")).await?;
    let uid = made["uid"].as_str().unwrap_or_default();
    let token = made["management_token"].as_str().unwrap_or_default();
    let ways: [(Method, String, Value); 5] = [
        (Method::GET, "bookings".to_owned(), Value::Null),
        (Method::GET, format!("bookings/{uid}"), Value::Null),
        (Method::POST, format!("bookings/{uid}/cancel"), json!({})),
        (Method::POST, format!("bookings/{uid}/reschedule"), json!({"start": tomorrow_at(11)})),
        (Method::GET, "presence/live/stream".to_owned(), Value::Null),
    ];
    for (method, path, body) in &ways {
        let mut told = false;
        for _ in 0..GUESSES {
            let guess = format!("hf_{}", random().simple());
            told |= target.call((method.clone(), path), Some(&guess), body).await?.status == 429;
        }
        ensure!(told, "{GUESSES} guesses on {method} {path} were not counted");
        let right = target.call((Method::GET, "bookings"), Some(&target.key), &Value::Null).await?;
        ensure!(right.status == 200, "the right key is told {} after guesses on {path}", right.status);
        let right = target.call((Method::GET, &format!("bookings/{uid}")), Some(token), &Value::Null).await?;
        ensure!(right.status == 200, "the right token is told {} after guesses on {path}", right.status);
    }
    over_grpc(target).await?;
    Ok(format!("{GUESSES} guesses by each of {} ways; the right key and token were always let in", ways.len() + 1))
}

async fn over_grpc(target: &Target) -> Result<()> {
    let api = make_booking_api(connect(&format!("http://{}", target.grpc))?);
    let page = PageRequest::default();
    let mut told = false;
    for _ in 0..GUESSES {
        let guess = api.with_key(ApiKey::parse(&format!("hf_{}", random().simple()))?);
        let refused = guess.list_resources(page.clone()).await;
        told |=
            matches!(&refused, Err(CallError::Refused(refusal)) if format!("{refusal:?}").starts_with("RateLimited"));
        ensure!(refused.is_err(), "a guess over gRPC was let in");
    }
    ensure!(told, "{GUESSES} guesses over gRPC were not counted");
    let right = api.with_key(ApiKey::parse(&target.key)?).list_resources(page).await;
    ensure!(right.is_ok(), "the right key is refused over gRPC: {right:?}");
    Ok(())
}
