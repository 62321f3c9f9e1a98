//! The one place that draws ids and secrets.

use std::sync::Mutex;

use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use uuid::timestamp::context::ContextV7;
use uuid::{Timestamp, Uuid};

/// Draws ids: UUIDv7 (RFC 9562, 5.7) that grow from call to call, even when the clock does not.
pub struct Ids {
    context: Mutex<ContextV7>,
}

impl Default for Ids {
    fn default() -> Self {
        Self { context: Mutex::new(ContextV7::new()) }
    }
}

impl Ids {
    /// A new id, greater than every one drawn before.
    pub fn next(&self, now: DateTime<Utc>) -> Uuid {
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        Uuid::new_v7(Timestamp::from_unix(&self.context, seconds, now.timestamp_subsec_nanos()))
    }

    /// A new id, greater than every one drawn before and than this one, which another node may have drawn by a clock that is ahead.
    pub fn next_after(&self, now: DateTime<Utc>, floor: Option<Uuid>) -> Uuid {
        let drawn = self.next(now);
        match floor.filter(|floor| *floor >= drawn) {
            None => drawn,
            // In the millisecond after the floor's, and random there: two nodes that follow the same floor draw different ids.
            Some(floor) => self.next(time_of(floor) + TimeDelta::milliseconds(1)),
        }
    }
}

/// The millisecond in which an id was drawn: the first 48 bits of a UUIDv7 (RFC 9562, 5.7).
fn time_of(id: Uuid) -> DateTime<Utc> {
    let milliseconds = i64::try_from(id.as_u128() >> 80).unwrap_or_default();
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// An id that says nothing of when it was drawn: a UUIDv4 (RFC 9562, 5.4).
#[allow(clippy::disallowed_methods, reason = "this is where ids are drawn")]
pub fn random_id() -> Uuid {
    Uuid::new_v4()
}

/// 32 bytes with 244 random bits: two UUIDv4 (RFC 9562, 5.4).
#[allow(clippy::disallowed_methods, reason = "this is where secrets are drawn")]
pub fn random_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    let halves = Uuid::new_v4().into_bytes().into_iter().chain(Uuid::new_v4().into_bytes());
    bytes.iter_mut().zip(halves).for_each(|(byte, random)| *byte = random);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_follows_all_before_it_even_those_of_a_node_that_is_ahead() {
        let (ids, now) = (Ids::default(), DateTime::from_timestamp_millis(1_900_000_000_000).unwrap());
        let ahead = Ids::default().next(now + TimeDelta::minutes(1));
        let one = ids.next_after(now, Some(ahead));
        let two = ids.next_after(now, Some(one));
        assert!(ahead < one && one < two);
        assert!(two < ids.next(now), "and it goes on from there");
        assert_eq!((one.get_version_num(), one.get_variant()), (7, uuid::Variant::RFC4122));
        let other = Ids::default().next_after(now, Some(ahead));
        assert!(ahead < other && other != one, "another node that follows the same id draws a different one");
    }
}
