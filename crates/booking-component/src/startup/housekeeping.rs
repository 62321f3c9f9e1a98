//! What is done now and then beside the calls: forgetting what is old, erasing, and looking at the disk and the file.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::limits;
use chrono::TimeDelta;

use crate::commands::clock_steps;
use crate::config::{Config, Keeping};
use crate::disk;
use crate::engine::Engine;
use crate::startup::retention;
use crate::state::leases::Leases;
use crate::store::{Store, StoreError, cooldowns, idempotency, tallies};

/// How often the database's file is looked for: a look costs a microsecond, and a write looks itself.
const FILE_WATCH: Duration = Duration::from_millis(500);

/// Ends the process once its database's file is gone: it would answer for what nobody keeps.
pub(crate) async fn watch_file(engine: Arc<Engine>) {
    loop {
        if let Err(gone @ StoreError::Displaced(_)) = engine.store.check_file() {
            engine.tasks.fail(gone.to_string());
        }
        tokio::time::sleep(FILE_WATCH).await;
    }
}

/// Starts what erases and what looks at the disk, as far as that is wanted.
pub(crate) fn keep(engine: &Arc<Engine>, config: &Config) {
    let Keeping { ended_days, free_disk_bytes } = config.keeping;
    if let Some(days) = ended_days {
        engine.tasks.spawn(retention::run(engine.clone(), days));
    }
    if let Some(folder) = Store::folder(&config.database_url).filter(|_| free_disk_bytes > 0) {
        engine.tasks.spawn(disk::watch(engine.disk.clone(), (folder, free_disk_bytes)));
    }
}

/// Forgets, now and then, what has outlived its use.
pub(crate) async fn purge(engine: Arc<Engine>) {
    loop {
        if let Err(error) = forget_old(&engine).await {
            engine.tell(&error, "forgetting old records");
        }
        tokio::time::sleep(Duration::from_secs(10 * 60)).await;
    }
}

async fn forget_old(engine: &Engine) -> Result<(), StoreError> {
    let now = engine.clock.now();
    let day = TimeDelta::hours(limits::IDEMPOTENCY_HOURS);
    let mut tx = engine.store.write().await?;
    cooldowns::purge(&mut tx, now).await?;
    idempotency::purge(&mut tx, now - day).await?;
    if let Leases::InMemory(_) = engine.leases {
        clock_steps::note(&mut tx, engine).await?;
    }
    tallies::purge(&mut tx, now).await?;
    tx.commit().await
}
