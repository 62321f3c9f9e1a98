//! Keys and tokens: texts that are sent and hashed, and never shown.

use std::fmt;

use crate::invalid::Invalid;

/// Longest key or token, in bytes: ours are far shorter, and a header has to hold it.
const SECRET_BYTES: usize = 256;

/// An API key, as its owner sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// Lets its bearer see, cancel and reschedule one booking: 32 bytes, written as 64 hexadecimal digits in lower case.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ManagementToken([u8; 32]);

impl ApiKey {
    /// The key in this text.
    ///
    /// # Errors
    /// It is empty, longer than 256 bytes, or has anything but visible ASCII characters.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        visible(text).map(Self)
    }

    /// The secret itself, to be sent or hashed.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl ManagementToken {
    /// The token of these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The token in this text.
    ///
    /// # Errors
    /// It is not 64 hexadecimal digits in lower case.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        Self::read(text).ok_or(Invalid("must be 64 hexadecimal digits in lower case"))
    }

    /// The token that somebody shows. What can never have been given shows nothing.
    ///
    /// # Errors
    /// It is empty, longer than 256 bytes, or has anything but visible ASCII characters.
    pub fn shown(text: &str) -> Result<Option<Self>, Invalid> {
        visible(text).map(|text| Self::read(&text))
    }

    fn read(text: &str) -> Option<Self> {
        let is_digit = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 64 || !text.bytes().all(is_digit) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The secret itself, to be hashed.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The secret itself, to be sent.
    pub fn expose(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn visible(text: &str) -> Result<String, Invalid> {
    let shaped = (1..=SECRET_BYTES).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if shaped { Ok(text.to_owned()) } else { Err(Invalid("must be 1 to 256 visible ASCII characters")) }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

impl fmt::Debug for ManagementToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManagementToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = ManagementToken::new(std::array::from_fn(|nth| u8::try_from(nth * 7).unwrap()));
        assert_eq!(ManagementToken::parse(&token.expose()).as_ref(), Ok(&token));
        assert_eq!(ManagementToken::shown(&token.expose()), Ok(Some(token)));
    }

    #[test]
    fn what_was_never_given_shows_nothing() {
        for wrong in ["zz", &"g".repeat(64), &"+1".repeat(32), &"A".repeat(64), &"a".repeat(63)] {
            assert_eq!(ManagementToken::shown(wrong), Ok(None), "{wrong}");
            assert!(ManagementToken::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "two words", &"\u{e4}".repeat(32), &"a".repeat(257)] {
            assert!(ManagementToken::shown(wrong).is_err(), "{wrong}");
        }
    }
}
