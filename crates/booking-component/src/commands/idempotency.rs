//! Idempotency: a call that creates, made twice with the same key, answers what it answered the first time.

use std::collections::BTreeMap;

use booking_domain::address::AddressKey;
use booking_domain::hold::SessionKey;
use booking_domain::id::OrganizationId;
use booking_domain::refusal::Refusal;
use booking_domain::request::RequestId;
use booking_domain::{DateTime, Utc, limits};
use chrono::TimeDelta;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::caller::Caller;
use crate::error::ServiceResult;
use crate::secret::Digest;
use crate::secret::digest;
use crate::store::idempotency::{self, CallKey, Record};
use crate::store::{StoreError, Tx};

/// A call's idempotency key, and what the call asks.
#[derive(Clone, Debug)]
pub struct Once {
    /// Which call: keys of different calls do not meet.
    pub call: &'static str,
    /// The caller's key. It never rests in the store, since it opens the sealed token of the answer.
    pub key: RequestId,
    /// Whose key it is: nobody meets the keys of others.
    pub owner: KeyOwner,
    /// The hash of the request.
    pub fingerprint: Digest,
}

/// Whose an idempotency key is.
#[derive(Clone, Copy, Debug)]
pub enum KeyOwner {
    /// The organization's: of those who have a key to it.
    Organization,
    /// A session's of the public, wherever it is.
    Session(SessionKey),
    /// Of the public at an address, as far as that is known.
    Address(Option<AddressKey>),
}

impl KeyOwner {
    /// Who calls, by this session if they have one.
    pub const fn of(caller: Caller, session: Option<SessionKey>) -> Self {
        match (caller.is_public(), session) {
            (false, _) => Self::Organization,
            (true, Some(session)) => Self::Session(session),
            (true, None) => Self::Address(caller.address()),
        }
    }
}

impl Once {
    /// What a call asks once, if it has an idempotency key. The fingerprint is that of all that it asks besides.
    pub fn of_call(call: &'static str, key: Option<RequestId>, fingerprint: Digest) -> Option<Self> {
        key.map(|key| Self { call, key, owner: KeyOwner::Organization, fingerprint })
    }

    /// The same as this one's own.
    pub fn of(self, owner: KeyOwner) -> Self {
        Self { owner, ..self }
    }

    fn call_key(&self) -> CallKey {
        let key = self.key.as_str().as_bytes();
        let key = match self.owner {
            KeyOwner::Organization => digest(&[b"idempotency", key]),
            KeyOwner::Session(session) => digest(&[b"idempotency of a session", &session.0, key]),
            KeyOwner::Address(address) => {
                let address = address.map_or_else(String::new, |address| address.to_string());
                digest(&[b"idempotency at an address", address.as_bytes(), key])
            }
        };
        CallKey { call: self.call.to_owned(), key }
    }
}

/// Earlier answers to the calls of one transaction, and its own.
#[derive(Default)]
pub(crate) struct Replays {
    known: BTreeMap<CallKey, Record>,
    fresh: Vec<CallKey>,
}

impl Replays {
    /// The answers of the last 24 hours to these calls.
    pub(crate) async fn load<'a>(
        tx: &mut Tx,
        organization: OrganizationId,
        calls: impl Iterator<Item = &'a Once>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let keys: Vec<CallKey> = calls.map(Once::call_key).collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let since = now - TimeDelta::hours(limits::IDEMPOTENCY_HOURS);
        let known = idempotency::find_many(tx, organization, &keys).await?.into_iter();
        let recent = known.filter(|record| record.created_at > since).map(|record| (record.key.clone(), record));
        Ok(Self { known: recent.collect(), fresh: Vec::new() })
    }

    /// What the call answered the first time, if there was one.
    pub(crate) fn find<T: DeserializeOwned>(&self, once: &Once) -> Result<Option<ServiceResult<T>>, StoreError> {
        match self.known.get(&once.call_key()) {
            None => Ok(None),
            Some(record) if record.fingerprint != once.fingerprint => {
                Ok(Some(Err(Refusal::IdempotencyMismatch.into())))
            }
            Some(record) => Ok(Some(Ok(serde_json::from_str(&record.answer).map_err(unreadable)?))),
        }
    }

    /// Remembers what a call answered.
    pub(crate) fn remember<T: Serialize>(
        &mut self,
        once: &Once,
        answer: &T,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let key = once.call_key();
        let answer = serde_json::to_string(answer).map_err(unreadable)?;
        self.fresh.push(key.clone());
        self.known.insert(key.clone(), Record { key, fingerprint: once.fingerprint, answer, created_at: now });
        Ok(())
    }

    /// Saves what was remembered.
    pub(crate) async fn save(&self, tx: &mut Tx, organization: OrganizationId) -> Result<(), StoreError> {
        let fresh: Vec<Record> = self.fresh.iter().filter_map(|key| self.known.get(key)).cloned().collect();
        if fresh.is_empty() { Ok(()) } else { idempotency::insert_many(tx, organization, &fresh).await }
    }
}

fn unreadable(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: "idempotency", why: error.to_string() }
}
