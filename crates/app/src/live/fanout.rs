//! One upstream for all who watch the same slots: each change is serialized once and shared.

use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use booking_client::{CallError, SlotsRequest};
use booking_domain::address::AddressKey;
use booking_domain::refusal::Refusal;
use bytes::Bytes;
use futures::{StreamExt, stream};
use tokio::sync::Semaphore;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::slot_snapshot::{List, News};
use self::topic::{Topic, Total};
use self::topics::{QUESTION_BYTES, SlotsQuestion, Topics};
use super::frames::Frames;
use crate::http::answer::HttpResult;
use crate::http::channel::Api;
use crate::http::model::problem::Problem;

mod slot_snapshot;
mod topic;
mod topics;

/// How long to wait before the upstream is opened again, at first and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// Changes that are taken from the upstream together, if so many are there.
const TOGETHER: usize = 64;
/// Questions whose first answer is waited for at once: until it is there, nobody knows what it takes.
const FIRST_ANSWERS: usize = 8;

/// Those who watch slots.
#[derive(Clone)]
pub struct Fanout(Arc<Inner>);

struct Inner {
    api: Api,
    closing: CancellationToken,
    tasks: TaskTracker,
    topics: Mutex<Topics>,
    total: Total,
    firsts: Semaphore,
}

/// One watcher; the upstream ends with the last.
struct Watcher {
    fanout: Fanout,
    question: SlotsQuestion,
    /// Where it comes from, if that is counted.
    origin: Option<AddressKey>,
    topic: Arc<Topic>,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        if self.fanout.topics().leave(&self.question, self.origin, &self.topic) {
            self.topic.left.cancel();
        }
    }
}

impl Fanout {
    /// Nobody watches yet.
    pub fn new(api: Api, closing: CancellationToken, tasks: TaskTracker) -> Self {
        let firsts = Semaphore::new(FIRST_ANSWERS);
        Self(Arc::new(Inner { api, closing, tasks, topics: Mutex::default(), total: Total::default(), firsts }))
    }

    fn topics(&self) -> MutexGuard<'_, Topics> {
        self.0.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A snapshot of these slots, then each change.
    ///
    /// # Errors
    /// The slots cannot be watched, or as much is watched as may be, by all or by who asks.
    pub async fn watch(&self, request: SlotsRequest, origin: Option<AddressKey>) -> HttpResult<Frames> {
        let watcher = self.join(request, origin)?;
        let mut begun = watcher.topic.begun.subscribe();
        match begun.wait_for(Option::is_some).await.map_or(None, |first| first.clone()) {
            Some(begun) => begun?,
            None => return Err(away()),
        }
        let listening = Listening::begin(watcher).ok_or_else(away)?;
        Ok(stream::unfold(listening, next).boxed())
    }

    fn join(&self, request: SlotsRequest, origin: Option<AddressKey>) -> Result<Watcher, Refusal> {
        let question = SlotsQuestion::of(&request);
        let mut topics = self.topics();
        let topic = match topics.join(&question, origin)? {
            Some(topic) => topic,
            None => {
                let topic = Arc::new(Topic::new(&self.0.total));
                topics.begin(question.clone(), origin, topic.clone())?;
                self.0.tasks.spawn(self.clone().run(request, question.clone(), topic.clone()));
                topic
            }
        };
        Ok(Watcher { fanout: self.clone(), question, origin, topic })
    }

    async fn run(self, request: SlotsRequest, question: SlotsQuestion, topic: Arc<Topic>) {
        tokio::select! {
            () = topic.left.cancelled() => {}
            () = self.0.closing.cancelled() => {}
            refused = self.follow(&request, &topic) => {
                topic.begun.send_if_modified(|begun| begun.is_none() && begun.replace(Err(refused)).is_none());
            }
        }
        self.topics().end(&question, &topic);
        topic.snapshot().end();
    }

