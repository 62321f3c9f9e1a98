//! Bodies that nobody reads: who is refused before their body came is told that the connection ends with the answer (RFC 9112, 9.6).
//! HTTP/1 cannot find the next request behind a body that was left, and whoever is not told sends it into a connection that is gone:
//! a proxy with connections for many visitors would lose somebody else's.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::response::Response;
use bytes::Bytes;
use http::header::{CONNECTION, HeaderValue};
use http::{Request, Version};
use hyper::body::{Body, Frame, Incoming, SizeHint};

/// A body that says when all of it was read.
pub(super) struct Noted {
    body: Incoming,
    read: Arc<AtomicBool>,
}

/// Whether a body was read.
pub(super) struct Reading {
    read: Arc<AtomicBool>,
    version: Version,
}

/// Takes note of how this request's body is read.
pub(super) fn noted(request: Request<Incoming>) -> (Request<Noted>, Reading) {
    let read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let reading = Reading { read: Arc::clone(&read), version: request.version() };
    (request.map(|body| Noted { body, read }), reading)
}

impl Reading {
    /// Says on the answer that the connection ends with it, if it does.
    pub(super) fn told<B>(&self, mut response: Response<B>) -> Response<B> {
        // Over HTTP/2 a body ends with its stream, and nobody else is concerned.
        if self.version < Version::HTTP_2 && !self.read.load(Ordering::Relaxed) {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl Body for Noted {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() || self.body.is_end_stream() {
            self.read.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
