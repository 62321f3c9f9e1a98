//! Idempotency: a call that creates, made twice with the same key, answers what it answered the first time.

use std::collections::BTreeMap;

use booking_domain::id::OrganizationId;
use booking_domain::refusal::{Invalid, Refusal};
use booking_domain::{DateTime, Utc, limits};
use chrono::TimeDelta;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::secret::Hash;
use crate::service::Answer;
use crate::store::idempotency::{self, Record, RecordKey};
use crate::store::{StoreError, Tx};

/// A call's idempotency key, and what the call asks.
#[derive(Clone, Debug)]
pub struct Once {
    /// Which call: keys of different calls do not meet.
    pub call: &'static str,
    /// The caller's key. It never rests in the store, since it opens the sealed token of the answer.
    pub key: String,
    /// The hash of the request.
    pub fingerprint: [u8; 32],
}

impl Once {
    /// The key, if there is one: 1 to 255 visible ASCII characters.
    pub fn parse(call: &'static str, key: &str, request: &[u8]) -> Result<Option<Self>, Invalid> {
        if key.is_empty() {
            Ok(None)
        } else if key.len() > limits::IDEMPOTENCY_KEY_BYTES || !key.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            Err(Invalid("must be 1 to 255 visible ASCII characters"))
        } else {
            let fingerprint = Hash::of(&[b"request", request]).0;
            Ok(Some(Self { call, key: key.to_owned(), fingerprint }))
        }
    }

    fn record_key(&self) -> RecordKey {
        RecordKey { call: self.call.to_owned(), key_hash: Hash::of(&[b"idempotency", self.key.as_bytes()]).0 }
    }
}

/// Earlier answers to the calls of one transaction, and its own.
#[derive(Default)]
pub struct Replays {
    known: BTreeMap<RecordKey, Record>,
    fresh: Vec<RecordKey>,
}

impl Replays {
    /// The answers of the last 24 hours to these calls.
    pub async fn load<'a>(
        tx: &mut Tx,
        organization: OrganizationId,
        calls: impl Iterator<Item = &'a Once>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let keys: Vec<RecordKey> = calls.map(Once::record_key).collect();
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let since = now - TimeDelta::hours(limits::IDEMPOTENCY_HOURS);
        let known = idempotency::find_many(tx, organization, &keys, since).await?;
        Ok(Self { known: known.into_iter().collect(), fresh: Vec::new() })
    }

    /// What the call answered the first time, if there was one.
    pub fn find<T: DeserializeOwned>(&self, once: &Once) -> Result<Option<Answer<T>>, StoreError> {
        match self.known.get(&once.record_key()) {
            None => Ok(None),
            Some(record) if record.fingerprint != once.fingerprint => Ok(Some(Err(Refusal::IdempotencyMismatch.into()))),
            Some(record) => match serde_json::from_str(&record.answer) {
                Ok(answer) => Ok(Some(Ok(answer))),
                Err(error) => Err(StoreError::corrupt("idempotency", error)),
            },
        }
    }

    /// Remembers what a call answered.
    pub fn remember<T: Serialize>(&mut self, once: &Once, answer: &T) -> Result<(), StoreError> {
        let answer = serde_json::to_string(answer).map_err(|error| StoreError::corrupt("idempotency", error))?;
        let key = once.record_key();
        self.fresh.push(key.clone());
        self.known.insert(key, Record { fingerprint: once.fingerprint, answer });
        Ok(())
    }

    /// Saves what was remembered.
    pub async fn save(&self, tx: &mut Tx, organization: OrganizationId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let fresh = self.fresh.iter().filter_map(|key| Some((key, self.known.get(key)?)));
        idempotency::insert_many(tx, organization, &fresh.collect::<Vec<_>>(), now).await
    }
}
