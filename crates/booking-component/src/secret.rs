//! Secrets: what is kept of them (hashes), how they are compared, and the pseudonyms made from them.

use std::fmt;

use booking_domain::hold::{Pseudonym, SessionId, SessionKey, SlotKey};
use booking_domain::id::BookingId;
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
    SessionKey(digest(&[b"session", session.expose().as_bytes()]).0)
}

/// The session's pseudonym in this room: it tells nothing about the session in another room.
pub fn pseudonym(session: SessionKey, room: SlotKey) -> Pseudonym {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let hash = digest(&[b"who", &session.0, room.to_string().as_bytes()]);
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().unwrap_or(b'a');
    Pseudonym(hash.0.iter().take(12).map(|byte| char::from(letter(byte))).collect())
}

/// The secret that lets its bearer see and change one booking: 244 random bits, written as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A new one.
    pub fn draw() -> Self {
        Self(random_bytes())
    }

    /// One that somebody shows, if it is shaped like one.
    pub fn shown(text: &str) -> Option<Self> {
        let digits = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
        }
        digits.then_some(Self(bytes))
    }

    /// The secret itself, to be told to its owner.
    pub fn expose(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What is kept of it.
    pub fn hash(&self) -> Digest {
        digest(&[b"management token", &self.0])
    }

    /// The token, readable only with the idempotency key of the call that made the booking; sealing it twice opens it.
    ///
    /// An idempotent answer carries the token again, yet no secret may rest in the store: only who repeats the call knows the
    /// key that opens it. The pad is as long as the token, and no other token has the same.
    pub fn sealed(&self, idempotency_key: &str, booking: BookingId) -> Self {
        let pad = digest(&[b"token seal", idempotency_key.as_bytes(), booking.uuid().as_bytes()]);
        let mut bytes = self.0;
        bytes.iter_mut().zip(pad.0).for_each(|(byte, pad)| *byte ^= pad);
        Self(bytes)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking_domain::interval::Interval;
    use uuid::Uuid;

    #[test]
    fn a_sealed_token_opens_with_its_key_lock() {
        let (token, booking) = (Token::draw(), BookingId::new(Uuid::nil()));
        let sealed = token.sealed("once", booking);
        assert_ne!(sealed, token);
        assert_eq!(sealed.sealed("once", booking), token);
        assert_ne!(sealed.sealed("twice", booking), token);
    }

    #[test]
    fn a_token_is_read_as_it_was_told() {
        let token = Token::draw();
        assert_eq!(Token::shown(&token.expose()), Some(token));
        for wrong in ["", "zz", &"g".repeat(64), &"+1".repeat(32), &"ä".repeat(32)] {
            assert_eq!(Token::shown(wrong), None, "{wrong}");
        }
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
