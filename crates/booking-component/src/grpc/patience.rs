//! The end of every wait: whatever a call waits for (a queue, a connection, a lock, a statement), it is answered in time.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use booking_domain::refusal::Refusal;
use booking_proto::status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;

/// How long a call may take until it begins to be answered: what it waits for adds up, and who calls is promised an answer within
/// five seconds, on its way included.
const PATIENCE: Duration = Duration::from_millis(4_500);

/// A service whose calls are told in time that it is not available.
#[derive(Clone)]
pub struct InTime<S>(pub S);

impl<S: NamedService> NamedService for InTime<S> {
    const NAME: &'static str = S::NAME;
}

type Answered = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<S> Service<Request<Body>> for InTime<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answered;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let call = tokio::time::timeout(PATIENCE, self.0.call(request));
        Box::pin(async move {
            call.await.unwrap_or_else(|_| {
                tracing::warn!("a call waited for too long, and is told that the service is not available");
                Ok(status::refused(&Refusal::Unavailable).into_http())
            })
        })
    }
}
