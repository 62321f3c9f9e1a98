//! Texts from people, parsed once: names, slugs, e-mail addresses, and short JSON.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::invalid::Invalid;
use crate::limits;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $check:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text, trimmed, if it is one.
            ///
            /// # Errors
            /// It is not, with the reason.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                let check: fn(&str) -> Result<String, Invalid> = $check;
                check(text.trim()).map(Self)
            }

            /// A text as it is kept: it was let in by the rule of its time, which may have been another.
            pub const fn stored(text: String) -> Self {
                Self(text)
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

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::stored(text)
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
    /// A name or title: one line, 1 to 200 characters, one of which can be seen.
    Name: |text| line(text, limits::NAME_CHARS);
    /// A description, note or reason: any lines, up to 4,000 characters, may be empty.
    Prose: prose;
    /// A part of an address: lower-case letters, digits and single hyphens between them, up to 63 bytes.
    Slug: slug;
    /// A key in a JSON object: letters, digits, `_` and `-`, 1 to 63 bytes.
    Key: key;
    /// An e-mail address (RFC 5321 length, one `@`, a dotted domain), kept as written.
    Email: email;
    /// A phone number of 3 to 40 digits, up to 40 characters: digits, spaces and `+-()./`, and an extension such as ` ext. 12` at
    /// the end. People may write it with other digits, spaces, dashes and extensions, or as a link (RFC 3966).
    Phone: phone;
}

impl Default for Prose {
    /// Nothing said.
    fn default() -> Self {
        Self(String::new())
    }
}

/// Letters and symbols (Unicode, general category) that are shown as nothing.
const BLANK: [char; 6] = ['\u{115f}', '\u{1160}', '\u{2800}', '\u{3164}', '\u{ffa0}', '\u{fffc}'];

/// Whether something is seen where this is shown by itself.
fn is_visible(c: char) -> bool {
    use GeneralCategoryGroup::{Letter, Number, Punctuation, Symbol};
    matches!(c.general_category_group(), Letter | Number | Punctuation | Symbol) && !BLANK.contains(&c)
}

fn line(text: &str, max_chars: usize) -> Result<String, Invalid> {
    if text.is_empty() {
        Err(Invalid("must not be empty"))
    } else if !text.chars().any(is_visible) {
        Err(Invalid("must have a character that can be seen"))
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
    let wrong = Invalid("must be a phone number");
    let plain: String = text.chars().filter_map(plain_of_phone).collect::<String>().to_ascii_lowercase();
    let plain = plain.trim();
    let (number, extension) = extension_of(plain.strip_prefix("tel:").unwrap_or(plain).trim()).ok_or(wrong)?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let shaped = number.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    if !shaped || number.matches('+').count() > 1 || !(3..=40).contains(&digits) {
        return Err(wrong);
    }
    let whole = match extension {
        "" => number.to_owned(),
        extension if extension.bytes().all(|b| b.is_ascii_digit()) => format!("{number} ext. {extension}"),
        _ => return Err(wrong),
    };
    if whole.len() <= 40 { Ok(whole) } else { Err(wrong) }
}

/// What people write in phone numbers, in ASCII; nothing for marks that are not seen, such as those around a copied number.
fn plain_of_phone(c: char) -> Option<char> {
    const ZEROS: [u32; 3] = [0x0660, 0x06f0, 0xff10];
    let digit = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|digit| *digit < 10));
    match c {
        _ if digit.is_some() => digit.and_then(|digit| char::from_digit(digit, 10)),
        '\u{ff0b}' => Some('+'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c if c.general_category_group() == GeneralCategoryGroup::Other => None,
        c => Some(c),
    }
}

/// The number, and the extension that follows it, which may be empty: `+1 415 555 2671` and `12` of `+1 415 555 2671 x12`. Nothing
/// where an extension is begun and is none.
fn extension_of(text: &str) -> Option<(&str, &str)> {
    const MARKS: [&str; 7] = [";ext=", "extension", "ext.", "ext", "x.", "x", "#"];
    let Some((number, extension)) = MARKS.iter().find_map(|mark| text.split_once(mark)) else {
        return Some((text, ""));
    };
    let extension = extension.trim();
    (!extension.is_empty()).then_some((number.trim_end_matches([' ', ',', ';']), extension))
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

    #[test]
    fn a_name_can_be_seen() {
        for good in ["Ö", "李", "5", "🎹", "e\u{301}", "\u{202b}עדה\u{202c}", "?"] {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "\u{fffc}",
            "\u{200b}",
            "\u{2800}",
            "\u{3164}",
            "\u{202e}\u{202c}",
            "\u{200f} \u{2066}",
            "\u{ad}",
            "\u{301}",
        ] {
            assert!(Name::parse(bad).is_err(), "{}", bad.escape_unicode());
        }
    }

    #[test]
    fn what_was_let_in_before_can_still_be_read() {
        let name: Name = serde_json::from_str("\"\u{200b}\"").unwrap();
        assert_eq!(name, Name::stored("\u{200b}".to_owned()));
    }

    #[test]
    fn a_phone_number_is_taken_as_people_write_it() {
        for (written, kept) in [
            ("+49 40 123-456", "+49 40 123-456"),
            ("+1 415 555 2671 ext. 12", "+1 415 555 2671 ext. 12"),
            ("+1 415 555 2671 EXT 12", "+1 415 555 2671 ext. 12"),
            ("(415) 555-2671 x12", "(415) 555-2671 ext. 12"),
            ("415.555.2671, extension 7", "415.555.2671 ext. 7"),
            ("tel:+1-415-555-2671;ext=12", "+1-415-555-2671 ext. 12"),
            ("TEL:030/12345#8", "030/12345 ext. 8"),
            ("+49\u{a0}40\u{2009}123\u{2011}456", "+49 40 123-456"),
            ("\u{202d}+49 40 123456\u{202c}", "+49 40 123456"),
            ("\u{200e}٠١٢٣", "0123"),
            ("\u{ff0b}\u{ff14}\u{ff19} 40 1234", "+49 40 1234"),
        ] {
            assert_eq!(Phone::parse(written).map(String::from), Ok(kept.to_owned()), "{written}");
            assert_eq!(Phone::parse(kept).map(String::from), Ok(kept.to_owned()), "{kept}");
        }
        for bad in [
            "",
            "12",
            "phone",
            "+49 40 ext. 12a",
            "x12",
            "tel:",
            "+49 40 1234 or 1235",
            "123 ext",
            "+49 40 12 x",
            "+49+40 12",
            "tel:tel:123",
            &"1".repeat(41),
        ] {
            assert!(Phone::parse(bad).is_err(), "{bad}");
        }
    }
}
