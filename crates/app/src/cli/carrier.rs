//! What carries the calls: the component in this process, or one elsewhere.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use tonic::body::Body;
use tonic::codegen::StdError;
use tonic::service::Routes;
use tonic::transport::Channel;
use tower::Service;

/// One transport for both, so that nothing else needs to know where the component is.
#[derive(Clone, Debug)]
pub enum Carrier {
    /// In this process, without a socket.
    Near(Routes),
    /// Behind a gRPC address.
    Far(Channel),
}

impl Service<Request<Body>> for Carrier {
    type Response = Response<Body>;
    type Error = StdError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, StdError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), StdError>> {
        match self {
            Self::Near(routes) => Service::<Request<Body>>::poll_ready(routes, cx).map_err(Into::into),
            Self::Far(channel) => channel.poll_ready(cx).map_err(Into::into),
        }
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self {
            Self::Near(routes) => {
                let answered = routes.call(request);
                Box::pin(async move { Ok(answered.await?) })
            }
            Self::Far(channel) => {
                let answered = channel.call(request);
                Box::pin(async move { Ok(answered.await?) })
            }
        }
    }
}
