//! What a watched range shows now, for those who join, and the way to those who watch.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use booking_client::SlotChange;
use booking_domain::availability::{PackedSlots, Slot, SlotState};
use bytes::Bytes;
use tokio::sync::broadcast::{Receiver, Sender, channel};

use crate::http::model::slot::Slot as SlotModel;
use crate::live::frames::frame;

/// How many changes a slow watcher may lag behind before it is given a snapshot instead.
pub(super) const QUEUE: usize = 64;
/// Slots that are written at once: a long snapshot is written as it is read, in pieces of some kilobytes, of which a connection that is
/// not read holds a dozen.
pub(super) const PIECE: usize = 64;

/// The free and held slots, and who is told of changes.
pub(super) struct SlotSnapshot {
    list: Arc<List>,
    /// Gone when it has ended.
    changes: Option<Sender<News>>,
}

/// What those who watch are told.
#[derive(Clone)]
pub(super) enum News {
    /// A whole event.
    Event(Bytes),
    /// The slots as they are now say it all.
    Anew,
}

/// The slots at one moment, counted for as long as somebody keeps them, and what was written of them while somebody sends it.
pub(super) struct List {
    slots: PackedSlots,
    bytes: usize,
    total: Arc<AtomicUsize>,
    pieces: Mutex<Vec<Weak<Vec<u8>>>>,
}

impl List {
    fn new(slots: PackedSlots, total: &Arc<AtomicUsize>) -> Self {
        let bytes = slots.bytes();
        total.fetch_add(bytes, Ordering::Relaxed);
        Self { slots, bytes, total: total.clone(), pieces: Mutex::default() }
    }

    /// A part of the event that tells all slots, from the first on; nothing after the last.
    pub(super) fn piece(&self, at: usize) -> Option<Bytes> {
        if at > 0 && at * PIECE >= self.slots.len() {
            return None;
        }
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let written = pieces.len().max(at + 1);
        pieces.resize_with(written, Weak::new);
        let piece = pieces.get_mut(at)?;
        let written = piece.upgrade().unwrap_or_else(|| Arc::new(self.write(at)));
        *piece = Arc::downgrade(&written);
        Some(Bytes::from_owner(Written(written)))
    }

    fn write(&self, at: usize) -> Vec<u8> {
        let (from, to) = (at * PIECE, (at + 1) * PIECE);
        let mut text = Vec::new();
        if at == 0 {
            text.extend_from_slice(b"event: snapshot\ndata: {\"slots\":[");
        }
        for (nth, slot) in (from..).zip(self.slots.part(from..to)) {
            if nth > 0 {
                text.push(b',');
            }
            // Our own values always have a JSON form.
            _ = serde_json::to_writer(&mut text, &SlotModel::from(&slot));
        }
        if to >= self.slots.len() {
            text.extend_from_slice(b"]}\n\n");
        }
        text
    }
}

impl Drop for List {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A piece that several may send.
struct Written(Arc<Vec<u8>>);

impl AsRef<[u8]> for Written {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl SlotSnapshot {
    /// Nothing known yet. What is kept is counted in this total.
    pub(super) fn new(total: &Arc<AtomicUsize>) -> Self {
        Self { list: Arc::new(List::new(PackedSlots::default(), total)), changes: Some(channel(QUEUE).0) }
    }

    /// Takes note of a change, and tells it.
    pub(super) fn apply(&mut self, change: &SlotChange) {
        let mut slots = match Arc::get_mut(&mut self.list) {
            Some(list) => std::mem::take(&mut list.slots),
            // Somebody is still reading what was shown before.
            None => self.list.slots.clone(),
        };
        let told = match change {
            SlotChange::Snapshot(now) => {
                slots = PackedSlots::of(now);
                News::Anew
            }
            SlotChange::Slot(slot) => {
                note(&mut slots, slot);
                News::Event(frame("slot", &SlotModel::from(slot)))
            }
        };
        self.list = Arc::new(List::new(slots, &self.list.total));
        if let Some(changes) = &self.changes {
            // Nobody there is fine.
            _ = changes.send(told);
        }
    }

    /// What is kept of it, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.list.bytes
    }

    /// What is shown now, and every change from now on; nothing when it has ended.
    pub(super) fn join(&self) -> Option<(Arc<List>, Receiver<News>)> {
        let changes = self.changes.as_ref()?.subscribe();
        Some((self.list.clone(), changes))
    }

    /// Sends everybody away.
    pub(super) fn end(&mut self) {
        self.changes = None;
    }
}

fn note(slots: &mut PackedSlots, slot: &Slot) {
    match slot.state {
        SlotState::Free | SlotState::Held => slots.set(slot),
        SlotState::Booked | SlotState::Absent => slots.remove(slot),
    }
}
