//! Reading a message's fields one by one, noting every wrong one under its path in the contract.

use std::str::FromStr;

use booking_domain::event_type::minutes_within;
use booking_domain::invalid::Invalid;
use booking_domain::page::PageRequest;
use booking_domain::refusal::{Fields, Refusal};
use booking_domain::schedule::parse_zone;
use booking_domain::{DateTime, Tz, Utc, limits};
use prost_types::Timestamp;

use super::time::{instant, whole_minute};
use booking_domain::request::RequestId;

/// Reads one message. Each method gives nothing exactly when it has noted why.
pub(crate) struct Reader<'a> {
    fields: &'a mut Fields,
    at: String,
}

/// What `read` makes of a message.
///
/// # Errors
/// Every field that is wrong.
pub(crate) fn parse<T>(read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Result<T, Refusal> {
    let mut fields = Fields::default();
    let built = read(&mut Reader { fields: &mut fields, at: String::new() });
    fields.finish(built)
}

/// A page's token, which is empty when absent.
pub(crate) fn token(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl Reader<'_> {
    fn path(&self, field: &str) -> String {
        match (self.at.as_str(), field) {
            ("", field) => field.to_owned(),
            (at, "") => at.to_owned(),
            (at, field) => format!("{at}.{field}"),
        }
    }

    /// Notes that a field is wrong. The empty name is the message itself.
    pub(crate) fn wrong<T>(&mut self, field: &str, message: &str) -> Option<T> {
        let path = self.path(field);
        self.fields.wrong(path, message);
        None
    }

    /// The value, or a note. The empty name is the message itself.
    pub(crate) fn take<T>(&mut self, field: &str, parsed: Result<T, Invalid>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(Invalid(message)) => self.wrong(field, message),
        }
    }

    /// A value of a field that may be absent.
    pub(crate) fn optional<V, T>(
        &mut self,
        field: &str,
        value: Option<V>,
        parse: impl FnOnce(V) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        match value {
            None => Some(None),
            Some(value) => self.take(field, parse(value)).map(Some),
        }
    }

    /// A value of a text that is empty when absent.
    pub(crate) fn unless_empty<T>(
        &mut self,
        field: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        self.optional(field, Some(text).filter(|text| !text.is_empty()), parse)
    }

    /// An id.
    pub(crate) fn id<T: FromStr<Err = Invalid>>(&mut self, field: &str, text: &str) -> Option<T> {
        self.take(field, text.parse())
    }

    /// An id that is empty when absent.
    pub(crate) fn optional_id<T: FromStr<Err = Invalid>>(&mut self, field: &str, text: &str) -> Option<Option<T>> {
        self.unless_empty(field, text, str::parse)
    }

    /// An instant.
    pub(crate) fn instant(&mut self, field: &str, stamp: Option<Timestamp>) -> Option<DateTime<Utc>> {
        self.take(field, stamp.ok_or(Invalid("is required")).and_then(instant))
    }

    /// An instant that is a whole minute.
    pub(crate) fn minute(&mut self, field: &str, stamp: Option<Timestamp>) -> Option<DateTime<Utc>> {
        self.take(field, stamp.ok_or(Invalid("is required")).and_then(whole_minute))
    }

    /// A slot's duration, which may be left to the event type.
    pub(crate) fn duration(&mut self, minutes: Option<i64>) -> Option<Option<u32>> {
        self.optional("duration_minutes", minutes, |minutes| minutes_within(minutes, 1, limits::DURATION_MINUTES_MAX))
    }

    /// A zone, which may be left to the schedule.
    pub(crate) fn zone(&mut self, name: &str) -> Option<Option<Tz>> {
        self.unless_empty("time_zone", name, parse_zone)
    }

    /// An idempotency key.
    pub(crate) fn request_id(&mut self, text: &str) -> Option<Option<RequestId>> {
        self.unless_empty("request_id", text, RequestId::parse)
    }

    /// Which page of a list.
    pub(crate) fn page(&mut self, size: Option<u32>, token: String) -> Option<PageRequest> {
        let size = self.take("page_size", PageRequest::parse_size(size))?;
        Some(PageRequest { size, token: self::token(token) })
    }

    /// Which page of a list that had no pages once: whoever does not say gets as much as there may be.
    pub(crate) fn long_page(&mut self, size: Option<u32>, token: String) -> Option<PageRequest> {
        self.page(size.or(Some(PageRequest::longest().size)), token)
    }

    /// What `read` makes of a message inside this one.
    pub(crate) fn within<T>(&mut self, field: &str, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        let at = self.path(field);
        read(&mut Reader { fields: self.fields, at })
    }

    /// What `read` makes of each entry of a list of at most so many. Entries of a longer list are not looked at.
    pub(crate) fn each<V, T>(
        &mut self,
        field: &str,
        (values, most): (Vec<V>, usize),
        mut read: impl FnMut(&mut Reader<'_>, V) -> Option<T>,
    ) -> Option<Vec<T>> {
        if values.len() > most {
            return self.wrong(field, &format!("must have at most {most} entries"));
        }
        let count = values.len();
        let entries = values.into_iter().enumerate();
        let good: Vec<T> = entries
            .filter_map(|(i, value)| self.within(&format!("{field}[{i}]"), |entry| read(entry, value)))
            .collect();
        (good.len() == count).then_some(good)
    }

    /// What `read` makes of each entry of an answer's list, which the other side has bounded.
    pub(crate) fn all<V, T>(
        &mut self,
        field: &str,
        values: Vec<V>,
        read: impl FnMut(&mut Reader<'_>, V) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.each(field, (values, usize::MAX), read)
    }
}
