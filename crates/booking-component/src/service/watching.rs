//! Watching calls: slots, and everybody in an organization's rooms; and how streams end with the component.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::access::Action;
use booking_domain::answer::SlotChange;
use booking_domain::hold::LivePresence;
use booking_domain::hold::live::LiveChange;
use booking_domain::request::SlotsRequest;
use futures::stream::{BoxStream, Stream, StreamExt};

use crate::caller::Caller;
use crate::error::ServiceResult;
use crate::outage::Outage;
use crate::queries::{live, slots};
use crate::service::Service;
use crate::state::readiness::NotReady;
use crate::store::StoreError;
use crate::tasks::Tasks;

/// After so many ttls without a batch, a stream of heartbeats ends.
const SILENT_TTLS: u32 = 4;

impl Service {
    /// The slots of a range of dates: a snapshot, then each change.
    ///
    /// # Errors
    /// Refused as `list_slots` is, and when as much is watched as may be; or the store fails.
    pub async fn watch_slots(
        &self,
        caller: Caller,
        asked: &SlotsRequest,
    ) -> ServiceResult<impl Stream<Item = SlotChange> + Send + use<>> {
        caller.may(Action::WatchSlots)?;
        let (organization, query) = self.slot_query(caller, asked).await?;
        slots::watch(&self.engine, organization, &query).await
    }

    /// Everybody in the organization's rooms: a snapshot, then what is different.
    ///
    /// # Errors
    /// Refused when the caller may not.
    pub fn watch_presence_changes(
        &self,
        caller: Caller,
    ) -> ServiceResult<impl Stream<Item = LiveChange> + Send + use<>> {
        Ok(live::changes(self.engine.clone(), caller.organization_for(Action::WatchPresence)?))
    }

    /// Everybody in the organization's rooms: now, and everybody again whenever that has changed.
    ///
    /// # Errors
    /// Refused when the caller may not.
    pub fn watch_presence(
        &self,
        caller: Caller,
    ) -> ServiceResult<impl Stream<Item = Vec<LivePresence>> + Send + use<>> {
        Ok(live::snapshots(self.engine.clone(), caller.organization_for(Action::WatchPresence)?))
    }

    /// The same stream, ended when the component stops.
    pub fn until_stopped<T: Send + 'static>(
        &self,
        stream: impl Stream<Item = T> + Send + 'static,
    ) -> BoxStream<'static, T> {
        let stopping = self.engine.tasks.stopping();
        stream.take_until(stopping.cancelled_owned()).boxed()
    }

    /// How long a stream of heartbeats may be silent: by then, whatever it kept alive is long gone.
    pub fn longest_silence(&self) -> Duration {
        self.engine.rules.ttl.to_std().unwrap_or_default() * SILENT_TTLS
    }

    /// Whether the component can serve, as it was found within `fresh` or is found now.
    ///
    /// # Errors
    /// It cannot.
    pub async fn is_ready(&self, fresh: Duration) -> Result<(), NotReady> {
        self.engine.is_ready(fresh).await
    }

    /// A call was refused for this reason.
    pub fn refuse(&self, why: &(dyn Error + 'static)) {
        self.engine.outage.refuse(why);
        if let Some(failure) = why.downcast_ref::<StoreError>() {
            self.engine.end_if_damaged(failure);
        }
    }

    /// Whether the store refuses calls.
    pub fn outage(&self) -> Arc<Outage> {
        self.engine.outage.clone()
    }

    /// The tasks that end with the component.
    pub fn tasks(&self) -> &Tasks {
        &self.engine.tasks
    }
}