    /// Follows the upstream, and opens it again whenever it breaks. Ends when the slots cannot be watched (any more).
    async fn follow(&self, request: &SlotsRequest, topic: &Topic) -> Problem {
        let mut wait = BACKOFF.0;
        loop {
            let turn = self.0.firsts.acquire().await;
            match self.0.api.watch_slots(request).await {
                Ok(changes) => {
                    let mut changes = changes.ready_chunks(TOGETHER);
                    let mut turn = Some(turn);
                    while let Some(together) = changes.next().await {
                        wait = BACKOFF.0;
                        let mut snapshot = topic.snapshot();
                        together.iter().flatten().for_each(|change| snapshot.apply(change));
                        drop((snapshot, turn.take()));
                        topic.begun.send_if_modified(|begun| begun.replace(Ok(())).is_none());
                    }
                }
                Err(CallError::Refused(refusal)) => return Problem::from(&refusal),
                // Who waits for the first answer is told at once that there is none.
                Err(error) if topic.begun.borrow().is_none() => return Problem::from(error),
                Err(_) => drop(turn),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(BACKOFF.1);
        }
    }

    /// Writes what is watched, as Prometheus reads it.
    ///
    /// # Errors
    /// The text cannot be written to.
    pub fn write_metrics(&self, text: &mut String) -> std::fmt::Result {
        let questions = self.topics().len();
        let bytes = self.0.total.load(Ordering::Relaxed) + questions * QUESTION_BYTES;
        writeln!(text, "# HELP holdfast_watched_questions Different questions about slots that somebody watches.")?;
        writeln!(text, "# TYPE holdfast_watched_questions gauge")?;
        writeln!(text, "holdfast_watched_questions {questions}")?;
        writeln!(text, "# HELP holdfast_watched_bytes Memory that these questions take.")?;
        writeln!(text, "# TYPE holdfast_watched_bytes gauge")?;
        writeln!(text, "holdfast_watched_bytes {bytes}")
    }
}

fn away() -> Problem {
    Problem::from(CallError::Unreachable)
}

/// One who listens.
struct Listening {
    watcher: Watcher,
    /// What is told of all slots, and how much of it was.
    all: Option<(Arc<List>, usize)>,
    changes: Receiver<News>,
}

impl Listening {
    fn begin(watcher: Watcher) -> Option<Self> {
        let (list, changes) = watcher.topic.snapshot().join()?;
        Some(Self { watcher, all: Some((list, 0)), changes })
    }

