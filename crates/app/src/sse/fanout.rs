//! One upstream for all who watch the same slots: each change is serialized once and shared.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use booking_client::{CallError, SlotsRequest};
use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, channel};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::stream::Frames;
use crate::answer::Answer;
use crate::front::Api;
use crate::model::problem::Problem;
use crate::sse::fanout::board::Board;

mod board;

/// How many frames a slow watcher may lag behind before it is given a snapshot instead.
const QUEUE: usize = 128;
/// How long to wait before the upstream is opened again, at first and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// Those who watch slots.
#[derive(Clone)]
pub struct Fanout(Arc<Inner>);

struct Inner {
    api: Api,
    closing: CancellationToken,
    tasks: TaskTracker,
    topics: Mutex<HashMap<SlotsRequest, Entry>>,
}

struct Entry {
    topic: Arc<Topic>,
    watchers: usize,
}

/// What is watched.
struct Topic {
    board: Mutex<Board>,
    /// What became of the first call: nothing yet, a snapshot, or why there is none.
    begun: watch::Sender<Option<Answer<()>>>,
    /// When nobody watches any more.
    left: CancellationToken,
}

/// One watcher; the upstream ends with the last.
struct Watcher {
    fanout: Fanout,
    request: SlotsRequest,
    topic: Arc<Topic>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let mut topics = self.fanout.topics();
        let Some(entry) = topics.get_mut(&self.request).filter(|entry| Arc::ptr_eq(&entry.topic, &self.topic)) else {
            return;
        };
        entry.watchers -= 1;
        if entry.watchers == 0 {
            topics.remove(&self.request);
            self.topic.left.cancel();
        }
    }
}

impl Topic {
    fn new() -> Self {
        let (frames, _) = channel(QUEUE);
        Self { board: Mutex::new(Board::new(frames)), begun: watch::Sender::new(None), left: CancellationToken::new() }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fanout {
    /// Nobody watches yet.
    pub fn new(api: Api, closing: CancellationToken, tasks: TaskTracker) -> Self {
        Self(Arc::new(Inner { api, closing, tasks, topics: Mutex::default() }))
    }

    fn topics(&self) -> MutexGuard<'_, HashMap<SlotsRequest, Entry>> {
        self.0.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A snapshot of these slots, then each change.
    ///
    /// # Errors
    /// The slots cannot be watched.
    pub async fn watch(&self, request: SlotsRequest) -> Answer<Frames> {
        let watcher = self.join(request);
        let mut begun = watcher.topic.begun.subscribe();
        match begun.wait_for(Option::is_some).await.map_or(None, |first| first.clone()) {
            Some(begun) => begun?,
            None => return Err(away()),
        }
        let (snapshot, changes) = watcher.topic.board().join().ok_or_else(away)?;
        let rest = stream::unfold((watcher, changes), next);
        Ok(stream::once(std::future::ready(snapshot)).chain(rest).boxed())
    }

    fn join(&self, request: SlotsRequest) -> Watcher {
        let mut topics = self.topics();
        let entry = topics.entry(request.clone()).or_insert_with(|| {
            let topic = Arc::new(Topic::new());
            self.0.tasks.spawn(self.clone().run(request.clone(), Arc::clone(&topic)));
            Entry { topic, watchers: 0 }
        });
        entry.watchers += 1;
        Watcher { fanout: self.clone(), request, topic: Arc::clone(&entry.topic) }
    }

    async fn run(self, request: SlotsRequest, topic: Arc<Topic>) {
        tokio::select! {
            () = topic.left.cancelled() => {}
            () = self.0.closing.cancelled() => {}
            refused = self.follow(&request, &topic) => {
                topic.begun.send_if_modified(|begun| begun.is_none() && begun.replace(Err(refused)).is_none());
            }
        }
        let mut topics = self.topics();
        if topics.get(&request).is_some_and(|entry| Arc::ptr_eq(&entry.topic, &topic)) {
            topics.remove(&request);
        }
        topic.board().end();
    }

    /// Follows the upstream, and opens it again whenever it breaks. Ends when the slots cannot be watched (any more).
    async fn follow(&self, request: &SlotsRequest, topic: &Topic) -> Problem {
        let mut wait = BACKOFF.0;
        loop {
            match self.0.api.watch_slots(request).await {
                Ok(mut changes) => {
                    while let Some(Ok(change)) = changes.next().await {
                        wait = BACKOFF.0;
                        topic.board().apply(&change);
                        topic.begun.send_if_modified(|begun| begun.replace(Ok(())).is_none());
                    }
                }
                Err(CallError::Refused(refusal)) => return Problem::from(&refusal),
                // Who waits for the first answer is told at once that there is none.
                Err(error) if topic.begun.borrow().is_none() => return Problem::from(error),
                Err(_) => {}
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(BACKOFF.1);
        }
    }
}

fn away() -> Problem {
    Problem::from(CallError::Unreachable)
}

async fn next((watcher, mut changes): (Watcher, Receiver<Bytes>)) -> Option<(Bytes, (Watcher, Receiver<Bytes>))> {
    match changes.recv().await {
        Ok(frame) => Some((frame, (watcher, changes))),
        Err(RecvError::Closed) => None,
        // What was missed is not looked for: the slots as they are now say it all.
        Err(RecvError::Lagged(_)) => {
            let (snapshot, changes) = watcher.topic.board().join()?;
            Some((snapshot, (watcher, changes)))
        }
    }
}

/// Where frames are sent.
type Frameway = Sender<Bytes>;

#[cfg(test)]
mod tests {
    use booking_client::{SlotChange, make_booking_api};
    use tonic::service::Routes;

    use super::*;
    use crate::carrier::Carrier;

    #[tokio::test]
    async fn a_watcher_that_lags_is_given_a_snapshot_and_then_what_comes() {
        let api = make_booking_api(Carrier::Near(Routes::default()));
        let fanout = Fanout::new(api, CancellationToken::new(), TaskTracker::new());
        let topic = Arc::new(Topic::new());
        let (_, changes) = topic.board().join().unwrap();
        for _ in 0..=QUEUE {
            topic.board().apply(&SlotChange::Snapshot(Vec::new()));
        }
        let date = "2090-03-06".parse().unwrap();
        let request = SlotsRequest {
            event_type_id: booking_domain::id::EventTypeId::new(uuid::Uuid::nil()),
            from: date,
            to: date,
            duration_minutes: None,
            time_zone: None,
            resource_id: None,
        };
        let watcher = Watcher { fanout, request, topic: Arc::clone(&topic) };
        let (frame, (watcher, mut changes)) = next((watcher, changes)).await.unwrap();
        assert!(frame.starts_with(b"event: snapshot"));
        assert!(changes.is_empty(), "what was missed is not told after it");
        topic.board().apply(&SlotChange::Snapshot(Vec::new()));
        assert!(changes.recv().await.is_ok());
        topic.board().end();
        assert!(next((watcher, changes)).await.is_none());
    }
}
