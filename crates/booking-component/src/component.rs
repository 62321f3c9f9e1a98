//! The composition root: what a component is made of, how it starts and how it stops.

use std::error::Error;
use std::sync::Arc;

use tonic::service::Routes;

use crate::clock::{Clock, SteadyClock};
use crate::cluster;
use crate::commands::queue::CommandQueue;
use crate::commands::{expiry, unanswered};
use crate::config::Config;
use crate::disk::Disk;
use crate::engine::Engine;
use crate::error::ServiceError;
use crate::grpc;
use crate::keyring::Keyring;
use crate::queries::looks;
use crate::service::Service;
use crate::service::probe::Probe;
use crate::startup::opening::{StartError, open_and_lock_store};
use crate::startup::{bootstrap, housekeeping, leases};
use crate::state::slot_watches::Watched;
use crate::store::{Store, Tx};
use crate::tasks::Tasks;

/// A running component.
pub struct Component {
    engine: Arc<Engine>,
    keyring: Keyring,
    service: Service,
    first_key: Option<String>,
    /// The command queue, which is closed last.
    queue: Tasks,
}

impl Component {
    /// Opens the store, brings it up to date, and starts to serve.
    ///
    /// # Errors
    /// The store cannot be opened or brought up to date, another process serves from it, or the first organization cannot be
    /// made.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        Self::start_by(Arc::new(SteadyClock::start()), config).await
    }

    /// The same, by this clock. A shared store has a clock of its own, which is then followed.
    ///
    /// # Errors
    /// As for `start`.
    pub async fn start_by(clock: Arc<dyn Clock>, config: Config) -> Result<Self, StartError> {
        Self::start_on(open_and_lock_store(&config.database_url).await?, clock, config).await
    }

    /// The same, on this store, which is up to date.
    ///
    /// # Errors
    /// The first organization cannot be made, or what is stored cannot be read.
    pub async fn start_on(store: Store, clock: Arc<dyn Clock>, config: Config) -> Result<Self, StartError> {
        let keyring = Keyring::new(store.clone(), clock.clone(), Arc::default());
        let engine = Arc::new(Engine::new(store, clock, config.hold_rules));
        let first_key = bootstrap::found(&engine, &keyring, &config).await?;
        leases::restore(&engine).await.map_err(ServiceError::from)?;

        let queue_tasks = engine.tasks.beside();
        let (commands, serving) = CommandQueue::open(engine.clone(), queue_tasks.stopping());
        // What was committed and not announced is lost with the command queue: memory would be behind the store.
        queue_tasks.run_to_the_end("the command queue", serving);
        keep_up(&engine, &commands);
        housekeeping::keep(&engine, &config);
        let (reviewed, beside) = (keyring.clone(), engine.clone());
        engine.tasks.keep("looking at keys again", move || reviewed.clone().review(beside.clone()));
        let service = Service::new(engine.clone(), commands);
        Ok(Self { engine, keyring, service, first_key, queue: queue_tasks })
    }

    /// The gRPC services, to be served on a socket or called in process.
    pub fn routes(&self) -> Routes {
        grpc::routes(&self.service, &self.keyring)
    }

    /// The key with which an HTTP front in this process calls.
    pub fn front_key(&self) -> &str {
        self.keyring.own_front_key()
    }

    /// Asks whether it can serve.
    pub fn probe(&self) -> Probe {
        Probe(self.service.clone())
    }

    /// Waits until the component cannot go on, and says why. The process should end then.
    pub fn failed(&self) -> impl Future<Output = String> + Send + 'static {
        self.engine.tasks.failed()
    }

    /// What was last seen of the disk.
    pub fn disk(&self) -> Arc<Disk> {
        self.engine.disk.clone()
    }

    /// The API keys.
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// How much is watched now.
    pub fn watched(&self) -> Watched {
        self.engine.slots.watched()
    }

    /// How often a room was looked at in a shared store, for those who follow a place there.
    pub fn looks_at_rooms(&self) -> u64 {
        self.engine.leases.looks()
    }

    /// Tells how much is watched, whenever it is asked.
    pub fn watch_counter(&self) -> impl Fn() -> Watched + Send + Sync + 'static {
        let engine = self.engine.clone();
        move || engine.slots.watched()
    }

    /// The `admin` key that the first start made, to be shown once.
    pub fn first_key(&self) -> Option<&str> {
        self.first_key.as_deref()
    }

    /// Holds off every other node that wants to be alone, until what is given goes.
    ///
    /// # Errors
    /// The store is not available.
    pub async fn startup_lock(&self) -> Result<Option<Tx>, StartError> {
        Ok(self.engine.store.startup_lock().await.map_err(ServiceError::from)?)
    }

    /// Serves who has queued, writes every lease down, and closes the store.
    pub async fn stop(self) {
        self.engine.tasks.end().await;
        self.queue.end().await;
        if let Err(error) = leases::save(&self.engine).await {
            // The next start gives every session its full time again, so nobody loses a hold by this.
            tracing::warn!(error = &error as &dyn Error, "the leases could not be written down");
        }
        self.engine.store.close().await;
    }
}

/// Starts what runs beside the calls.
fn keep_up(engine: &Arc<Engine>, commands: &CommandQueue) {
    let (expiring, tidying, looking, commands) = (engine.clone(), engine.clone(), engine.clone(), commands.clone());
    let (answering, declining) = (engine.clone(), commands.clone());
    let expiry = move || expiry::run(expiring.clone(), commands.clone(), expiring.tasks.stopping());
    engine.tasks.keep_to_the_end("ending what is due", expiry);
    let unanswered = move || unanswered::run(answering.clone(), declining.clone());
    engine.tasks.keep("declining what nobody answered", unanswered);
    engine.tasks.keep("forgetting what is old", move || housekeeping::purge(tidying.clone()));
    engine.tasks.keep("looking at slots again", move || looks::run(looking.clone()));
    if engine.node.is_none() {
        let watching = engine.clone();
        engine.tasks.keep("watching the database's file", move || housekeeping::watch_file(watching.clone()));
    }
    cluster::keep_in_step(engine);
}
