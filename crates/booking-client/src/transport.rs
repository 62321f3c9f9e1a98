//! What carries the calls: a connection to a component elsewhere, or a component in this process.

use std::io::{Error, ErrorKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use booking_domain::invalid::Invalid;
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, Bytes, StdError};
use tonic::transport::{Channel, Endpoint};
use tower::Service;

use crate::backoff::Backoff;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Where a URL without a port leads.
const HTTP_PORT: u16 = 80;
/// How often to ask whether the other side is still there: load balancers forget connections that are silent for a minute.
const PING_INTERVAL: Duration = Duration::from_secs(20);
/// How long to wait for its answer before the connection is given up.
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest headers and trailers accepted, in bytes: a refusal that names many fields travels in trailers.
const HEADER_BYTES: u32 = 64 * 1024;

/// Whatever carries gRPC calls: a [`Channel`], or a tower service in this process such as `tonic::service::Routes`.
///
/// Implemented for everything that fits; there is no need to implement it.
pub trait Transport:
    GrpcService<
        Body,
        Error: Into<StdError>,
        Future: Send,
        ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<C> Transport for C where
    C: GrpcService<
            Body,
            Error: Into<StdError>,
            Future: Send,
            ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

/// A channel to the component at `url`, such as `http://127.0.0.1:50051`.
///
/// It connects at the first call, notices a dead connection by itself, and connects again when it must. While the component is
/// away, it tries after growing rests of up to 2 seconds, and calls in between fail at once. Must be called within a Tokio
/// runtime.
///
/// # Errors
/// `url` is not an `http` URL.
pub fn connect(url: &str) -> Result<Channel, Invalid> {
    let endpoint = Endpoint::from_shared(url.to_owned()).map_err(|_| Invalid("must be a URL"))?;
    if endpoint.uri().scheme_str() != Some("http") || endpoint.uri().host().is_none() {
        return Err(Invalid("must be a URL such as http://127.0.0.1:50051"));
    }
    Ok(endpoint
        .http2_keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT)
        .keep_alive_while_idle(true)
        .http2_max_header_list_size(HEADER_BYTES)
        .connect_with_connector_lazy(connector()))
}

/// Opens connections, with rests between failures.
fn connector() -> impl Service<Uri, Response = TokioIo<TcpStream>, Error = Error, Future: Send> + Clone + Send {
    let backoff = Arc::new(Backoff::default());
    tower::service_fn(move |uri: Uri| {
        let backoff = backoff.clone();
        async move {
            if !backoff.allows(Instant::now()) {
                return Err(Error::new(ErrorKind::NotConnected, "the component was away a moment ago"));
            }
            let opened = open(&uri).await;
            backoff.note(opened.is_ok(), Instant::now());
            opened.map(TokioIo::new)
        }
    })
}

async fn open(uri: &Uri) -> Result<TcpStream, Error> {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let opening = TcpStream::connect((host, uri.port_u16().unwrap_or(HTTP_PORT)));
    let stream = tokio::time::timeout(CONNECT_TIMEOUT, opening).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}
