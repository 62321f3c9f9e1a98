//! Looking for a page along several indexes at once: whichever gets there first has found it.

use std::collections::{BTreeMap, BTreeSet};

use booking_domain::booking::BookingFilter;
use booking_domain::id::OrganizationId;
use booking_domain::limits;
use chrono::{DateTime, Utc};
use sqlx::query_as;
use uuid::Uuid;

use super::super::words;
use super::paths::{BY_WORDS, Text, UNDERWAY, along};
use crate::store::columns::{At, id_list};
use crate::store::search::Terms;
use crate::store::{StoreError, Tx};

/// Where a booking stands in a list.
pub(super) type Key = (DateTime<Utc>, Uuid);

rows! {
    struct Seen {
        list: String,
        starts_at: At,
        id: Uuid,
        search_text: String,
        fits: bool,
    }
}

impl Seen {
    const fn key(&self) -> Key {
        (self.starts_at.0, self.id)
    }
}

/// What is looked for.
pub(super) struct Question<'a> {
    pub(super) organization: OrganizationId,
    pub(super) filter: &'a BookingFilter,
    pub(super) terms: Option<Terms>,
}

impl Question<'_> {
    fn is_met_by(&self, seen: &Seen) -> bool {
        seen.fits && self.terms.as_ref().is_none_or(|terms| terms.are_in(&seen.search_text))
    }
}

/// What is read.
enum Path {
    /// An index.
    Along(&'static Text),
    /// What began before this instant and has not ended by then.
    Underway(DateTime<Utc>),
    /// Bookings with a word that contains this part, by each of these words once they are known.
    Words(String, Option<Vec<String>>),
}

/// A way through bookings, in the order of the list.
pub(super) struct Walk {
    path: Path,
    /// How far everything has been seen.
    after: Key,
    /// Where it ends.
    before: DateTime<Utc>,
    /// What fits.
    hits: BTreeSet<Key>,
    /// Whether it came to its end.
    done: bool,
}

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    /// The bookings, in the order of the list.
    pub(super) keys: Vec<Key>,
    /// How far was looked, if that was given up.
    pub(super) given_up_after: Option<Key>,
}

impl Walk {
    fn new(path: Path, after: Key, before: DateTime<Utc>) -> Self {
        Self { path, after, before, hits: BTreeSet::new(), done: false }
    }

    /// Through what is going on at an instant and began before it.
    pub(super) fn underway(at: DateTime<Utc>, after: Key, before: DateTime<Utc>) -> Self {
        Self::new(Path::Underway(at), after, before)
    }

    /// Every way to what is looked for: by each part of each term, and by each filter.
    pub(super) fn all(question: &Question<'_>, after: Key, before: DateTime<Utc>) -> Vec<Self> {
        let parts = question.terms.as_ref().map(Terms::parts).unwrap_or_default();
        let by_words = parts.into_iter().map(|part| Path::Words(part, None));
        let paths = by_words.chain(along(question.filter).into_iter().map(Path::Along));
        paths.map(|path| Self::new(path, after, before)).collect()
    }

    /// Looks at as many rows more.
    async fn step(&mut self, tx: &mut Tx, question: &Question<'_>, rows: usize) -> Result<(), StoreError> {
        if let Path::Words(part, words @ None) = &mut self.path {
            let found = words::find(tx, question.organization, part, as_limit(rows)).await?;
            if found.len() == rows {
                // As many lists as rows: there is nothing to be gained by them yet.
                return Ok(());
            }
            *words = Some(BTreeSet::from_iter(found).into_iter().collect());
        }
        let lists = match &self.path {
            Path::Words(_, Some(words)) => words.len(),
            _ => 1,
        };
        let of_each = rows / lists.max(1);
        let seen = if lists == 0 { Vec::new() } else { self.read(tx, question, of_each).await? };
        self.take(question, &seen, of_each);
        Ok(())
    }

    async fn read(&self, tx: &mut Tx, question: &Question<'_>, of_each: usize) -> Result<Vec<Seen>, StoreError> {
        let statement = match self.path {
            Path::Along(statement) => statement,
            Path::Underway(_) => &UNDERWAY,
            Path::Words(..) => &BY_WORDS,
        };
        let (statement, filter) = (statement.on(tx), question.filter);
        macro_rules! asked {
            () => {
                query_as(statement)
                    .bind(question.organization.uuid())
                    .bind(At(self.after.0))
                    .bind(self.after.1)
                    .bind(At(self.before))
                    .bind(filter.status.map(|status| status.name()))
                    .bind(filter.event_type_id.map(|id| id.uuid()))
                    .bind(filter.email.as_ref().map(|email| email.as_str().to_lowercase()))
                    .bind(filter.resource_id.map(|id| id.uuid()))
                    .bind(as_limit(of_each))
            };
        }
        match &self.path {
            Path::Along(_) => fetch_all!(tx, asked!()),
            Path::Underway(at) => fetch_all!(tx, asked!().bind(At(*at))),
            Path::Words(_, words) => {
                let words: Vec<&str> = words.iter().flatten().map(String::as_str).collect();
                let list = id_list(&words)?;
                fetch_all!(tx, asked!().bind(list))
            }
        }
    }

    /// Takes note of what was seen: of each list the next rows, which are all that it has if there are fewer than `of_each`.
    fn take(&mut self, question: &Question<'_>, seen: &[Seen], of_each: usize) {
        let mut lists: BTreeMap<&str, (usize, Key)> = BTreeMap::new();
        for row in seen {
            let (count, last) = lists.entry(&row.list).or_insert((0, row.key()));
            *count += 1;
            *last = row.key().max(*last);
        }
        self.hits.extend(seen.iter().filter(|row| question.is_met_by(row)).map(Seen::key));
        let ends = lists.into_values().filter(|(count, _)| *count == of_each).map(|(_, last)| last);
        match ends.min() {
            Some(end) => self.after = end,
            None => self.done = true,
        }
    }

    /// What is certain to come next in the list.
    fn certain(&self) -> impl Iterator<Item = Key> {
        self.hits.iter().copied().take_while(|key| self.done || *key <= self.after)
    }

    fn found(&self, wanted: usize) -> Found {
        Found { keys: self.certain().take(wanted).collect(), given_up_after: None }
    }
}

fn as_limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The next bookings that are looked for.
///
/// Each walk looks at a few rows in turn, then at twice as many, until one has all that is wanted or has come to its end. So no
/// more is looked at than a small multiple of what the best of them has to see, and nobody has to know beforehand which that is: an
/// index by a filter sees what fits the filter; by a word, what has the word; by the many words that contain a short part, one row
/// for each word at least, and where there are many words there are many bookings, which the first index soon meets. Where all of
/// them see much and nothing fits, looking ends after `limits::LIST_ROWS`.
pub(super) async fn race(
    tx: &mut Tx,
    question: &Question<'_>,
    mut walks: Vec<Walk>,
    wanted: usize,
) -> Result<Found, StoreError> {
    let mut rows = wanted;
    loop {
        for walk in &mut walks {
            walk.step(tx, question, rows).await?;
            if walk.done || walk.certain().count() >= wanted {
                return Ok(walk.found(wanted));
            }
        }
        if rows >= limits::LIST_ROWS {
            break;
        }
        rows *= 2;
    }
    let furthest = walks.iter().max_by_key(|walk| walk.after);
    Ok(furthest.map(|walk| Found { given_up_after: Some(walk.after), ..walk.found(wanted) }).unwrap_or_default())
}
