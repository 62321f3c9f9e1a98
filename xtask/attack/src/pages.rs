//! Answers that could be larger than what carries them.

use anyhow::{Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::target::{Target, booking, tomorrow_at};

/// A character that takes three bytes and is no letter that anybody would trim.
const LONG: &str = "\u{754c}";
const BOOKINGS: u32 = 200;

/// Stores the longest texts and asks for the longest page.
pub(crate) async fn longest(target: &Target) -> Result<String> {
    let event_type = target.simple_offer().await?;
    for hour in 0..BOOKINGS {
        let mut body = booking(&event_type, &tomorrow_at(hour), "ada@example.org");
        body["booker"]["notes"] = json!(LONG.repeat(4_000));
        let made = target.make("bookings", &body).await?;
        let cancel = format!("bookings/{}/cancel", made["uid"].as_str().unwrap_or_default());
        let reason = json!({"reason": LONG.repeat(4_000)});
        target.call((Method::POST, &cancel), Some(&target.key), &reason).await?.expect(200)?;
    }
    let (mut found, mut pages, mut next) = (0, 0, String::new());
    loop {
        let path = format!("bookings?page_size=200&event_type_id={event_type}&page_token={next}");
        let path = if next.is_empty() { path.trim_end_matches("&page_token=").to_owned() } else { path };
        let page = target.call((Method::GET, &path), Some(&target.key), &Value::Null).await?.expect(200)?;
        found += page["bookings"].as_array().map_or(0, Vec::len);
        pages += 1;
        match page["next_page_token"].as_str() {
            Some(token) if !token.is_empty() => next = token.to_owned(),
            _ => break,
        }
    }
    ensure!(found == BOOKINGS as usize, "{found} of {BOOKINGS} bookings were found on {pages} pages");
    Ok(format!("{found} bookings of 24 kB each on {pages} pages"))
}
