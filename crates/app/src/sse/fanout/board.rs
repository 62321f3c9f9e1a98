//! What a watched range shows now, for those who join, and the way to those who watch.

use std::collections::BTreeMap;

use booking_client::SlotChange;
use booking_domain::availability::{Slot, SlotState};
use booking_domain::{DateTime, Utc};
use bytes::Bytes;
use tokio::sync::broadcast::Receiver;

use super::Frameway;
use crate::model::slot::{Slot as Told, Slots};
use crate::sse::stream::frame;

/// The free and held slots by start, and who is told of changes.
pub struct Board {
    slots: BTreeMap<DateTime<Utc>, Slot>,
    /// The snapshot's frame, while nothing has changed since it was written.
    snapshot: Option<Bytes>,
    /// Gone when it has ended.
    frames: Option<Frameway>,
}

impl Board {
    /// Nothing known yet.
    pub fn new(frames: Frameway) -> Self {
        Self { slots: BTreeMap::new(), snapshot: None, frames: Some(frames) }
    }

    /// Takes note of a change, and tells it.
    pub fn apply(&mut self, change: &SlotChange) {
        self.snapshot = None;
        let told = match change {
            SlotChange::Snapshot(slots) => {
                self.slots = slots.iter().map(|slot| (slot.interval.start(), *slot)).collect();
                self.snapshot()
            }
            SlotChange::Slot(slot) => {
                self.note(*slot);
                frame("slot", &Told::from(slot))
            }
        };
        if let Some(frames) = &self.frames {
            // Nobody there is fine.
            _ = frames.send(told);
        }
    }

    fn note(&mut self, slot: Slot) {
        match slot.state {
            SlotState::Free | SlotState::Held => drop(self.slots.insert(slot.interval.start(), slot)),
            SlotState::Booked | SlotState::Absent => drop(self.slots.remove(&slot.interval.start())),
        }
    }

    fn snapshot(&mut self) -> Bytes {
        let slots = &self.slots;
        let write = || frame("snapshot", &Slots { slots: slots.values().map(Into::into).collect() });
        self.snapshot.get_or_insert_with(write).clone()
    }

    /// What is shown now, and every change from now on; nothing when it has ended.
    pub fn join(&mut self) -> Option<(Bytes, Receiver<Bytes>)> {
        let changes = self.frames.as_ref()?.subscribe();
        Some((self.snapshot(), changes))
    }

    /// Sends everybody away.
    pub fn end(&mut self) {
        self.frames = None;
    }
}
