//! What is told of an outage, however many calls it refuses: that it began and why, now and then that it lasts, and that it is over.

use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often it is told that an outage lasts: whoever asks much must not fill the log.
const TOLD_EVERY: Duration = Duration::from_secs(60);
/// An outage is over once nothing was refused for so long: what serves one call and refuses the next is no better than before.
const QUIET: Duration = Duration::from_secs(1);

/// Whether something that calls need can serve them.
pub struct Outage {
    /// What it is, and what cannot be done without it.
    what: &'static str,
    lasting: Mutex<Option<Lasting>>,
}

/// An outage that is not over.
struct Lasting {
    began: Instant,
    told: Instant,
    /// When something was refused or tried in vain.
    last: Instant,
    refused: u64,
}

/// What there is to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Begins,
    /// How many calls were refused so far.
    Lasts(u64),
    /// How many calls were refused, and how long it lasted.
    Over(u64, Duration),
}

impl Outage {
    /// None yet of this.
    pub const fn of(what: &'static str) -> Self {
        Self { what, lasting: Mutex::new(None) }
    }

    /// A call was refused for this reason.
    pub fn refuse(&self, why: &(dyn Error + 'static)) {
        self.tell(self.note(1, Instant::now()), Some(why));
    }

    /// A call was refused, and nobody said why: if there is an outage, that is why.
    pub fn refuse_if_lasting(&self) {
        if self.lasts() {
            self.tell(self.note(1, Instant::now()), None);
        }
    }

    /// Something was tried beside the calls, in vain, for this reason.
    pub fn notice(&self, why: &(dyn Error + 'static)) {
        self.tell(self.note(0, Instant::now()), Some(why));
    }

    /// It was tried, and serves.
    pub fn serves(&self) {
        self.tell(self.end(Instant::now()), None);
    }

    /// Whether it is not over.
    pub fn lasts(&self) -> bool {
        self.lasting().is_some()
    }

    fn lasting(&self) -> MutexGuard<'_, Option<Lasting>> {
        self.lasting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, calls: u64, now: Instant) -> Option<News> {
        let mut lasting = self.lasting();
        let Some(outage) = &mut *lasting else {
            *lasting = Some(Lasting { began: now, told: now, last: now, refused: calls });
            return Some(News::Begins);
        };
        outage.last = now;
        outage.refused += calls;
        if now.saturating_duration_since(outage.told) < TOLD_EVERY {
            return None;
        }
        outage.told = now;
        Some(News::Lasts(outage.refused))
    }

    fn end(&self, now: Instant) -> Option<News> {
        let over = self.lasting().take_if(|outage| now.saturating_duration_since(outage.last) >= QUIET)?;
        Some(News::Over(over.refused, now.saturating_duration_since(over.began)))
    }

    fn tell(&self, news: Option<News>, why: Option<&(dyn Error + 'static)>) {
        let what = self.what;
        match news {
            Some(News::Begins) => tracing::warn!(what, error = why, "an outage begins"),
            Some(News::Lasts(refused)) => tracing::warn!(what, refused, error = why, "an outage lasts"),
            Some(News::Over(refused, lasted)) => {
                tracing::info!(what, refused, lasted_s = lasted.as_secs(), "an outage is over");
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_told_when_it_begins_once_a_minute_and_when_it_is_over() {
        let (outage, start) = (Outage::of("the store"), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(outage.end(start), None, "none has begun");
        let told = (0..1_200).map(|call| outage.note(1, start + Duration::from_millis(100 * call)));
        let told: Vec<News> = told.flatten().collect();
        assert_eq!(told, [News::Begins, News::Lasts(601)]);
        assert_eq!(outage.note(0, at(120)), Some(News::Lasts(1_200)), "what is tried beside the calls is no call");
        assert_eq!(outage.end(at(120)), None, "something was refused just now");
        assert_eq!(outage.end(at(122)), Some(News::Over(1_200, Duration::from_secs(122))));
        assert_eq!((outage.lasts(), outage.end(at(130))), (false, None));
        assert_eq!(outage.note(1, at(131)), Some(News::Begins));
    }

    #[test]
    fn a_call_that_is_refused_for_another_reason_begins_no_outage() {
        let outage = Outage::of("the store");
        outage.refuse_if_lasting();
        assert!(!outage.lasts());
        outage.notice(&std::io::Error::other("away"));
        outage.refuse_if_lasting();
        let later = Instant::now() + QUIET;
        assert!(matches!(outage.end(later), Some(News::Over(1, _))));
    }
}
