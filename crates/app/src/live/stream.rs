//! An event stream as a response (HTML, 9.2): frames, comments that keep it alive, and a polite end.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use booking_client::{CallError, CallStream};
use bytes::{BufMut, Bytes, BytesMut};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use serde::Serialize;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::http::caller::{bearer, client, is_operator};
use crate::http::metrics::Watching;
use crate::http::model::problem::Problem;
use crate::http::shares::Share;
use crate::http::state::{AppState, SharedState};

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

/// Frames: whole events, or a long one's pieces one after the other.
pub type Frames = BoxStream<'static, Bytes>;

/// One event.
pub fn frame(event: &str, data: &impl Serialize) -> Bytes {
    let mut frame = BytesMut::with_capacity(256);
    frame.put_slice(b"event: ");
    frame.put_slice(event.as_bytes());
    frame.put_slice(b"\ndata: ");
    let mut writer = frame.writer();
    // Our own values always have a JSON form, and it has no line breaks.
    _ = serde_json::to_writer(&mut writer, data);
    let mut frame = writer.into_inner();
    frame.put_slice(b"\n\n");
    frame.freeze()
}

/// What the component tells, as frames. Why the caller may not listen any more is the last of them, `problem`; a stream that broke
/// ends without a word, and whoever listened comes back.
pub fn frames<T: 'static>(told: CallStream<T>, show: impl Fn(T) -> Bytes + Send + 'static) -> Frames {
    let shown = told.map(move |told| match told {
        Ok(told) => Some(show(told)),
        Err(CallError::Refused(refusal)) => Some(frame("problem", &Problem::from(&refusal))),
        Err(_) => None,
    });
    shown.take_while(|frame| std::future::ready(frame.is_some())).filter_map(std::future::ready).boxed()
}

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
    let wait_ms = 1_000 + RandomState::new().hash_one(()) % 4_000;
    Bytes::from(format!("retry: {wait_ms}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_an_event_with_one_line_of_data() {
        assert_eq!(frame("slot", &[1, 2]), "event: slot\ndata: [1,2]\n\n");
        assert_eq!(frame("x", &"two\nlines"), "event: x\ndata: \"two\\nlines\"\n\n");
    }

    #[test]
    fn those_who_are_sent_away_come_back_at_different_times() {
        let waits: std::collections::BTreeSet<Bytes> = (0..50).map(|_| retry_frame()).collect();
        assert!(waits.len() > 10, "{waits:?}");
    }
}
