//! What is watched, by whom: each question once, however many ask it, and no more questions than there may be.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use booking_client::SlotsRequest;
use booking_domain::address::AddressKey;
use booking_domain::allow::Allow;
use booking_domain::availability::SlotSearch;
use booking_domain::id::{EventTypeId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;

use super::topic::Topic;

/// Most questions that are watched at once: what they cost beside their slots is half of what all may take.
const QUESTIONS: usize = 2_048;
/// Most different ones of one address. A crowd behind it that watches the same is one; an office that looks at a different month each
/// has room; and it takes many addresses to take what all share.
const QUESTIONS_PER_ADDRESS: usize = 64;
/// What a question costs beside its slots, as it is counted: the queue of its changes, a call of the component, its names.
pub(super) const QUESTION_BYTES: usize = 16 * 1024;
/// Most bytes that all of them may take: the slots of two months on a grid of fifteen minutes are 48 KB.
const BYTES: usize = 64 * 1024 * 1024;
/// Most that those of one address may take.
const BYTES_PER_ADDRESS: usize = BYTES / 8;
/// When somebody whose address watches as much as it may is to come back, in seconds: people leave pages by then.
const RETRY_AFTER_S: u32 = 10;

/// What is asked, on behalf of nobody's booking. Zones in which the dates are the same time are one question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum SlotsQuestion {
    /// For a time.
    Within(EventTypeId, Option<u32>, Option<ResourceId>, Interval),
    /// For dates of which only the component knows when they are.
    Dates(SlotsRequest),
}

impl SlotsQuestion {
    /// What this request asks.
    pub(super) fn of(request: &SlotsRequest) -> Self {
        let range = request.time_zone.and_then(|time_zone| {
            let query = SlotSearch {
                event_type_id: request.event_type_id,
                from: request.from,
                to: request.to,
                duration_minutes: request.duration_minutes,
                time_zone,
                resource_id: request.resource_id,
                moving: None,
                allow: Allow::NOTHING,
            };
            query.range().ok()
        });
        let within = |range| Self::Within(request.event_type_id, request.duration_minutes, request.resource_id, range);
        range.map_or_else(|| Self::Dates(request.clone()), within)
    }
}

/// What is watched.
#[derive(Default)]
pub(super) struct Topics {
    topics: HashMap<SlotsQuestion, Entry>,
    /// How many of an address watch what.
    of_addresses: HashMap<AddressKey, HashMap<SlotsQuestion, usize>>,
}

struct Entry {
    topic: Arc<Topic>,
    watchers: usize,
}

impl Topics {
    /// Joins those who ask this, if anybody does.
    ///
    /// # Errors
    /// The address watches as much as it may.
    pub(super) fn join(
        &mut self,
        question: &SlotsQuestion,
        origin: Option<AddressKey>,
    ) -> Result<Option<Arc<Topic>>, Refusal> {
        if !self.topics.contains_key(question) {
            return Ok(None);
        }
        self.count(question, origin)?;
        Ok(self.topics.get_mut(question).map(|entry| {
            entry.watchers += 1;
            entry.topic.clone()
        }))
    }

    /// Begins to ask something that nobody asks yet.
    ///
    /// # Errors
    /// As much is watched as may be, by all or by the address.
    pub(super) fn begin(
        &mut self,
        question: SlotsQuestion,
        origin: Option<AddressKey>,
        topic: Arc<Topic>,
    ) -> Result<(), Refusal> {
        let bytes = topic.total.load(Ordering::Relaxed) + (self.topics.len() + 1) * QUESTION_BYTES;
        if self.topics.len() >= QUESTIONS || bytes > BYTES {
            return Err(Refusal::Unavailable);
        }
        self.count(&question, origin)?;
        self.topics.insert(question, Entry { topic, watchers: 1 });
        Ok(())
    }

    fn count(&mut self, question: &SlotsQuestion, origin: Option<AddressKey>) -> Result<(), Refusal> {
        let Some(address) = origin else { return Ok(()) };
        let asked = self.of_addresses.entry(address).or_default();
        if !asked.contains_key(question) {
            let topics = asked.keys().filter_map(|question| self.topics.get(question));
            let bytes: usize = topics.map(|entry| entry.topic.snapshot().bytes() + QUESTION_BYTES).sum();
            if asked.len() >= QUESTIONS_PER_ADDRESS || bytes >= BYTES_PER_ADDRESS {
                return Err(Refusal::RateLimited { retry_after_s: RETRY_AFTER_S });
            }
        }
        *asked.entry(question.clone()).or_default() += 1;
        Ok(())
    }

    /// Leaves a question; true if nobody asks it any more.
    pub(super) fn leave(&mut self, question: &SlotsQuestion, origin: Option<AddressKey>, topic: &Arc<Topic>) -> bool {
        self.discount(question, origin);
        let Some(entry) = self.topics.get_mut(question).filter(|entry| Arc::ptr_eq(&entry.topic, topic)) else {
            return false;
        };
        entry.watchers -= 1;
        let last = entry.watchers == 0;
        if last {
            self.topics.remove(question);
        }
        last
    }

    fn discount(&mut self, question: &SlotsQuestion, origin: Option<AddressKey>) {
        let Some(address) = origin else { return };
        let Some(asked) = self.of_addresses.get_mut(&address) else { return };
        if let Some(count) = asked.get_mut(question) {
            *count -= 1;
            if *count == 0 {
                asked.remove(question);
            }
        }
        if asked.is_empty() {
            self.of_addresses.remove(&address);
        }
    }

    /// Forgets a question that cannot be asked any more.
    pub(super) fn end(&mut self, question: &SlotsQuestion, topic: &Arc<Topic>) {
        if self.topics.get(question).is_some_and(|entry| Arc::ptr_eq(&entry.topic, topic)) {
            self.topics.remove(question);
        }
    }

    /// How many questions are asked now.
    pub(super) fn len(&self) -> usize {
        self.topics.len()
    }
}
