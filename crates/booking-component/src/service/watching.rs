//! Watching calls: slots, and everybody in an organization's rooms; and how streams end with the component.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::answer::SlotChange;
use booking_domain::hold::LivePresence;
use booking_domain::id::OrganizationId;
use booking_domain::request::SlotsRequest;
use futures::stream::{self, BoxStream, Stream, StreamExt};
use tokio::sync::watch;

use crate::engine::Engine;
use crate::readiness::NotReady;
use crate::service::caller::Caller;
use crate::service::{Answer, Service};
use crate::tasks::Tasks;
use crate::watch::slots;

/// Changes of the board so close together are told as one.
const TOGETHER: Duration = Duration::from_millis(50);
/// After so many ttls without a batch, a stream of heartbeats ends.
const SILENT_TTLS: u32 = 4;
/// How long to rest after the store failed.
const REST: Duration = Duration::from_secs(1);

impl Service {
    /// The slots of a range of dates: a snapshot, then each change.
    pub async fn watch_slots(
        &self,
        caller: Caller,
        asked: &SlotsRequest,
    ) -> Answer<impl Stream<Item = SlotChange> + Send + use<>> {
        let (organization, query) = self.slot_query(caller, asked).await?;
        slots::watch(&self.engine, organization, &query).await
    }

    /// Everybody in the organization's rooms: now, and whenever that has changed.
    pub fn watch_presence(&self, caller: Caller) -> Answer<impl Stream<Item = Vec<LivePresence>> + Send + use<>> {
        let organization = caller.admin()?;
        let hints = self.engine.hints.hear_lines(organization);
        let watch = LiveWatch { engine: self.engine.clone(), organization, hints, told: None };
        Ok(stream::unfold(watch, LiveWatch::next))
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
        self.engine.readiness.check(&self.engine, fresh).await
    }

    /// The tasks that end with the component.
    pub fn tasks(&self) -> &Tasks {
        &self.engine.tasks
    }
}

struct LiveWatch {
    engine: Arc<Engine>,
    organization: OrganizationId,
    hints: watch::Receiver<u64>,
    told: Option<Vec<LivePresence>>,
}

impl LiveWatch {
    async fn next(mut self) -> Option<(Vec<LivePresence>, Self)> {
        loop {
            if self.told.is_some() {
                self.hints.changed().await.ok()?;
                tokio::time::sleep(TOGETHER).await;
            }
            self.hints.mark_unchanged();
            let live = match self.engine.lobby.live(self.organization).await {
                Ok(live) => live,
                Err(failure) => {
                    tracing::warn!(%failure, "who is where could not be looked at; it is tried again");
                    tokio::time::sleep(REST).await;
                    continue;
                }
            };
            if self.told.as_deref().is_none_or(|told| !look_the_same(told, &live)) {
                self.told = Some(live.clone());
                return Some((live, self));
            }
        }
    }
}

/// Whether nobody could see a difference: a lease that was renewed is none.
fn look_the_same(one: &[LivePresence], other: &[LivePresence]) -> bool {
    let seen = |p: &LivePresence| LivePresence { expires_at: p.joined_at, ..p.clone() };
    one.iter().map(seen).eq(other.iter().map(seen))
}
