//! Words that bookings have no more: erased with them, or when they are corrected, and forgotten where no booking has them.

use std::collections::BTreeSet;

use booking_domain::booking::Booking;
use booking_domain::id::OrganizationId;
use serde::Serialize;
use sqlx::{query, query_as};
use uuid::Uuid;

use super::words::{EndEntry, WordEntry, search_text};
use crate::store::columns::{At, id_list, json};
use crate::store::search::{ends, words};
use crate::store::{StoreError, Tx, nodes};

statements! {
    LOST_WORD_STATEMENTS:
    SPELLED = with_wanted!("$2": id "id"; "SELECT b.id, b.starts_at, b.search_text FROM wanted AS w CROSS JOIN bookings AS b
        WHERE b.organization_id = w.organization_id AND b.id = w.id");
    ERASE = with_wanted!("$2": text "word", number "starts_at", id "booking"; "DELETE FROM booking_words
        WHERE (organization_id, word, starts_at, booking_id) IN (
        SELECT w.organization_id, w.word, w.starts_at, w.booking FROM wanted AS w)");
    // What still stands in some booking: the first one is enough to know it.
    STILL_USED = with_wanted!("$2": text "word"; "SELECT w.word FROM wanted AS w WHERE EXISTS (
        SELECT 1 FROM booking_words AS b WHERE b.organization_id = w.organization_id AND b.word = w.word)");
    UNLEARN = with_wanted!("$2": text "suffix", text "word"; "DELETE FROM word_suffixes
        WHERE (organization_id, suffix, word) IN (SELECT w.organization_id, w.suffix, w.word FROM wanted AS w)");
}

/// A word.
#[derive(Serialize)]
struct Known<'a> {
    word: &'a str,
}

/// Erases the words that these bookings, as they shall be, have no more: before the bookings themselves are changed, and before anything
/// else is written of words.
pub(in crate::store) async fn respell(
    tx: &mut Tx,
    organization: OrganizationId,
    corrected: &[&Booking],
) -> Result<(), StoreError> {
    if corrected.is_empty() {
        return Ok(());
    }
    let list = id_list(&corrected.iter().map(|booking| booking.id).collect::<Vec<_>>())?;
    let stored: Vec<(Uuid, At, String)> = fetch_all!(tx, query_as(SPELLED).bind(organization.uuid()).bind(list))?;
    let mut lost = Vec::new();
    for (id, start, text) in stored {
        let shall = corrected.iter().find(|booking| booking.id.uuid() == id).map(|booking| search_text(booking));
        let kept = shall.as_deref().map(words).unwrap_or_default();
        lost.extend(WordEntry::all_in(&text, id, start).filter(|entry| !kept.contains(&entry.word)));
    }
    forget(tx, organization, &lost).await
}

/// Erases these words of bookings, and forgets those that no booking has any more.
pub(super) async fn forget(tx: &mut Tx, organization: OrganizationId, entries: &[WordEntry]) -> Result<(), StoreError> {
    if entries.is_empty() {
        return Ok(());
    }
    // Whoever books with one of these words now would find it known, and be found by it no more.
    nodes::hold_off_words(tx).await?;
    execute!(tx, query(ERASE).bind(organization.uuid()).bind(json(entries)?))?;
    let mut unused: BTreeSet<&str> = entries.iter().map(|entry| entry.word.as_str()).collect();
    let list = json(&unused.iter().map(|word| Known { word }).collect::<Vec<_>>())?;
    let used: Vec<(String,)> = fetch_all!(tx, query_as(STILL_USED).bind(organization.uuid()).bind(list))?;
    for (word,) in &used {
        unused.remove(word.as_str());
    }
    let suffixes = unused.iter().flat_map(|word| ends(word).map(move |suffix| EndEntry { suffix, word }));
    let suffixes: Vec<EndEntry<'_>> = suffixes.collect();
    execute!(tx, query(UNLEARN).bind(organization.uuid()).bind(json(&suffixes)?)).map(drop)
}
