//! Lists of slots and days as they were last sent: as long as the component says that a list is still the same, its JSON is not
//! made again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::response::{IntoResponse, Response};
use booking_client::{CallError, Edited, Revision, SlotsRequest};
use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::http::answer::request_id;

/// How many bytes are kept. When there are more, all are made again as they are asked for.
const KEPT_BYTES: usize = 16 * 1024 * 1024;
/// What a list costs beside its JSON, as it is counted: its question and its revision. The emptiest list is not for nothing.
const LIST_BYTES: usize = 512;
/// Longest list that is kept, so that one does not take the place of all others.
const LIST_JSON_BYTES: usize = KEPT_BYTES / 8;

/// Which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// Slots.
    Slots,
    /// Days with the number of their slots.
    Days,
}

/// A question that is answered with a list.
pub type ListRequest = (What, SlotsRequest);

/// A list as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Which revision it was.
    pub revision: Revision,
    json: Bytes,
}

impl Sent {
    /// What it costs to keep it.
    fn bytes(&self) -> usize {
        self.json.len() + LIST_BYTES
    }
}

/// The lists that were sent.
#[derive(Default)]
pub struct Lists(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    lists: HashMap<ListRequest, Sent>,
    bytes: usize,
}

impl Lists {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was sent in answer to this question, which may not be true any more.
    pub fn find(&self, question: &ListRequest) -> Option<Sent> {
        self.kept().lists.get(question).cloned()
    }

    /// The answer to a question: what was sent before, if the component says that it is the same, or the new list.
    ///
    /// # Errors
    /// The component says that it is the same as nothing.
    pub fn answer<T, S: Serialize>(
        &self,
        (question, before): (ListRequest, Option<Sent>),
        edited: Edited<T>,
        show: impl FnOnce(T) -> S,
    ) -> Result<Response, CallError> {
        let json = match (edited, before) {
            (Edited::Same, Some(sent)) => sent.json,
            (Edited::Same, None) => return Err(CallError::Failed { request_id: None }),
            (Edited::New(list, revision), _) => {
                let json = Bytes::from(serde_json::to_vec(&show(list)).map_err(|error| unwritten(&error))?);
                if let Some(revision) = revision {
                    self.kept().keep(question, Sent { revision, json: json.clone() });
                }
                json
            }
        };
        Ok(([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response())
    }
}

impl Kept {
    fn keep(&mut self, question: ListRequest, sent: Sent) {
        if sent.json.len() > LIST_JSON_BYTES {
            return;
        }
        if self.bytes + sent.bytes() > KEPT_BYTES {
            *self = Self::default();
        }
        self.bytes += sent.bytes();
        if let Some(old) = self.lists.insert(question, sent) {
            self.bytes -= old.bytes();
        }
    }
}

fn unwritten(error: &serde_json::Error) -> CallError {
    let id = request_id();
    tracing::error!(request_id = id, %error, "a list could not be written");
    CallError::Failed { request_id: Some(id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(month: u32) -> ListRequest {
        let day = |day| booking_domain::NaiveDate::from_ymd_opt(2097, month, day).unwrap();
        let request = SlotsRequest {
            event_type_id: "01890000-0000-7000-8000-000000000000".parse().unwrap(),
            from: day(1),
            to: day(28),
            duration_minutes: None,
            time_zone: None,
            resource_id: None,
            moving: None,
        };
        (What::Days, request)
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut kept = Kept::default();
        let sent = Sent { revision: Revision::parse("a").unwrap(), json: Bytes::from(vec![0; LIST_JSON_BYTES]) };
        for month in 1..=12 {
            kept.keep(question(month), sent.clone());
            kept.keep(question(month), sent.clone());
            assert!(kept.bytes <= KEPT_BYTES);
            assert_eq!(kept.bytes, kept.lists.values().map(Sent::bytes).sum::<usize>());
        }
        assert!(!kept.lists.is_empty());
        let (before, longer) = (kept.lists.len(), Bytes::from(vec![0; LIST_JSON_BYTES + 1]));
        kept.keep(question(1), Sent { json: longer, ..sent });
        assert_eq!(kept.lists.len(), before, "what is longer than that is not kept");
    }

    #[test]
    fn the_emptiest_lists_have_a_bound_too() {
        let mut kept = Kept::default();
        let sent = Sent { revision: Revision::parse("a").unwrap(), json: Bytes::from_static(b"{\"slots\":[]}") };
        let start = booking_domain::NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
        let mut most = 0;
        for day in 0..50_000 {
            let (what, request) = question(1);
            kept.keep((what, SlotsRequest { from: start + chrono::Days::new(day), ..request }), sent.clone());
            most = most.max(kept.lists.len());
        }
        assert!(most <= 32_768, "{most}");
    }
}
