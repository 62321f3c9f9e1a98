//! Connections on a listener, of HTTP and of gRPC alike, with a bound on everything that a client could take without end.

pub mod activity;
mod bare;
pub mod places;
pub mod protocol;
mod socket;
mod streams;
mod unread;

use std::convert::Infallible;
use std::error::Error;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use booking_domain::refusal::Refusal;
use http::header::X_CONTENT_TYPE_OPTIONS;
use http::{HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::transport::server::TcpConnectInfo;
use tower::Service;

use self::protocol::Protocol;
use crate::http::address::Peer;
use crate::http::listen::activity::{Activity, Answering, Closed, Patience};
use crate::http::listen::places::{ConnectionPermit, Places, REQUESTS_PER_ADDRESS};
use crate::http::listen::socket::Socket;
use crate::http::listen::streams::{AnswerBody, Streams};
use crate::http::model::problem::Problem;

/// Most requests at once on one HTTP/2 connection.
const STREAMS: u32 = 128;
/// Most calls at once on one gRPC connection: a front far away has one for everybody.
const GRPC_STREAMS: u32 = 1_024;
/// Longest headers, in bytes, with the request line.
const HEADER_BYTES: u32 = 32 * 1024;
/// Up to where too long headers of HTTP/2 are read, in bytes, so that they are answered like every other error.
const HEADER_BYTES_READ: u32 = 2 * HEADER_BYTES;
/// What each header takes besides its bytes (RFC 9113, 6.5.2).
const HEADER_OVERHEAD: usize = 32;
/// How much of a body may come on one stream before it is read, in bytes: most bodies are shorter.
const STREAM_WINDOW: u32 = 64 * 1024;
/// The same on one connection.
const CONNECTION_WINDOW: u32 = 4 * STREAM_WINDOW;
/// Most streams of one connection that were reset before anything came of them, as in CVE-2023-44487.
const RESETS: usize = 20;
/// Most streams of one connection that were reset because of what the client did wrong, as in CVE-2025-8671.
const OWN_RESETS: usize = 64;
/// How often a silent HTTP/2 connection is asked whether it is still there, and how long it may take to say so.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(15));
/// How long requests may take to finish once the server closes: well under the ten seconds after which supervisors kill.
const SHUTDOWN: Duration = Duration::from_secs(5);
/// Most connections that wait to be accepted, for as long as all threads are busy. One more would be asked to try again, which takes
/// a second.
const BACKLOG: u32 = 4_096;
/// How long to wait when no connection can be accepted, which is when the process has no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Listens there.
///
/// # Errors
/// The address is taken, or is none of this machine's.
pub fn on(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // As the listeners of the standard library: a server that is started again need not wait for what the last one left.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// What is told, for as long as it is told.
type Replied = Response<AnswerBody<BeingAnswered>>;

/// How a listener is served.
#[derive(Clone)]
pub struct Port {
    /// What is spoken there.
    pub protocol: Protocol,
    /// Whence connections have their places.
    pub places: Arc<Places>,
    /// How long each thing may take on a connection.
    pub patience: Patience,
    /// When no more connections are taken.
    pub closing: CancellationToken,
}

impl Port {
    fn builder(&self, tasks: &TaskTracker) -> Builder<Streams> {
        let mut builder = Builder::new(Streams { tasks: tasks.clone(), stall: self.patience.stall });
        // How long heads may take is watched from the first byte of a connection on; hyper would begin once it knows the version.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(HEADER_BYTES as usize);
        let streams = if self.protocol == Protocol::Grpc { GRPC_STREAMS } else { STREAMS };
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(PING.0)
            .keep_alive_timeout(PING.1)
            .max_concurrent_streams(streams)
            .max_pending_accept_reset_streams(RESETS)
            .max_local_error_reset_streams(OWN_RESETS)
            .max_header_list_size(HEADER_BYTES_READ);
        if self.protocol == Protocol::Grpc {
            return builder.http2_only();
        }
        builder.http2().initial_stream_window_size(STREAM_WINDOW).initial_connection_window_size(CONNECTION_WINDOW);
        builder
    }
}

/// Serves until it closes, then lets what is under way finish, for a few seconds at most.
pub async fn serve(listener: TcpListener, router: Router, port: Port) {
    let tasks = TaskTracker::new();
    let builder = Arc::new(port.builder(&tasks));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &port) => accepted,
            () = port.closing.cancelled() => break,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let connection = Connection { stream, peer, place };
        tasks.spawn(attend(connection, Arc::clone(&builder), router.clone(), port.clone()));
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(SHUTDOWN, tasks.wait()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// The next connection that has a place. Whoever has none is sent away at once: nobody waits in a queue that is not seen.
async fn accept(listener: &TcpListener, port: &Port) -> Option<(TcpStream, SocketAddr, ConnectionPermit)> {
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, port.places.take(peer.ip(), port.patience).ok()?)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            port.places.make_room();
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    place: ConnectionPermit,
}

/// Answers what comes on a connection until it ends, has to end, or the server closes.
async fn attend(connection: Connection, builder: Arc<Builder<Streams>>, router: Router, port: Port) {
    let Connection { stream, peer, place } = connection;
    let activity = Arc::clone(&place.activity);
    let socket = Socket::new(stream, Arc::clone(&activity), port.protocol);
    let others = place.answering.clone().filter(|_| port.protocol == Protocol::Http);
    let service =
        service_fn(|request| answer(router.clone(), request, BeingAnswered::now(peer, &activity, others.clone())));
    let mut served = pin!(builder.serve_connection(TokioIo::new(socket), service));
    let end = tokio::select! {
        result = served.as_mut() => {
            // A connection that breaks is the client's affair.
            if result.is_err_and(|error| is_stalled(&*error)) {
                place.closed(Closed::Stalled);
            }
            return;
        }
        why = activity.end() => Some(why),
        () = port.closing.cancelled() => None,
    };
    end.into_iter().for_each(|why| place.closed(why));
    // Over HTTP/2, a client that is told loses no request that it sends meanwhile.
    if end.is_none() || (end == Some(Closed::Idle) && activity.is_http2()) {
        served.as_mut().graceful_shutdown();
        _ = tokio::time::timeout(SHUTDOWN.min(port.patience.stall), served).await;
    }
}

/// Whether this is what the socket says when nothing can be written.
fn is_stalled(error: &(dyn Error + 'static)) -> bool {
    let says = error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::TimedOut);
    says || error.source().is_some_and(is_stalled)
}

/// A request that is being answered, for as long as this lives.
struct BeingAnswered {
    peer: SocketAddr,
    /// How many of its address are, when that is bounded.
    others: Option<Arc<AtomicUsize>>,
    _answering: Answering,
}

impl BeingAnswered {
    fn now(peer: SocketAddr, activity: &Arc<Activity>, others: Option<Arc<AtomicUsize>>) -> Self {
        if let Some(others) = &others {
            others.fetch_add(1, Ordering::Relaxed);
        }
        Self { peer, others, _answering: activity.answering() }
    }

    fn is_one_too_many(&self) -> bool {
        self.others.as_ref().is_some_and(|others| others.load(Ordering::Relaxed) > REQUESTS_PER_ADDRESS)
    }
}

impl Drop for BeingAnswered {
    fn drop(&mut self) {
        if let Some(others) = &self.others {
            others.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    being_answered: BeingAnswered,
) -> Result<Replied, Infallible> {
    let (request, reading) = unread::noted(request);
    let response = if being_answered.is_one_too_many() {
        turned_away(Problem::from(&Refusal::RateLimited { retry_after_s: 1 }))
    } else if has_long_headers(&request) {
        turned_away(Problem::of_request(431, "headers", "must be at most 32 KiB"))
    } else {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(being_answered.peer));
        // Where the component looks for it.
        request.extensions_mut().insert(TcpConnectInfo { local_addr: None, remote_addr: Some(being_answered.peer) });
        router.call(request).await?
    };
    Ok(reading.told(response).map(|body| AnswerBody::new(body, being_answered)))
}

/// An answer that no route gives, and that nobody is to take for something else either.
fn turned_away(problem: Problem) -> axum::response::Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Whether the headers of this are too long. Those of HTTP/1 are bounded as they are read.
fn has_long_headers<B>(request: &Request<B>) -> bool {
    let bytes = |(name, value): (&http::HeaderName, &HeaderValue)| name.as_str().len() + value.len() + HEADER_OVERHEAD;
    request.version() == http::Version::HTTP_2
        && request.headers().iter().map(bytes).sum::<usize>() > HEADER_BYTES as usize
}
