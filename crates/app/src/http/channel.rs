//! What carries the calls: the component in this process, or one elsewhere.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use booking_client::BookingApi;
use http::{Request, Response};
use tonic::body::Body;
use tonic::codegen::StdError;
use tonic::service::Routes;
use tonic::transport::Channel;
use tower::Service;

/// One transport for both, so that nothing else needs to know where the component is.
#[derive(Clone, Debug)]
pub enum ComponentChannel {
    /// In this process, without a socket.
    InProcess(Routes),
    /// Behind a gRPC address.
    Remote(Channel),
}

/// The calls of the component.
pub type Api = BookingApi<ComponentChannel>;

impl Service<Request<Body>> for ComponentChannel {
    type Response = Response<Body>;
    type Error = StdError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, StdError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), StdError>> {
        match self {
            Self::InProcess(routes) => Service::<Request<Body>>::poll_ready(routes, cx).map_err(Into::into),
            Self::Remote(channel) => channel.poll_ready(cx).map_err(Into::into),
        }
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self {
            Self::InProcess(routes) => {
                let answered = routes.call(request);
                Box::pin(async move { Ok(answered.await?) })
            }
            Self::Remote(channel) => {
                let answered = channel.call(request);
                Box::pin(async move { Ok(answered.await?) })
            }
        }
    }
}