    /// The next part of what is told of all slots.
    fn piece(&mut self) -> Option<Bytes> {
        let (list, at) = self.all.as_mut()?;
        let piece = list.piece(*at);
        *at += 1;
        if piece.is_none() {
            self.all = None;
        }
        piece
    }
}

async fn next(mut listening: Listening) -> Option<(Bytes, Listening)> {
    loop {
        if let Some(piece) = listening.piece() {
            return Some((piece, listening));
        }
        match listening.changes.recv().await {
            Ok(News::Event(event)) => return Some((event, listening)),
            Err(RecvError::Closed) => return None,
            // What was missed is not looked for: the slots as they are now say it all.
            Ok(News::Anew) | Err(RecvError::Lagged(_)) => listening = Listening::begin(listening.watcher)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use booking_client::{SlotChange, make_booking_api};
    use booking_domain::availability::{Slot, SlotState};
    use booking_domain::interval::Interval;
    use tonic::service::Routes;

    use super::*;
    use crate::http::channel::ComponentChannel;

    fn fanout() -> Fanout {
        let api = make_booking_api(ComponentChannel::InProcess(Routes::default()));
        Fanout::new(api, CancellationToken::new(), TaskTracker::new())
    }

    fn request(day: u32, time_zone: Option<&str>) -> SlotsRequest {
        let date = booking_domain::NaiveDate::from_ymd_opt(2090, 3, 6).unwrap() + chrono::Days::new(day.into());
        SlotsRequest {
            moving: None,
            event_type_id: booking_domain::id::EventTypeId::new(uuid::Uuid::nil()),
            from: date,
            to: date,
            duration_minutes: None,
            time_zone: time_zone.map(|zone| zone.parse().unwrap()),
            resource_id: None,
        }
    }

    fn slots(count: i64) -> Vec<Slot> {
        let start = |nth: i64| booking_domain::DateTime::from_timestamp(4_000_000_200 + nth * 60, 0).unwrap();
        let slot = |nth| Interval::lasting(start(nth), 30).unwrap();
        (0..count).map(|nth| Slot { interval: slot(nth), state: SlotState::Free, remaining: 1 }).collect()
    }

    async fn whole_event(mut listening: Listening) -> (String, Listening) {
        let mut text = String::new();
        while !text.ends_with("\n\n") {
            let (piece, rest) = next(listening).await.unwrap();
            text.push_str(std::str::from_utf8(&piece).unwrap());
            listening = rest;
        }
        (text, listening)
    }

    #[tokio::test]
    async fn a_watcher_that_lags_is_given_a_snapshot_and_then_what_comes() {
        let watcher = fanout().join(request(0, None), None).unwrap();
        let topic = watcher.topic.clone();
        let (_, listening) = whole_event(Listening::begin(watcher).unwrap()).await;
        for _ in 0..=slot_snapshot::QUEUE {
            topic.snapshot().apply(&SlotChange::Slot(slots(1)[0]));
        }
        let (frame, listening) = whole_event(listening).await;
        assert!(frame.starts_with("event: snapshot"));
        assert!(listening.changes.is_empty(), "what was missed is not told after it");
        topic.snapshot().apply(&SlotChange::Slot(slots(1)[0]));
        let (frame, listening) = whole_event(listening).await;
        assert!(frame.starts_with("event: slot"));
        topic.snapshot().end();
        assert!(next(listening).await.is_none());
    }

    #[tokio::test]
    async fn a_long_snapshot_is_one_event_in_pieces_that_all_readers_share() {
        let watcher = fanout().join(request(0, None), None).unwrap();
        let topic = watcher.topic.clone();
        for count in [0, 1, 64, 65, 5_000] {
            topic.snapshot().apply(&SlotChange::Snapshot(slots(count)));
            let list = topic.snapshot().join().unwrap().0;
            let pieces: Vec<Bytes> = (0..).map_while(|at| list.piece(at)).collect();
            assert_eq!(pieces.len(), usize::try_from(count).unwrap().div_ceil(slot_snapshot::PIECE).max(1));
            let again: Vec<Bytes> = (0..).map_while(|at| list.piece(at)).collect();
            assert!(pieces.iter().zip(&again).all(|(one, other)| one.as_ptr() == other.as_ptr()));
            let text = String::from_utf8(pieces.concat()).unwrap();
            let data = text.strip_prefix("event: snapshot\ndata: ").unwrap().strip_suffix("\n\n").unwrap();
            let data: serde_json::Value = serde_json::from_str(data).unwrap();
            assert_eq!(i64::try_from(data["slots"].as_array().unwrap().len()).unwrap(), count);
        }
    }

    #[tokio::test]
    async fn questions_are_counted_by_address_and_in_all_and_a_crowd_that_asks_the_same_is_one() {
        let fanout = fanout();
        let ask = |day, from: u8| {
            let address = AddressKey::from(std::net::IpAddr::from([203, 0, 113, from]));
            fanout.join(request(day, Some("UTC")), Some(address))
        };
        let crowd: Vec<Watcher> = (0..10_000).map(|_| ask(0, 1).unwrap()).collect();
        assert_eq!(fanout.topics().len(), 1);
        let more: Vec<Watcher> = (1..).map_while(|day| ask(day, 1).ok()).collect();
        assert_eq!(more.len(), 63, "with that of the crowd, as many as one address may ask");
        assert!(matches!(ask(99, 1), Err(Refusal::RateLimited { .. })));
        assert!(ask(0, 1).is_ok(), "what is asked already is no other question");
        assert!(ask(99, 2).is_ok(), "another address asks what it likes");
        let many: Vec<Watcher> = (0..=255_u8)
            .flat_map(|from| (0..64).map_while(|day| ask(u32::from(from) * 64 + day, from).ok()).collect::<Vec<_>>())
            .collect();
        assert!(matches!(ask(99_999, 7), Err(Refusal::Unavailable | Refusal::RateLimited { .. })));
        assert_eq!(fanout.topics().len(), 2_048);
        drop((crowd, more, many));
        assert_eq!(fanout.topics().len(), 0, "a question ends with its last watcher");
    }

    #[tokio::test]
    async fn zones_that_show_the_same_time_ask_the_same() {
        let fanout = fanout();
        let ask = |zone| fanout.join(request(0, Some(zone)), None).unwrap();
        let asked = ["Europe/Berlin", "Europe/Paris", "Europe/Rome", "Africa/Lagos"].map(ask);
        assert_eq!(fanout.topics().len(), 1);
        let other = ask("Asia/Tokyo");
        assert_eq!(fanout.topics().len(), 2);
        drop((asked, other));
    }

    #[tokio::test]
    async fn what_is_kept_is_counted_and_bounded_by_address() {
        let fanout = fanout();
        let address = Some(AddressKey::from(std::net::IpAddr::from([203, 0, 113, 1])));
        let mut watchers = Vec::new();
        let refused = loop {
            let day = u32::try_from(watchers.len()).unwrap();
            match fanout.join(request(day, None), address) {
                Ok(watcher) => {
                    watcher.topic.snapshot().apply(&SlotChange::Snapshot(slots(89_280)));
                    watchers.push(watcher);
                }
                Err(refused) => break refused,
            }
        };
        assert!(matches!(refused, Refusal::RateLimited { .. }), "{refused}");
        let kept = fanout.0.total.load(Ordering::Relaxed);
        assert_eq!(kept, watchers.len() * 89_280 * 8);
        assert!((8..10 * 1024 * 1024).contains(&kept), "{kept}");
        drop(watchers);
        fanout.0.tasks.close();
        fanout.0.tasks.wait().await;
        assert_eq!(fanout.0.total.load(Ordering::Relaxed), 0);
    }
}
