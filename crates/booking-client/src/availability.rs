//! Which slots are offered, and why not.

use booking_domain::answer::{Edited, NextSlots, Preview};
use booking_domain::availability::{Day, Explanation, Slot};
use booking_domain::request::{ExplainRequest, NextSlotsRequest, PreviewRequest, Revision, SlotsRequest};
use booking_proto::SlotChangePart;
use booking_proto::v1::SlotQuery;
use futures::{StreamExt, stream};

use crate::{BookingApi, CallError, CallStream, SlotChange, Transport};

impl<C: Transport> BookingApi<C> {
    /// How many slots are free and held on each date of the range.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_days(&self, request: &SlotsRequest) -> Result<Vec<Day>, CallError> {
        whole(self.list_days_unless(request, None).await?)
    }

    /// The same, unless it still says what it said in this revision.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_days_unless(
        &self,
        request: &SlotsRequest,
        have: Option<&Revision>,
    ) -> Result<Edited<Vec<Day>>, CallError> {
        self.answer(self.availability().list_days(self.once(SlotQuery::from(request).unless(have)))).await
    }

    /// The free and held slots that start in the range, sorted.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_slots(&self, request: &SlotsRequest) -> Result<Vec<Slot>, CallError> {
        whole(self.list_slots_unless(request, None).await?)
    }

    /// The same, unless it still says what it said in this revision.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_slots_unless(
        &self,
        request: &SlotsRequest,
        have: Option<&Revision>,
    ) -> Result<Edited<Vec<Slot>>, CallError> {
        self.answer(self.availability().list_slots(self.once(SlotQuery::from(request).unless(have)))).await
    }

    /// The free slots that come next, up to the horizon.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn list_next_slots(&self, request: &NextSlotsRequest) -> Result<NextSlots, CallError> {
        self.answer(self.availability().list_next_slots(self.once(request))).await
    }

    /// Whether a slot can be taken now, and every rule that says no.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn explain_slot(&self, request: &ExplainRequest) -> Result<Explanation, CallError> {
        self.answer(self.availability().explain_slot(self.once(request))).await
    }

    /// The slots of a range as they would be if something were different, and what that would concern. Nothing is stored.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn preview_availability(&self, request: &PreviewRequest) -> Result<Preview, CallError> {
        self.answer(self.availability().preview_availability(self.once(request))).await
    }

    /// A snapshot of the slots, then one change for each slot whose visible state changes, and a snapshot again whenever something
    /// may have been missed.
    ///
    /// # Errors
    /// See [`CallError`]; here when it is refused at once, in the stream when it ends later.
    pub async fn watch_slots(&self, request: &SlotsRequest) -> Result<CallStream<SlotChange>, CallError> {
        let asked = self.lasting(SlotQuery::from(request).in_parts());
        let parts: CallStream<SlotChangePart> = self.answers(self.availability().watch_slots(asked)).await?;
        Ok(stream::unfold(parts, whole_change).boxed())
    }
}

/// The next change, with all its parts.
async fn whole_change(
    mut parts: CallStream<SlotChangePart>,
) -> Option<(Result<SlotChange, CallError>, CallStream<SlotChangePart>)> {
    let mut before = Vec::new();
    loop {
        match parts.next().await? {
            Ok(SlotChangePart { change: SlotChange::Snapshot(slots), more }) => {
                before.extend(slots);
                if !more {
                    return Some((Ok(SlotChange::Snapshot(before)), parts));
                }
            }
            Ok(SlotChangePart { change, .. }) => return Some((Ok(change), parts)),
            Err(error) => return Some((Err(error), parts)),
        }
    }
}

/// The list of one who had no revision of it.
fn whole<T>(edited: Edited<T>) -> Result<T, CallError> {
    match edited {
        Edited::New(list, _) => Ok(list),
        Edited::Same => Err(CallError::Failed { request_id: None }),
    }
}
