//! The streams of HTTP/2: one ends when its answer is not taken, while the others of its connection go on.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as _, Frame, SizeHint};
use hyper::rt::Executor;
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;

/// Longest piece in which an answer is handed over, in bytes: one frame of HTTP/2. What was handed over waits in memory for the
/// other side to give room, and no one sees that it waits.
const PIECE: usize = 16 * 1024;

tokio::task_local! {
    /// How the answer flows on the stream of this task.
    static FLOW: Arc<Flow>;
}

/// How an answer flows: an odd number while a piece was handed over and the next one was not asked for.
#[derive(Default)]
struct Flow(AtomicU64);

impl Flow {
    fn asked(&self) {
        if self.waits().is_some() {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn handed_over(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The piece that waits, if one does.
    fn waits(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|pieces| pieces % 2 == 1)
    }
}

/// Runs streams, and ends those whose answer is not taken for so long.
#[derive(Clone)]
pub(super) struct Streams {
    /// Where they are run.
    pub tasks: TaskTracker,
    /// How long an answer may wait.
    pub stall: Duration,
}

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, stream: F) {
        let flow = Arc::new(Flow::default());
        drop(self.tasks.spawn(FLOW.scope(Arc::clone(&flow), while_it_flows(stream, flow, self.stall))));
    }
}

/// Runs this stream to its end, or until its answer stalls: what drops it resets it.
async fn while_it_flows(stream: impl Future, flow: Arc<Flow>, stall: Duration) {
    let (mut stream, mut stalled, mut waits) = (pin!(stream), pin!(sleep(Duration::ZERO)), None);
    std::future::poll_fn(|cx| {
        if stream.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let Some(piece) = flow.waits() else { return Poll::Pending };
        if waits.replace(piece) != Some(piece) {
            stalled.as_mut().reset(Instant::now() + stall);
        }
        stalled.as_mut().poll(cx)
    })
    .await;
}

/// An answer's body, in pieces, together with what must live as long as it does.
pub(super) struct AnswerBody<G> {
    body: Body,
    rest: Bytes,
    flow: Option<Arc<Flow>>,
    _kept: G,
}

impl<G> AnswerBody<G> {
    /// This body. To be called where the stream runs.
    pub(super) fn new(body: Body, kept: G) -> Self {
        Self { body, rest: Bytes::new(), flow: FLOW.try_with(Arc::clone).ok(), _kept: kept }
    }

    fn next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                end => return Poll::Ready(end),
            }
        }
        let piece = self.rest.split_to(self.rest.len().min(PIECE));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl<G: Unpin> hyper::body::Body for AnswerBody<G> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let flow = this.flow.clone();
        flow.iter().for_each(|flow| flow.asked());
        let next = this.next(cx);
        if let Poll::Ready(Some(_)) = next {
            flow.iter().for_each(|flow| flow.handed_over());
        }
        next
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, hint) = (self.rest.len() as u64, self.body.size_hint());
        let mut whole = SizeHint::new();
        whole.set_lower(hint.lower() + rest);
        hint.upper().into_iter().for_each(|upper| whole.set_upper(upper + rest));
        whole
    }
}
