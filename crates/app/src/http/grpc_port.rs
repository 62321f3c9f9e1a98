//! What holds for every call on the gRPC port, whichever service it is for.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use futures::StreamExt;
use http::HeaderMap;
use http_body_util::{BodyStream, StreamBody};
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tonic::service::Routes;

use crate::http::address::Peer;
use crate::http::shares::Shares;

/// How long a call may take until its answer begins, whatever its caller would wait: longer than `booking_client::CALL_TIMEOUT`. A
/// message that comes byte by byte is as long as its call.
const CALL: Duration = Duration::from_secs(15);
/// Most streams of health and reflection that one address may have open: nobody shows a key for them.
const KEYLESS_PER_ADDRESS: usize = 16;
/// The same of everybody.
const KEYLESS: usize = 256;
/// How long a stream of reflection may last: who asks how to call wants to know it now.
const REFLECTION: Duration = Duration::from_secs(60);
/// What an orchestrator asks. It is no stream, ends like every call, and must not wait for those who have streams.
const HEALTH_CHECK: &str = "/grpc.health.v1.Health/Check";
/// Longest number in `grpc-timeout`, in digits (gRPC over HTTP/2, Requests).
const TIMEOUT_DIGITS: usize = 8;

/// These services, as they are served on a port of their own until it closes.
pub fn router(routes: Routes, closing: CancellationToken) -> Router {
    let keyless = Keyless { shares: Shares::new(KEYLESS, Some(KEYLESS_PER_ADDRESS)), closing };
    let router = routes.prepare().into_axum_router();
    router.layer(from_fn_with_state(keyless, bounded))
}

/// Streams that anybody may open.
#[derive(Clone)]
struct Keyless {
    shares: Arc<Shares>,
    closing: CancellationToken,
}

async fn bounded(State(keyless): State<Keyless>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !path.starts_with("/grpc.") || path == HEALTH_CHECK {
        return in_time(request, next).await;
    }
    let most = if path.starts_with("/grpc.reflection.") { REFLECTION } else { Duration::MAX };
    let peer = request.extensions().get::<Peer>().map(|Peer(peer)| peer.ip());
    let Ok(share) = keyless.shares.take(peer) else {
        return Status::resource_exhausted("too many streams are open").into_http();
    };
    let response = in_time(request, next).await;
    response.map(|body| {
        let over = tokio::time::timeout(most, keyless.closing.cancelled_owned());
        let frames = BodyStream::new(body).take_until(over);
        Body::new(StreamBody::new(frames.inspect(move |_| _ = &share)))
    })
}

async fn in_time(request: Request, next: Next) -> Response {
    let most = asked_for(request.headers()).map_or(CALL, |asked| asked.min(CALL));
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Status::deadline_exceeded("the call took too long").into_http(),
    }
}

/// How long the caller waits (gRPC over HTTP/2, `grpc-timeout`).
fn asked_for(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok().filter(|_| number.len() <= TIMEOUT_DIGITS)?;
    match unit {
        "H" => Some(Duration::from_secs(number * 60 * 60)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::post;
    use tower::Service;

    use super::*;

    #[tokio::test]
    async fn a_call_ends_when_its_caller_waits_no_more() {
        let keyless = Keyless { shares: Shares::new(1, None), closing: CancellationToken::new() };
        let waits = Router::new().route("/a.B/C", post(async || std::future::pending::<()>().await));
        let mut router = waits.layer(from_fn_with_state(keyless, bounded));
        let call = Request::post("/a.B/C").header("grpc-timeout", "20m").body(Body::empty()).unwrap();
        let answer = tokio::time::timeout(Duration::from_secs(5), router.call(call)).await.unwrap().unwrap();
        assert_eq!(answer.headers()["grpc-status"], "4", "deadline exceeded");
    }

    #[tokio::test]
    async fn whether_all_is_well_is_answered_however_many_streams_are_open() {
        let keyless = Keyless { shares: Shares::new(0, None), closing: CancellationToken::new() };
        let says = Router::new().fallback(async || "said");
        let mut router = says.layer(from_fn_with_state(keyless, bounded));
        for (path, refused) in [(HEALTH_CHECK, false), ("/grpc.health.v1.Health/Watch", true)] {
            let answer = router.call(Request::post(path).body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.headers().get("grpc-status").is_some(), refused, "{path}");
        }
    }

    #[test]
    fn a_timeout_is_read_as_the_protocol_writes_it() {
        let read =
            |text: &str| asked_for(&HeaderMap::from_iter([("grpc-timeout".parse().unwrap(), text.parse().unwrap())]));
        assert_eq!(read("5S"), Some(Duration::from_secs(5)));
        assert_eq!(read("250m"), Some(Duration::from_millis(250)));
        assert_eq!(read("2H"), Some(Duration::from_secs(7_200)));
        for wrong in ["", "S", "5", "5x", "-5S", "123456789S"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
