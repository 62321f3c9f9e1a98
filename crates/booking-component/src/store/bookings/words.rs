//! The words of bookings: written with them, moved with them, and looked up by their parts.

use std::collections::BTreeSet;

use booking_domain::booking::Booking;
use booking_domain::id::{BookingId, OrganizationId};
use booking_domain::text::Email;
use serde::Serialize;
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::store::columns::{At, id_list, json};
use crate::store::search::{ends, words};
use crate::store::{StoreError, Tx};

/// How many bookings that have arrived are indexed in one transaction, in the order of their words: each place in the index is
/// visited once for all of them.
const BOOKINGS_TOGETHER: i64 = 20_000;
/// How many words are written by one statement: a list of them is some hundred kilobytes.
const WORDS_TOGETHER: usize = 5_000;
/// What comes after every text: a character that none has.
const LAST: char = '\u{10ffff}';

statements! {
    WORD_STATEMENTS:
    INDEX = "INSERT INTO booking_words (organization_id, word, starts_at, booking_id)
        SELECT $1, e.value ->> 'word', CAST(e.value ->> 'starts_at' AS BIGINT), unhex(e.value ->> 'booking', '-')
        FROM json_each($2) AS e WHERE true ON CONFLICT DO NOTHING
        RETURNING word, EXISTS (SELECT 1 FROM word_suffixes AS s WHERE s.organization_id = booking_words.organization_id
            AND s.suffix = booking_words.word AND s.word = booking_words.word) AS known";
    // In one order, so that no two writers wait for each other.
    LEARN = "INSERT INTO word_suffixes (organization_id, suffix, word)
        SELECT $1, e.value ->> 'suffix', e.value ->> 'word' FROM json_each($2) AS e WHERE true
        ORDER BY e.value ->> 'suffix', e.value ->> 'word' ON CONFLICT DO NOTHING";
    MOVE = concat!("WITH ", wanted!("$2": text "word", number "starts_at", id "booking"), ",
        moved AS MATERIALIZED (SELECT w.organization_id, w.word, w.starts_at, w.booking, b.starts_at AS started_at
            FROM wanted AS w CROSS JOIN bookings AS b
            WHERE b.organization_id = w.organization_id AND b.id = w.booking AND b.starts_at <> w.starts_at)
        UPDATE booking_words SET starts_at = m.starts_at FROM moved AS m
        WHERE booking_words.organization_id = m.organization_id AND booking_words.word = m.word
          AND booking_words.starts_at = m.started_at AND booking_words.booking_id = m.booking");
    LOOK_UP = "SELECT s.word FROM word_suffixes AS s
        WHERE s.organization_id = $1 AND s.suffix >= $2 AND s.suffix < $3 ORDER BY s.suffix LIMIT $4";
    SET_ASIDE = "INSERT INTO unindexed_bookings (organization_id, booking_id)
        SELECT b.organization_id, b.id FROM bookings AS b WHERE b.organization_id = $1";
    NEXT_ASIDE = "SELECT u.organization_id FROM unindexed_bookings AS u ORDER BY u.organization_id LIMIT 1";
    LIST_ASIDE = "SELECT b.id, b.starts_at, b.search_text
        FROM (SELECT u.organization_id, u.booking_id FROM unindexed_bookings AS u WHERE u.organization_id = $1
            ORDER BY u.booking_id LIMIT $2) AS u
        CROSS JOIN bookings AS b WHERE b.organization_id = u.organization_id AND b.id = u.booking_id";
    CLEAR_ASIDE = with_wanted!("$2": id "id"; "DELETE FROM unindexed_bookings
        WHERE (organization_id, booking_id) IN (SELECT w.organization_id, w.id FROM wanted AS w)");
}

/// A word of a booking, as it is indexed.
#[derive(Serialize)]
pub(super) struct WordEntry {
    pub word: String,
    starts_at: At,
    booking: Uuid,
}

impl WordEntry {
    pub(super) fn all_in(text: &str, booking: Uuid, starts_at: At) -> impl Iterator<Item = Self> + use<> {
        words(text).into_iter().map(move |word| Self { word, starts_at, booking })
    }

    fn all_of(booking: &Booking) -> impl Iterator<Item = Self> {
        Self::all_in(&search_text(booking), booking.id.uuid(), At(booking.slot.start()))
    }
}

/// A word, by one of its ends.
#[derive(Serialize)]
pub(super) struct EndEntry<'a> {
    pub suffix: &'a str,
    pub word: &'a str,
}

/// What of a booking is searched, as it is stored. Lines, so that nothing is found that spans two of them.
pub(in crate::store) fn search_text(booking: &Booking) -> String {
    let Booking { booker, event_type_title: title, .. } = booking;
    let email = booker.email.as_ref().map_or("", Email::as_str);
    format!("{}\n{email}\n{title}", booker.name).to_lowercase()
}

/// Writes the words of new bookings.
pub(in crate::store) async fn insert(
    tx: &mut Tx,
    organization: OrganizationId,
    made: &[Booking],
) -> Result<(), StoreError> {
    index(tx, organization, &made.iter().flat_map(WordEntry::all_of).collect::<Vec<_>>()).await
}

/// Writes the words that corrected bookings have now.
pub(in crate::store) async fn insert_corrected(
    tx: &mut Tx,
    organization: OrganizationId,
    corrected: &[&Booking],
) -> Result<(), StoreError> {
    index(tx, organization, &corrected.iter().flat_map(|booking| WordEntry::all_of(booking)).collect::<Vec<_>>()).await
}

/// Moves the words of bookings whose start changes, before the bookings themselves are changed.
pub(in crate::store) async fn update(
    tx: &mut Tx,
    organization: OrganizationId,
    became: &[Booking],
) -> Result<(), StoreError> {
    let entries: Vec<WordEntry> = became.iter().flat_map(WordEntry::all_of).collect();
    if entries.is_empty() {
        return Ok(());
    }
    execute!(tx, query(MOVE).bind(organization.uuid()).bind(json(&entries)?)).map(drop)
}

async fn index(tx: &mut Tx, organization: OrganizationId, entries: &[WordEntry]) -> Result<(), StoreError> {
    for entries in entries.chunks(WORDS_TOGETHER) {
        let written: Vec<(String, bool)> =
            fetch_all!(tx, query_as(INDEX).bind(organization.uuid()).bind(json(entries)?))?;
        let unknown = written.into_iter().filter(|(_, known)| !known).map(|(word, _)| word);
        learn(tx, organization, &unknown.collect()).await?;
    }
    Ok(())
}

/// Writes words that no booking had before.
async fn learn(tx: &mut Tx, organization: OrganizationId, unknown: &BTreeSet<String>) -> Result<(), StoreError> {
    let suffixes = |word| ends(word).map(move |suffix| EndEntry { suffix, word });
    let list: Vec<EndEntry<'_>> = unknown.iter().flat_map(|word| suffixes(word)).collect();
    for list in list.chunks(WORDS_TOGETHER) {
        execute!(tx, query(LEARN).bind(organization.uuid()).bind(json(list)?))?;
    }
    Ok(())
}

/// Some of the words that contain this part, at most so many; a word may come twice.
pub(super) async fn find(
    tx: &mut Tx,
    organization: OrganizationId,
    part: &str,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    let after = format!("{part}{LAST}");
    let rows: Vec<(String,)> =
        fetch_all!(tx, query_as(LOOK_UP).bind(organization.uuid()).bind(part.to_owned()).bind(after).bind(most))?;
    Ok(rows.into_iter().map(|(word,)| word).collect())
}

/// Writes the words of all that the organization has, when it has just arrived.
///
/// # Errors
/// The database fails.
pub async fn index_arrived(tx: &mut Tx, organization: OrganizationId) -> Result<(), StoreError> {
    execute!(tx, query(SET_ASIDE).bind(organization.uuid()))?;
    while index_next(tx).await? {}
    Ok(())
}

/// Writes the words of some of the bookings that have none yet; whether there were any. There may be many: whoever starts anew goes
/// on where this ended.
pub(in crate::store) async fn index_some(mut tx: Tx) -> Result<bool, StoreError> {
    let some = index_next(&mut tx).await?;
    tx.commit().await?;
    Ok(some)
}

async fn index_next(tx: &mut Tx) -> Result<bool, StoreError> {
    let next: Option<(Uuid,)> = fetch_optional!(tx, query_as(NEXT_ASIDE))?;
    let Some(organization) = next.map(|(id,)| OrganizationId::new(id)) else { return Ok(false) };
    let rows: Vec<(Uuid, At, String)> =
        fetch_all!(tx, query_as(LIST_ASIDE).bind(organization.uuid()).bind(BOOKINGS_TOGETHER))?;
    let entries = rows.iter().flat_map(|(id, start, text)| WordEntry::all_in(text, *id, *start));
    let mut entries: Vec<WordEntry> = entries.collect();
    entries.sort_unstable_by(|one, other| (&one.word, one.starts_at.0).cmp(&(&other.word, other.starts_at.0)));
    index(tx, organization, &entries).await?;
    let ids: Vec<BookingId> = rows.iter().map(|(id, ..)| BookingId::new(*id)).collect();
    execute!(tx, query(CLEAR_ASIDE).bind(organization.uuid()).bind(id_list(&ids)?))?;
    Ok(true)
}
