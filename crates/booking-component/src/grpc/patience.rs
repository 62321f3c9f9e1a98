//! The end of every wait: whatever a call waits for (a queue, a connection, a lock, a statement), it is answered in time. And the one
//! place where calls are counted that the store refuses.

use std::convert::Infallible;
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use booking_domain::refusal::Refusal;
use booking_proto::status;
use tonic::body::Body;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::server::NamedService;
use tonic::{Code, Status};

use crate::service::Service as Calls;

/// How long a call may take until it begins to be answered: what it waits for adds up, and who calls is promised an answer within
/// five seconds, on its way included.
const PATIENCE: Duration = Duration::from_millis(4_500);

/// Why a call is told that the service is not available, when nobody knows more.
#[derive(Debug, thiserror::Error)]
#[error("a call waited for too long")]
struct Late;

/// What calls are held to, and who is told of those that the store refuses.
pub(super) struct InTime(pub Calls);

impl InTime {
    /// The same service, whose calls are told in time that it is not available.
    pub(super) fn around<S>(&self, service: S) -> Timely<S> {
        Timely { service, calls: self.0.clone() }
    }
}

/// A service whose calls are told in time that it is not available.
#[derive(Clone)]
pub(super) struct Timely<S> {
    service: S,
    calls: Calls,
}

impl<S: NamedService> NamedService for Timely<S> {
    const NAME: &'static str = S::NAME;
}

type Answered = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

impl<S> Service<Request<Body>> for Timely<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible, Future: Send + 'static>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Answered;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let call = tokio::time::timeout(PATIENCE, self.service.call(request));
        let calls = self.calls.clone();
        Box::pin(async move {
            let answer = call.await.unwrap_or_else(|_| Ok(away(Late).into_http()))?;
            count(&calls, &answer);
            Ok(answer)
        })
    }
}

/// The service is not available, for this reason, which stays in this process.
pub(super) fn away(why: impl Error + Send + Sync + 'static) -> Status {
    let mut status = status::refused(&Refusal::Unavailable);
    status.set_source(Arc::new(why));
    status
}

/// Counts a call that is answered at once that the service is not available.
fn count(calls: &Calls, answer: &Response<Body>) {
    let Some(status) = answer.extensions().get::<Status>().filter(|status| status.code() == Code::Unavailable) else {
        return;
    };
    match status.source() {
        Some(why) => calls.refuse(why),
        None => calls.outage().refuse_if_lasting(),
    }
}
