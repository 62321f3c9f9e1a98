//! What carries the calls: a connection to a component elsewhere, or a component in this process.

use std::time::Duration;

use booking_domain::refusal::Invalid;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, Bytes, StdError};
use tonic::transport::{Channel, Endpoint};

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
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
/// It connects at the first call, notices a dead connection by itself, and connects again when it must. Must be called within a
/// Tokio runtime.
///
/// # Errors
/// `url` is not an `http` URL.
pub fn connect(url: &str) -> Result<Channel, Invalid> {
    let endpoint = Endpoint::from_shared(url.to_owned()).map_err(|_| Invalid("must be a URL"))?;
    if endpoint.uri().scheme_str() != Some("http") || endpoint.uri().host().is_none() {
        return Err(Invalid("must be a URL such as http://127.0.0.1:50051"));
    }
    Ok(endpoint
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT)
        .keep_alive_while_idle(true)
        .http2_max_header_list_size(HEADER_BYTES)
        .connect_lazy())
}
