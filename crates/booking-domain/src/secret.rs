//! Keys and tokens: texts that are sent and hashed, and never shown.

use std::fmt;

use crate::invalid::Invalid;

/// Longest key or token, in bytes: ours are far shorter, and a header has to hold it.
const SECRET_BYTES: usize = 256;

/// An API key, as its owner sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

/// Lets its bearer see, cancel and reschedule one booking.
#[derive(Clone, PartialEq, Eq)]
pub struct ManagementToken(String);

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
    /// The token in this text.
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
