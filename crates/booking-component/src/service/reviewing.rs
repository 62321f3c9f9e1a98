//! Reviews: after an operator's change those who wait are looked at, and are served or told at once that nothing can become of it.

use std::error::Error;

use booking_domain::hold::SlotKey;
use booking_domain::hold::command::Command;
use booking_domain::id::{EventTypeId, OrganizationId};

use crate::commands::job::Job;
use crate::commands::queue::CommandQueue;
use crate::service::Service;

/// Rooms whose lines are looked at in one transaction after a change: others have their turn in between.
const REVIEWED_TOGETHER: usize = 100;

impl Service {
    /// Looks at those who wait for these event types, whenever it is. Nobody can wait for what has just been made, and nothing is
    /// deleted for which somebody waits.
    pub(super) async fn review_all_who_wait(&self, organization: OrganizationId, event_types: &[EventTypeId]) {
        match self.engine.leases.waiting_rooms(organization, event_types).await {
            Ok(rooms) => self.review(organization, rooms).await,
            Err(failure) => self.engine.tell(&failure, "looking for those who wait after a change of the catalog"),
        }
    }

    /// Looks at those who wait in these rooms.
    pub(super) async fn review(&self, organization: OrganizationId, rooms: Vec<SlotKey>) {
        let mut rooms = rooms.into_iter();
        let first = rooms.by_ref().take(REVIEWED_TOGETHER).collect();
        review_some(&self.commands, organization, first).await;
        if rooms.len() > 0 {
            // However many wait, the change is made: nobody has to wait for the answer until all were looked at.
            self.engine.tasks.spawn(review_rest(self.commands.clone(), organization, rooms.collect()));
        }
    }
}

async fn review_rest(commands: CommandQueue, organization: OrganizationId, rooms: Vec<SlotKey>) {
    for some in rooms.chunks(REVIEWED_TOGETHER) {
        review_some(&commands, organization, some.to_vec()).await;
    }
}

async fn review_some(commands: &CommandQueue, organization: OrganizationId, rooms: Vec<SlotKey>) {
    if rooms.is_empty() {
        return;
    }
    if let Err(error) = commands.submit(Job::new(organization, Command::Review(rooms))).await {
        tracing::error!(error = &error as &dyn Error, "those who wait could not be looked at after a change");
    }
}
