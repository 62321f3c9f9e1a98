//! What a connection is doing, and until when it may go on without a request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// With what a connection of HTTP/2 begins (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The length of a frame's head (RFC 9113, 4.1): with it, the preface has been followed by settings.
const FRAME_HEAD: usize = 9;

/// How long each thing may take on a connection.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the first byte comes: whoever connects has something to say.
    pub first_byte: Duration,
    /// From the first byte of a request's head, or of HTTP/2's preface, to its last: it fits some packets.
    pub head: Duration,
    /// Between requests: longer than the minute for which proxies keep connections, so that none closes under a request of theirs.
    pub idle: Duration,
    /// While something is to be written and nothing can be: who reads nothing for so long is away.
    pub stall: Duration,
}

impl Patience {
    /// How long each may take, unless a test cannot wait.
    pub const USUAL: Self = Self {
        first_byte: Duration::from_secs(10),
        head: Duration::from_secs(15),
        idle: Duration::from_secs(75),
        stall: Duration::from_secs(30),
    };
}

/// Why a connection was closed by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It never said anything.
    Silent,
    /// What it said did not become a request.
    Slow,
    /// It had no more requests.
    Idle,
    /// It took no answer.
    Stalled,
    /// Another one took its place.
    Displaced,
}

impl Closed {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Silent, Self::Slow, Self::Idle, Self::Stalled, Self::Displaced];

    /// Its name in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Slow => "slow",
            Self::Idle => "idle",
            Self::Stalled => "stalled",
            Self::Displaced => "displaced",
        }
    }
}

/// What a connection is doing.
pub struct Activity {
    patience: Patience,
    state: Mutex<State>,
    /// When the last answer has been given.
    calm: Notify,
    /// When its place is taken.
    displaced: Notify,
}

struct State {
    /// Requests that are being answered.
    answering: usize,
    /// Whether there has been a request.
    served: bool,
    /// Since when there has been no request.
    since: Instant,
    /// When the first byte came since then.
    began: Option<Instant>,
    /// Which bytes came first, as far as they tell HTTP/2 from HTTP/1.
    first: Vec<u8>,
}

impl State {
    /// Whether this is HTTP/2, and has begun: what comes from now on may be other things than requests.
    fn is_http2(&self) -> bool {
        self.first.len() >= PREFACE.len() + FRAME_HEAD && self.first.starts_with(PREFACE)
    }

    /// Until when a request must have come, and what it is called when none has.
    fn deadline(&self, patience: Patience) -> Option<(Instant, Closed)> {
        match (self.answering, self.began) {
            (1.., _) => None,
            (0, Some(began)) if !self.is_http2() => Some((began + patience.head, Closed::Slow)),
            (0, None) if !self.served => Some((self.since + patience.first_byte, Closed::Silent)),
            (0, _) => Some((self.since + patience.idle, Closed::Idle)),
        }
    }
}

impl Activity {
    /// A connection that was accepted just now.
    pub fn new(patience: Patience) -> Arc<Self> {
        let state = State { answering: 0, served: false, since: Instant::now(), began: None, first: Vec::new() };
        Arc::new(Self { patience, state: Mutex::new(state), calm: Notify::new(), displaced: Notify::new() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long each thing may take.
    pub const fn patience(&self) -> Patience {
        self.patience
    }

    /// These bytes came.
    pub fn read(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.answering == 0 && state.began.is_none() {
            state.began = Some(Instant::now());
        }
        let missing = (PREFACE.len() + FRAME_HEAD).saturating_sub(state.first.len());
        state.first.extend(bytes.iter().take(missing));
    }

    /// A request came, which is answered until what is returned goes.
    pub fn answering(self: &Arc<Self>) -> Answering {
        let mut state = self.state();
        state.answering += 1;
        state.served = true;
        state.began = None;
        Answering(Arc::clone(self))
    }

    /// Since when it has waited for a request, after those that never had one; nothing while it has one.
    pub fn waiting(&self) -> Option<(bool, Instant)> {
        let state = self.state();
        (state.answering == 0).then_some((state.served, state.since))
    }

    /// Whether it speaks HTTP/2, in which the other side can be told to go.
    pub fn is_http2(&self) -> bool {
        self.state().is_http2()
    }

    /// Another connection takes its place.
    pub fn displace(&self) {
        self.displaced.notify_one();
    }

    /// Waits until this connection must end.
    pub async fn end(&self) -> Closed {
        tokio::select! {
            () = self.displaced.notified() => Closed::Displaced,
            why = self.overdue() => why,
        }
    }

    async fn overdue(&self) -> Closed {
        loop {
            let deadline = self.state().deadline(self.patience);
            match deadline {
                None => self.calm.notified().await,
                Some((at, why)) if at <= Instant::now() => return why,
                // What comes meanwhile may bring the end nearer: it is looked at again as often as a head may take.
                Some((at, _)) => sleep_until(at.min(Instant::now() + self.patience.head)).await,
            }
        }
    }
}

/// A request that is being answered, for as long as this lives.
pub struct Answering(Arc<Activity>);

impl Drop for Answering {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.answering -= 1;
        if state.answering == 0 {
            state.since = Instant::now();
            self.0.calm.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deadline(activity: &Activity) -> Option<Closed> {
        activity.state().deadline(Patience::USUAL).map(|(_, why)| why)
    }

    #[test]
    fn what_is_waited_for_follows_from_what_came() {
        let activity = Activity::new(Patience::USUAL);
        assert_eq!(deadline(&activity), Some(Closed::Silent));
        activity.read(b"GET / HT");
        assert_eq!(deadline(&activity), Some(Closed::Slow));
        let answering = activity.answering();
        assert_eq!((deadline(&activity), activity.waiting()), (None, None));
        drop(answering);
        assert_eq!(deadline(&activity), Some(Closed::Idle));
        activity.read(b"G");
        assert_eq!(deadline(&activity), Some(Closed::Slow));
    }

    #[test]
    fn half_a_preface_is_slow_and_a_whole_one_with_settings_may_be_idle() {
        let activity = Activity::new(Patience::USUAL);
        activity.read(PREFACE);
        assert_eq!(deadline(&activity), Some(Closed::Slow));
        activity.read(&[0, 0, 0, 4, 0, 0, 0, 0, 0]);
        assert_eq!((deadline(&activity), activity.is_http2()), (Some(Closed::Idle), true));
    }
}
