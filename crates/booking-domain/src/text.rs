//! Texts from people, parsed once: names, slugs, e-mail addresses, and short JSON.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::invalid::Invalid;
use crate::limits;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $check:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text, trimmed, if it is one.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let check: fn(&str) -> Result<String, Invalid> = $check;
                check(text.trim()).map(Self)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    )+};
}

texts! {
    /// A name or title: one line, 1 to 200 characters.
    Name: |text| line(text, limits::NAME_CHARS);
    /// A description, note or reason: any lines, up to 4,000 characters, may be empty.
    Prose: prose;
    /// A part of an address: lower-case letters, digits and single hyphens between them, up to 63 bytes.
    Slug: slug;
    /// A key in a JSON object: letters, digits, `_` and `-`, 1 to 63 bytes.
    Key: key;
    /// An e-mail address (RFC 5321 length, one `@`, a dotted domain), kept as written.
    Email: email;
    /// A phone number as people write it: digits, spaces and `+-()./`, at least 3 digits, up to 40 characters.
    Phone: phone;
}

impl Default for Prose {
    /// Nothing said.
    fn default() -> Self {
        Self(String::new())
    }
}

fn line(text: &str, max_chars: usize) -> Result<String, Invalid> {
    if text.is_empty() {
        Err(Invalid("must not be empty"))
    } else if text.chars().any(char::is_control) {
        Err(Invalid("must be one line without control characters"))
    } else if text.chars().count() > max_chars {
        Err(Invalid("is too long"))
    } else {
        Ok(text.to_owned())
    }
}

fn prose(text: &str) -> Result<String, Invalid> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        Err(Invalid("must not contain control characters"))
    } else if text.chars().count() > limits::TEXT_CHARS {
        Err(Invalid("is too long"))
    } else {
        Ok(text.to_owned())
    }
}

fn slug(text: &str) -> Result<String, Invalid> {
    let shaped = !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && text.split('-').all(|part| !part.is_empty());
    match shaped {
        true if text.len() <= limits::SLUG_BYTES => Ok(text.to_owned()),
        true => Err(Invalid("is too long")),
        false => Err(Invalid("must be lower-case letters, digits and single hyphens between them")),
    }
}

fn key(text: &str) -> Result<String, Invalid> {
    let shaped = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if shaped && (1..=limits::SLUG_BYTES).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err(Invalid("must be 1 to 63 letters, digits, underscores and hyphens"))
    }
}

fn email(text: &str) -> Result<String, Invalid> {
    let plain =
        |part: &str| part.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"<>()[]\\,;:\"@".contains(c));
    let dotted = |host: &str| host.contains('.') && host.split('.').all(|label| !label.is_empty());
    match text.split_once('@') {
        Some((user, host))
            if !user.is_empty() && plain(user) && plain(host) && dotted(host) && text.len() <= limits::EMAIL_BYTES =>
        {
            Ok(text.to_owned())
        }
        _ => Err(Invalid("must be an e-mail address")),
    }
}

fn phone(text: &str) -> Result<String, Invalid> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let shaped = text.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    if shaped && (3..=40).contains(&digits) && text.len() <= 40 {
        Ok(text.to_owned())
    } else {
        Err(Invalid("must be a phone number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_user_an_at_and_a_dotted_domain() {
        for good in ["ada@example.org", "a.b+c@mail.example.co.uk", "ü@exämple.de"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "a b@example.org",
            "a@b@example.org",
            "a@example..org",
            "<a@example.org>",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_slug_is_lower_case_with_single_hyphens() {
        assert!(Slug::parse("live-room-2").is_ok());
        for bad in ["", "-a", "a-", "a--b", "Live", "a/b", "a b", "ä"] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
        assert!(Slug::parse(&"a".repeat(64)).is_err());
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(Name::parse("  Studio A ").map(String::from), Ok("Studio A".to_owned()));
        assert!(Name::parse("   ").is_err());
        assert!(Name::parse("two\nlines").is_err());
        assert!(Name::parse(&"x".repeat(201)).is_err());
    }
}
