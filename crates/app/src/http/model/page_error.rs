//! What a page tells of itself when it falls over. A browser sends it, so anybody may: it is held to a few shapes and known words.

use booking_domain::invalid::Invalid;
use booking_domain::limits;
use booking_domain::refusal::{Fields, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

/// What broke in a page, and where. Nothing of who uses it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PageError {
    /// Which kind of page: `booking`, `offers`, `manage`. Whatever else it says counts as `other`.
    #[schema(required)]
    pub page: String,
    /// What kind of error: `TypeError`.
    #[schema(required, min_length = 1, max_length = 64, pattern = r"^[A-Za-z_$][A-Za-z0-9_$]*$")]
    pub name: String,
    /// What the browser says of it, without anything of its user.
    #[schema(required, max_length = 300)]
    pub message: String,
    /// The script, line and column, where it is a script of ours.
    #[schema(
        max_length = 160,
        pattern = r"^[A-Za-z0-9_./-]+\.js:\d{1,7}:\d{1,7}$",
        example = "assets/index-BHBcT.js:1:4711"
    )]
    pub at: Option<String>,
}

/// What broke, as it is logged and counted.
#[derive(Debug, PartialEq, Eq)]
pub struct LoggedError {
    /// Which kind of page.
    pub page: PageKind,
    /// What kind of error.
    pub name: String,
    /// What the browser says of it: one line, without what looks like somebody's.
    pub message: String,
    /// The script, line and column.
    pub at: Option<String>,
}

impl PageError {
    /// The error in these fields.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(self) -> Result<LoggedError, Refusal> {
        let mut wrong = Fields::default();
        let name = wrong.take("name", name(self.name));
        let message =
            wrong.take("message", short(&self.message, limits::PAGE_ERROR_MESSAGE_CHARS).map(without_personal_words));
        let at = wrong.take("at", self.at.map(place).transpose());
        let page = PageKind::named(&self.page);
        wrong.finish(name.zip(message).zip(at).map(|((name, message), at)| LoggedError { page, name, message, at }))
    }
}

/// The kinds of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// Where a time is chosen and booked.
    Booking,
    /// What an organization offers.
    Offers,
    /// Where a booking is looked after.
    Manage,
    /// Anything else.
    Other,
}

impl PageKind {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [Self; 4] = [Self::Booking, Self::Offers, Self::Manage, Self::Other];

    /// The kind of this name.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|page| page.as_str() == name).unwrap_or(Self::Other)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Offers => "offers",
            Self::Manage => "manage",
            Self::Other => "other",
        }
    }
}

fn short(text: &str, most: usize) -> Result<&str, Invalid> {
    if text.chars().count() > most { Err(Invalid("is too long")) } else { Ok(text) }
}

fn name(text: String) -> Result<String, Invalid> {
    let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'));
    if text.is_empty() || text.starts_with(|first: char| first.is_ascii_digit()) || !is_name {
        return Err(Invalid("must be the name of an error"));
    }
    short(&text, limits::PAGE_ERROR_NAME_CHARS)?;
    Ok(text)
}

fn place(text: String) -> Result<String, Invalid> {
    let wrong = Invalid("must be a script with line and column");
    short(&text, limits::PAGE_ERROR_PLACE_CHARS)?;
    let (rest, column) = text.rsplit_once(':').ok_or(wrong)?;
    let (script, line) = rest.rsplit_once(':').ok_or(wrong)?;
    let is_number = |digits: &str| (1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_path = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-');
    let is_script = script.len() > 3 && script.ends_with(".js") && script.bytes().all(is_path);
    if is_script && is_number(line) && is_number(column) { Ok(text) } else { Err(wrong) }
}

/// The text on one line, without the words that may be personal. Pages leave them out already, but whoever sends this need not be one.
fn without_personal_words(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.map(|word| if may_be_personal(word) { "…" } else { word }).collect::<Vec<_>>().join(" ")
}

/// Addresses, links, numbers and secrets.
fn may_be_personal(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.contains('@') || word.contains("://") || digits > 3 || word.chars().count() > 40
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(page: &str, message: &str) -> LoggedError {
        let report = PageError { page: page.into(), name: "TypeError".into(), message: message.into(), at: None };
        report.parse().unwrap()
    }

    fn wrong(report: PageError) -> Vec<String> {
        match report.parse() {
            Err(Refusal::InvalidArgument { errors }) => errors.into_iter().map(|error| error.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_message_is_one_line_without_what_may_be_personal() {
        for (sent, logged) in [
            ("undefined is not an object (evaluating 'a.start')", "undefined is not an object (evaluating 'a.start')"),
            ("a\r\nWARN forged: \u{1b}[31mred\u{0}\u{85}x", "a WARN forged: [31mred x"),
            ("mail ada@example.org now", "mail … now"),
            ("at https://book.example.org/bookings/1#token=ab", "at …"),
            ("no 0198c0de-0000-7000-8000-000000000000", "no …"),
            ("call 030/123456 or +4930", "call … or …"),
            (&"x".repeat(41), "…"),
            ("", ""),
        ] {
            assert_eq!(parsed("booking", sent).message, logged);
        }
    }

    #[test]
    fn what_is_no_kind_of_page_is_another() {
        for page in ["", "Booking", "admin", "a\"} 1\nx", &"y".repeat(1000)] {
            assert_eq!(parsed(page, "").page, PageKind::Other);
        }
        for page in PageKind::ALL {
            assert_eq!(parsed(page.as_str(), "").page, page);
        }
    }

    #[test]
    fn names_and_places_have_their_shapes() {
        let report = |name: &str, at: &str| PageError {
            name: name.into(),
            at: Some(at.into()),
            message: "m".repeat(300),
            ..PageError::default()
        };
        for at in ["assets/index-Bx_1.js:1:2345", "first-paint.js:12:0"] {
            assert_eq!(report("$Error_1", at).parse().unwrap().at.as_deref(), Some(at));
        }
        let long = format!("{}.js:1:1", "a".repeat(160));
        for at in ["", ".js:1:1", "a.js", "a.js:1", "a.js:1:x", "a.js:12345678:1", "a b.js:1:1", "é.js:1:1", &long] {
            assert_eq!(wrong(report("E", at)), ["at"], "{at}");
        }
        for name in ["", "1E", "Type Error", "Ü", "a\n", &"E".repeat(65)] {
            assert_eq!(wrong(report(name, "a.js:1:1")), ["name"], "{name}");
        }
        assert_eq!(
            wrong(PageError { message: "m".repeat(301), name: "E".into(), ..PageError::default() }),
            ["message"]
        );
    }
}
