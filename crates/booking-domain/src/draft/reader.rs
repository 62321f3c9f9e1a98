//! Reading fields one by one, noting every wrong one under its path in the contract.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::draft::written::{WrittenInstant, WrittenNumber};
use crate::event_type::DURATION;
use crate::interval::whole_minute;
use crate::invalid::{Invalid, REQUIRED};
use crate::refusal::{Fields, Refusal};
use crate::request::RequestId;
use crate::schedule::parse_zone;
use crate::text::Name;

/// Fields as they come.
pub trait Draft: Sized {
    /// What they say once each of them is right.
    type Parsed;

    /// What they say. Gives nothing exactly when it has noted why.
    fn read(self, r: &mut Reader<'_>) -> Option<Self::Parsed>;

    /// What they say.
    ///
    /// # Errors
    /// Every field that is wrong.
    fn parse(self) -> Result<Self::Parsed, Refusal> {
        parse(|r| self.read(r))
    }
}

/// Reads the fields of one thing. Each method gives nothing exactly when it has noted why.
#[derive(Debug)]
pub struct Reader<'a> {
    fields: &'a mut Fields,
    at: String,
    /// Whether this is kept somewhere, and was let in by the rules of its time.
    is_kept: bool,
}

/// What `read` makes of something.
///
/// # Errors
/// Every field that is wrong.
pub fn parse<T>(read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Result<T, Refusal> {
    let mut fields = Fields::default();
    let built = read(&mut Reader { fields: &mut fields, at: String::new(), is_kept: false });
    fields.finish(built)
}

impl Reader<'_> {
    fn path(&self, field: &str) -> String {
        match (self.at.as_str(), field) {
            ("", field) => field.to_owned(),
            (at, "") => at.to_owned(),
            (at, field) => format!("{at}.{field}"),
        }
    }

    /// Notes that a field is wrong. The empty name is the thing itself.
    pub fn wrong<T>(&mut self, field: &str, message: impl Into<String>) -> Option<T> {
        let path = self.path(field);
        self.fields.wrong(path, message);
        None
    }

    /// The value, or a note. The empty name is the thing itself.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, Invalid>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(Invalid(message)) => self.wrong(field, message),
        }
    }

    /// What a text says that has to be there. Where texts cannot be absent, an empty one is.
    pub fn required<T>(
        &mut self,
        field: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<T> {
        self.take(field, if text.trim().is_empty() { Err(REQUIRED) } else { parse(text) })
    }

    /// What a value says that may be absent.
    pub fn optional<V, T>(
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

    /// What a text says that may be absent.
    pub fn optional_text<T>(
        &mut self,
        field: &str,
        text: Option<String>,
        parse: impl FnOnce(&str) -> Result<T, Invalid>,
    ) -> Option<Option<T>> {
        self.optional(field, text, |text| parse(&text))
    }

    /// An id.
    pub fn id<T: FromStr<Err = Invalid>>(&mut self, field: &str, text: &str) -> Option<T> {
        self.required(field, text, str::parse)
    }

    /// An id that may be absent.
    pub fn optional_id<T: FromStr<Err = Invalid>>(&mut self, field: &str, text: Option<String>) -> Option<Option<T>> {
        self.optional_text(field, text, str::parse)
    }

    /// A number between two bounds, both included.
    pub fn number(
        &mut self,
        field: &str,
        number: impl Into<WrittenNumber>,
        bounds: RangeInclusive<u32>,
    ) -> Option<u32> {
        let number = self.take(field, number.into().parse())?;
        match u32::try_from(number).ok().filter(|number| bounds.contains(number)) {
            Some(number) => Some(number),
            None => self.wrong(field, format!("must be between {} and {}", bounds.start(), bounds.end())),
        }
    }

    /// Such a number, which may be absent.
    pub fn optional_number<N: Into<WrittenNumber>>(
        &mut self,
        field: &str,
        number: Option<N>,
        bounds: RangeInclusive<u32>,
    ) -> Option<Option<u32>> {
        match number {
            None => Some(None),
            Some(number) => self.number(field, number, bounds).map(Some),
        }
    }

    /// An instant.
    pub fn instant(&mut self, field: &str, instant: Option<WrittenInstant>) -> Option<DateTime<Utc>> {
        self.take(field, instant.ok_or(REQUIRED).and_then(|instant| instant.parse()))
    }

    /// An instant that is a whole minute.
    pub fn minute(&mut self, field: &str, instant: Option<WrittenInstant>) -> Option<DateTime<Utc>> {
        self.take(field, instant.ok_or(REQUIRED).and_then(|instant| instant.parse()).and_then(whole_minute))
    }

    /// A slot's duration, which may be left to the event type.
    pub fn duration<N: Into<WrittenNumber>>(&mut self, minutes: Option<N>) -> Option<Option<u32>> {
        self.optional_number("duration_minutes", minutes, DURATION)
    }

    /// A zone, which may be left to the schedule.
    pub fn zone(&mut self, name: Option<String>) -> Option<Option<Tz>> {
        self.optional_text("time_zone", name, parse_zone)
    }

    /// The version of a stored thing, as a writer read it.
    pub fn version(&mut self, version: i64) -> Option<i64> {
        if version >= 1 { Some(version) } else { self.wrong("version", "must be the version that was read, from 1") }
    }

    /// Such a version, where any is meant when it is absent.
    pub fn optional_version(&mut self, version: Option<i64>) -> Option<Option<i64>> {
        version.map_or(Some(None), |version| self.version(version).map(Some))
    }

    /// An idempotency key, which may be absent.
    pub fn request_id(&mut self, text: Option<String>) -> Option<Option<RequestId>> {
        self.optional_text("request_id", text, RequestId::parse)
    }

    /// What `read` makes of a thing inside this one.
    pub fn within<T>(&mut self, field: &str, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        let at = self.path(field);
        read(&mut Reader { fields: self.fields, at, is_kept: self.is_kept })
    }

    /// What `read` makes of something that the other side keeps: a name that would not be let in today is one all the same.
    pub fn kept<T>(&mut self, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        read(&mut Reader { fields: self.fields, at: self.at.clone(), is_kept: true })
    }

    /// Notes that the texts of a field have too many characters in all. What is kept was let in by the rule of its time.
    pub fn bounded<'t>(&mut self, field: &str, texts: impl Iterator<Item = &'t str>, most: usize) -> Option<()> {
        if self.is_kept || texts.map(|text| text.chars().count()).sum::<usize>() <= most {
            return Some(());
        }
        self.wrong(field, format!("must have at most {most} characters in all"))
    }

    /// A name that has to be there.
    pub fn name(&mut self, field: &str, text: &str) -> Option<Name> {
        if self.is_kept { Some(Name::stored(text.to_owned())) } else { self.required(field, text, Name::parse) }
    }

    /// What a draft inside this one says.
    pub fn draft<D: Draft>(&mut self, field: &str, draft: D) -> Option<D::Parsed> {
        self.within(field, |r| draft.read(r))
    }

    /// What a draft inside this one says that may be absent.
    pub fn optional_draft<D: Draft>(&mut self, field: &str, draft: Option<D>) -> Option<Option<D::Parsed>> {
        draft.map_or(Some(None), |draft| self.draft(field, draft).map(Some))
    }

    /// What `read` makes of each entry of a list of at most so many. Entries of a longer list are not looked at.
    pub fn each<V, T>(
        &mut self,
        field: &str,
        (values, most): (Vec<V>, usize),
        mut read: impl FnMut(&mut Reader<'_>, V) -> Option<T>,
    ) -> Option<Vec<T>> {
        if values.len() > most {
            return self.wrong(field, format!("must have at most {most} entries"));
        }
        let count = values.len();
        let entries = values.into_iter().enumerate();
        let good: Vec<T> = entries
            .filter_map(|(i, value)| self.within(&format!("{field}[{i}]"), |entry| read(entry, value)))
            .collect();
        (good.len() == count).then_some(good)
    }

    /// What `read` makes of each entry of an answer's list, which the other side has bounded.
    pub fn all<V, T>(
        &mut self,
        field: &str,
        values: Vec<V>,
        read: impl FnMut(&mut Reader<'_>, V) -> Option<T>,
    ) -> Option<Vec<T>> {
        self.each(field, (values, usize::MAX), read)
    }
}
