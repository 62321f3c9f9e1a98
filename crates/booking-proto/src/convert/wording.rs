//! Sentences that the domain holds as `&'static str`, found again when they arrive as text.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Most sentences kept: the domain has a few dozen. The bound is against a peer that invents ever new ones.
const SENTENCES: usize = 512;
/// Longest sentence kept, in bytes.
const SENTENCE_BYTES: usize = 512;
/// What is said instead of a sentence beyond the bounds.
const UNTOLD: &str = "the service says no";

static KEPT: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// The same words, kept for as long as the process lives. Each distinct sentence is kept once, and only so many are.
pub(crate) fn same_words(text: &str) -> &'static str {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    match kept.get(text) {
        Some(known) => known,
        None if kept.len() >= SENTENCES || text.len() > SENTENCE_BYTES => UNTOLD,
        None => {
            let new: &'static str = Box::leak(Box::from(text));
            kept.insert(new);
            new
        }
    }
}
