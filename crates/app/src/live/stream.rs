//! An event stream as a response (HTML, 9.2): frames, comments that keep it alive, and a polite end.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::http::caller::{bearer, client, is_operator};
use crate::http::metrics::Watching;
use crate::http::model::problem::Problem;
use crate::http::shares::Share;
use crate::http::state::{AppState, SharedState};
use crate::live::frames::Frames;

/// How long a stream may be silent: proxies close what says nothing for half a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A comment, which nobody is told of.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");
/// Tells a proxy in front not to collect what it gets (nginx).
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// With what the path of every stream ends.
const STREAM: &str = "/stream";
/// What ends an event.
const EVENT_END: &[u8] = b"\n\n";

/// Lets an address have so many streams at once. By their paths: what a stream tells is only looked for once it may be told.
pub async fn bounded(State(app): State<SharedState>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    if !path.is_some_and(|path| path.as_str().ends_with(STREAM)) {
        return next.run(request).await;
    }
    let from = client(&request, &app);
    let is_operator = match bearer(request.headers()) {
        Some(shown) => is_operator(shown, from, &app).await,
        None => false,
    };
    let whose = Some(from).filter(|_| !is_operator);
    match app.streams.take(whose) {
        Ok(share) => next.run(request).await.map(|body| kept(body, share)),
        Err(refusal) => Problem::from(&refusal).into_response(),
    }
}

/// This body, together with what must live as long as it does.
fn kept(body: Body, share: Share) -> Body {
    Body::from_stream(body.into_data_stream().inspect(move |_| _ = &share))
}

struct Open {
    frames: Frames,
    beat: Interval,
    closing: CancellationToken,
    closed: bool,
    /// Whether what was sent last ended an event.
    between_events: bool,
    _watching: Watching,
}

/// The response that tells these frames until they end, the client leaves or the server closes.
pub fn response(app: &AppState, what: &'static str, frames: Frames) -> Response {
    let mut beat = interval(KEEP_ALIVE);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    let watching = app.metrics.watching(what);
    let open =
        Open { frames, beat, closing: app.closing.clone(), closed: false, between_events: true, _watching: watching };
    let body = Body::from_stream(stream::unfold(open, next).map(Ok::<_, Infallible>));
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}

async fn next(mut open: Open) -> Option<(Bytes, Open)> {
    if open.closed {
        return None;
    }
    let bytes = tokio::select! {
        biased;
        () = open.closing.cancelled(), if open.between_events => {
            open.closed = true;
            retry_frame()
        }
        frame = open.frames.next() => {
            open.beat.reset();
            frame?
        }
        _ = open.beat.tick(), if open.between_events => COMMENT,
    };
    open.between_events = bytes.ends_with(EVENT_END);
    Some((bytes, open))
}

/// When to come back: each at another time from one to five seconds, so that not everybody does at once.
fn retry_frame() -> Bytes {
    let wait_ms = fastrand::u32(1_000..5_000);
    Bytes::from(format!("retry: {wait_ms}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_are_sent_away_come_back_at_different_times() {
        let waits: std::collections::BTreeSet<Bytes> = (0..50).map(|_| retry_frame()).collect();
        assert!(waits.len() > 10, "{waits:?}");
    }
}
