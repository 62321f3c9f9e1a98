//! Secrets: what is kept of them (hashes), how they are compared, and the pseudonyms made from them.

use std::fmt;

use booking_domain::hold::{Pseudonym, SessionId, SessionKey, SlotKey};
use booking_domain::id::BookingId;
use booking_domain::request::RequestId;
use booking_domain::secret::ManagementToken;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use crate::ids::random_bytes;

/// A SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

impl From<SessionKey> for Digest {
    /// A session's key is what is stored of it.
    fn from(SessionKey(hash): SessionKey) -> Self {
        Self(hash)
    }
}

impl From<Digest> for SessionKey {
    fn from(Digest(hash): Digest) -> Self {
        Self(hash)
    }
}

/// SHA-256 of these parts, each told apart from the next by its length. Random secrets of 122 bits and more need no salt or
/// stretching.
pub fn digest(parts: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    Digest(hasher.finalize().into())
}

/// Whether the two are equal, in constant time.
pub fn equal(one: Digest, other: Digest) -> bool {
    one.0.ct_eq(&other.0).into()
}

/// What is kept of a session id.
pub fn session_key(session: SessionId) -> SessionKey {
    digest(&[b"session", session.expose().as_bytes()]).into()
}

/// The session's pseudonym in this room: it tells nothing about the session in another room.
pub fn pseudonym(session: SessionKey, room: SlotKey) -> Pseudonym {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let hash = digest(&[b"who", &session.0, room.to_string().as_bytes()]);
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().unwrap_or(b'a');
    Pseudonym(hash.0.iter().take(12).map(|byte| char::from(letter(byte))).collect())
}

/// A new management token: 244 random bits.
pub fn draw_token() -> ManagementToken {
    ManagementToken::new(random_bytes())
}

/// What is kept of a management token.
pub fn token_hash(token: &ManagementToken) -> Digest {
    digest(&[b"management token", token.bytes()])
}

/// The token, readable only with the idempotency key of the call that made the booking; sealing it twice opens it.
///
/// An idempotent answer carries the token again, yet no secret may rest in the store: only who repeats the call knows the key that
/// opens it. The pad is as long as the token, and no other token has the same.
pub fn sealed(token: &ManagementToken, key: &RequestId, booking: BookingId) -> ManagementToken {
    let pad = digest(&[b"token seal", key.as_str().as_bytes(), booking.uuid().as_bytes()]);
    let mut bytes = *token.bytes();
    bytes.iter_mut().zip(pad.0).for_each(|(byte, pad)| *byte ^= pad);
    ManagementToken::new(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking_domain::interval::Interval;
    use uuid::Uuid;

    #[test]
    fn a_sealed_token_opens_with_its_key_lock() {
        let (token, booking) = (draw_token(), BookingId::new(Uuid::nil()));
        let [once, twice] = ["once", "twice"].map(|key| RequestId::parse(key).unwrap());
        let hidden = sealed(&token, &once, booking);
        assert_ne!(hidden, token);
        assert_eq!(sealed(&hidden, &once, booking), token);
        assert_ne!(sealed(&hidden, &twice, booking), token);
    }

    #[test]
    fn nobody_can_be_followed_from_room_to_room() {
        let start = "2027-03-10T09:00:00Z".parse().unwrap();
        let room = |minutes| SlotKey {
            event_type_id: "0192f0c1-2345-7000-8000-000000000001".parse().unwrap(),
            slot: Interval::lasting(start, minutes).unwrap(),
        };
        let session = session_key(SessionId::parse("7f1f8c62-6d5a-4c8e-9d0c-3f1f4f0f8a11").unwrap());
        assert_eq!(pseudonym(session, room(30)), pseudonym(session, room(30)));
        assert_ne!(pseudonym(session, room(30)), pseudonym(session, room(60)));
    }
}
