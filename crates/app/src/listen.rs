//! HTTP on a listener, with a bound on everything that a client could take without end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::address::Peer;

/// Most connections at once: each watcher is one, and each costs some 20 KiB.
const CONNECTIONS: usize = 20_000;
/// Most requests at once on one HTTP/2 connection.
const STREAMS: u32 = 128;
/// Longest headers, in bytes, with the request line.
const HEADER_BYTES: usize = 32 * 1024;
/// How long headers may take to arrive; also how long a connection may be idle between requests.
const HEADER_TIMEOUT: Duration = Duration::from_secs(60);
/// How often a silent HTTP/2 connection is asked whether it is still there, and how long it may take to say so.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(15));
/// How long requests may take to finish once the server closes: well under the ten seconds after which supervisors kill.
const FAREWELL: Duration = Duration::from_secs(5);
/// How long to wait when no connection can be accepted, which is when the process has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING.0)
        .keep_alive_timeout(PING.1)
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(32 * 1024);
    builder
}

/// Serves until `closing`, then lets what is under way finish, for ten seconds at most.
pub async fn serve(listener: TcpListener, router: Router, closing: CancellationToken) {
    let (graceful, tasks) = (GracefulShutdown::new(), TaskTracker::new());
    let (places, builder) = (Arc::new(Semaphore::new(CONNECTIONS)), Arc::new(builder()));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = closing.cancelled() => break,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let (router, builder, watcher) = (router.clone(), Arc::clone(&builder), graceful.watcher());
        tasks.spawn(async move {
            let answer = service_fn(move |request| answer(router.clone(), request, peer));
            let connection = builder.serve_connection(TokioIo::new(stream), answer);
            // A connection that breaks is the client's affair.
            _ = watcher.watch(connection).await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small: waiting to fill a packet only makes them late.
            _ = stream.set_nodelay(true);
            Some((stream, peer, place))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<axum::response::Response, std::convert::Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    router.call(request).await
}
