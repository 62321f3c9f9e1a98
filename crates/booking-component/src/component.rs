//! The composition root: what a component is made of, how it starts and how it stops.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_domain::hold::HoldRules;
use booking_domain::id::{ApiKeyId, OrganizationId};
use booking_domain::organization::OrganizationSpec;
use booking_domain::schedule::Stamp;
use booking_domain::text::{Name, Slug};
use tokio::sync::Semaphore;
use tonic::service::Routes;

use crate::clock::{Clock, SteadyClock};
use crate::computing::Computing;
use crate::config::{Config, Keeping};
use crate::disk::{self, Disk};
use crate::engine::Engine;
use crate::fleet::{self, Fleet};
use crate::grpc;
use crate::ids::{Ids, random_id};
use crate::keyring::{ApiKey, Keyring, Scope};
use crate::presence::board::Board;
use crate::presence::desk::Desk;
use crate::presence::expiry;
use crate::presence::followers::Followers;
use crate::presence::lobby::Lobby;
use crate::presence::renewals::Renewals;
use crate::presence::shared::SharedLobby;
use crate::presence::steps;
use crate::readiness::{Probe, Readiness};
use crate::retention;
use crate::service::catalogs::Catalogs;
use crate::service::{Service, ServiceError};
use crate::store::address::Place;
use crate::store::nodes::Because;
use crate::store::organizations::Organization;
use crate::store::{
    Store, StoreError, StoreSettings, Tx, cooldowns, heartbeats, idempotency, organizations, presences, tallies,
};
use crate::tasks::Tasks;
use crate::watch::hints::Hints;
use crate::watch::presences::LiveBoards;
use crate::watch::slots::{self, SlotWatches, Watched};

/// The organization that an embedded component begins with.
const DEFAULT_ORGANIZATION: &str = "default";
/// What a key is called that the operator chose.
const CHOSEN: &str = "chosen at start";
/// What it is called unless whoever starts the component says otherwise.
pub const DEFAULT_NAME: &str = "Holdfast";

/// How often the database's file is looked for: a look costs a microsecond, and a write looks itself.
const FILE_WATCH: Duration = Duration::from_millis(500);
/// Lists of bookings that are read at once: half of the connections with which an embedded store reads.
const LISTS_AT_ONCE: usize = 2;

/// Why a component does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened, or brought up to date.
    #[error("the store at {place} cannot be used: {source}")]
    Store {
        /// Which store.
        place: Place,
        /// What is wrong.
        source: StoreError,
    },
    /// Something went wrong while starting.
    #[error("the component cannot start: {0}")]
    Service(#[from] ServiceError),
}

/// A running component.
pub struct Component {
    engine: Arc<Engine>,
    keyring: Keyring,
    service: Service,
    first_key: Option<String>,
    /// The desk, which is closed last.
    desk: Tasks,
}

impl Component {
    /// Opens the store, brings it up to date, and starts to serve.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        Self::start_by(Arc::new(SteadyClock::start()), config).await
    }

    /// The same, by this clock. A shared store has a clock of its own, which is then followed.
    pub async fn start_by(clock: Arc<dyn Clock>, config: Config) -> Result<Self, StartError> {
        Self::start_on(open_store_alone(&config.database_url).await?, clock, config).await
    }

    /// The same, on this store, which is up to date.
    pub async fn start_on(store: Store, clock: Arc<dyn Clock>, config: Config) -> Result<Self, StartError> {
        let keyring = Keyring::new(store.clone(), clock.clone(), Arc::default());
        let engine = Arc::new(Engine::new(store, clock, config.hold_rules));
        let first_key = found(&engine, &keyring, &config).await?;
        take_seats(&engine).await.map_err(ServiceError::from)?;

        let desk_tasks = engine.tasks.beside();
        let (desk, serving) = Desk::open(engine.clone(), desk_tasks.stopping());
        // What was committed and not announced is lost with the desk: memory would be behind the store.
        desk_tasks.run_to_the_end("the desk", serving);
        keep_up(&engine, &desk);
        keep(&engine, &config);
        let reviewed = keyring.clone();
        engine.tasks.keep("looking at keys again", move || reviewed.clone().review());
        let service = Service::new(engine.clone(), desk);
        Ok(Self { engine, keyring, service, first_key, desk: desk_tasks })
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
        self.engine.lobby.looks()
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
    pub async fn alone(&self) -> Result<Option<Tx>, StartError> {
        Ok(self.engine.store.alone().await.map_err(ServiceError::from)?)
    }

    /// Serves who has queued, writes every lease down, and closes the store.
    pub async fn stop(self) {
        self.engine.tasks.end().await;
        self.desk.end().await;
        if let Err(error) = write_leases(&self.engine).await {
            // The next start gives every session its full time again, so nobody loses a hold by this.
            tracing::warn!(error = &error as &dyn Error, "the leases could not be written down");
        }
        self.engine.store.close().await;
    }
}

impl Engine {
    fn new(store: Store, clock: Arc<dyn Clock>, rules: HoldRules) -> Self {
        let (tasks, run) = (Tasks::default(), random_id());
        let (lobby, fleet) = match store.nodes() {
            None => (Lobby::Own(Board::new(rules)), None),
            Some(nodes) => {
                let renewals = Renewals::open(&tasks, nodes.clone(), rules.ttl);
                let lobby = Lobby::Shared(SharedLobby::new(store.clone(), rules, renewals));
                (lobby, Some(Fleet::new(nodes, run)))
            }
        };
        Self {
            run,
            store,
            clock,
            rules,
            lobby,
            fleet,
            computing: Computing::beside_calls(tasks.clone()),
            tasks,
            ids: Ids::default(),
            catalogs: Catalogs::default(),
            disk: Arc::default(),
            expiry: expiry::Alarm::default(),
            followers: Followers::default(),
            boards: LiveBoards::default(),
            slots: SlotWatches::default(),
            readiness: Readiness::default(),
            lists: Semaphore::new(LISTS_AT_ONCE),
            hints: Hints::default(),
        }
    }
}

/// Starts what runs beside the calls.
fn keep_up(engine: &Arc<Engine>, desk: &Desk) {
    let (expiring, tidying, looking, desk) = (engine.clone(), engine.clone(), engine.clone(), desk.clone());
    let expiry = move || expiry::run(expiring.clone(), desk.clone(), expiring.tasks.stopping());
    engine.tasks.keep_to_the_end("ending what is due", expiry);
    engine.tasks.keep("forgetting what is old", move || tidy_up(tidying.clone()));
    engine.tasks.keep("looking at slots again", move || slots::looks::run(looking.clone()));
    if engine.fleet.is_none() {
        let watching = engine.clone();
        engine.tasks.keep("watching the database's file", move || watch_file(watching.clone()));
    }
    fleet::keep_in_step(engine);
}

/// Brings the store at this address up to date, and nothing else.
pub async fn migrate(database_url: &str) -> Result<(), StartError> {
    open_store(database_url).await?.close().await;
    Ok(())
}

/// The API keys in the store at this address, beside a component that may be running.
pub async fn open_keyring(database_url: &str) -> Result<Keyring, StartError> {
    let (store, clock, ids) =
        (open_store(database_url).await?, Arc::new(SteadyClock::start()), Arc::new(Ids::default()));
    let alone = store.alone().await.map_err(ServiceError::from)?;
    let founder = Founder { store: &store, clock: &*clock, ids: &ids };
    founder.find_or_found(DEFAULT_NAME).await.map_err(ServiceError::from)?;
    drop(alone);
    Ok(Keyring::new(store, clock, ids))
}

/// The store at this address, brought up to date.
///
/// # Errors
/// It cannot be opened, or brought up to date.
pub async fn open_store(url: &str) -> Result<Store, StartError> {
    open(url, |_| Ok(())).await
}

/// The same, for the only process that may serve from an embedded store, or change it as a whole.
///
/// # Errors
/// It cannot be opened, or brought up to date, or another process serves from it.
pub async fn open_store_alone(url: &str) -> Result<Store, StartError> {
    open(url, Store::lock).await
}

async fn open(url: &str, lock: impl FnOnce(&Store) -> Result<(), StoreError>) -> Result<Store, StartError> {
    let failed = |source| StartError::Store { place: Place::of(url), source };
    let store = Store::open(url, StoreSettings::default()).await.map_err(failed)?;
    lock(&store).map_err(failed)?;
    store.migrate().await.map_err(failed)?;
    Ok(store)
}

/// Makes the organization and the key that the very first start makes; among several nodes, one of them does it. Gives the key
/// that was made, to be shown once.
async fn found(engine: &Engine, keyring: &Keyring, config: &Config) -> Result<Option<String>, ServiceError> {
    if engine.fleet.is_some() {
        fleet::look(engine).await?;
    }
    let _alone = engine.store.alone().await?;
    let founder = Founder { store: &engine.store, clock: &*engine.clock, ids: &engine.ids };
    let organization = founder.find_or_found(config.organization_name).await?;
    first_key(keyring, organization, config.admin_key.as_deref()).await
}

/// What the first organization is made with.
struct Founder<'a> {
    store: &'a Store,
    clock: &'a dyn Clock,
    ids: &'a Ids,
}

impl Founder<'_> {
    /// The organization `default`, which the first start makes.
    async fn find_or_found(&self, called: &str) -> Result<OrganizationId, StoreError> {
        let now = self.clock.now();
        let named = |text: &str| StoreError::Corrupt { table: "organizations", why: format!("{text} is not a name") };
        let slug = Slug::parse(DEFAULT_ORGANIZATION).map_err(|_| named(DEFAULT_ORGANIZATION))?;
        let name = Name::parse(called).map_err(|_| named(called))?;
        let mut tx = self.store.write().await?;
        if let Some(found) = organizations::find_by_slug(&mut tx, &slug).await? {
            return Ok(found.id);
        }
        let id = OrganizationId::new(self.ids.next(now));
        let (spec, stamp) = (OrganizationSpec::named(name), Stamp { created_at: now, updated_at: now, version: 1 });
        organizations::insert(&mut tx, &Organization { id, slug, spec, catalog_version: 1, stamp }).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Installs the key that the operator chose; without one, the first start of all makes one.
async fn first_key(
    keyring: &Keyring,
    organization: OrganizationId,
    chosen: Option<&str>,
) -> Result<Option<String>, ServiceError> {
    let scope = Scope::Admin(organization);
    let name = |text| Name::parse(text).map_err(|invalid| booking_domain::refusal::Refusal::field("name", invalid.0));
    match chosen {
        Some(key) => {
            let chosen = name(CHOSEN)?;
            let id = keyring.install(key, scope, chosen.clone()).await?;
            warn_of_others(&keyring.list().await?, id, (&chosen, scope));
            Ok(None)
        }
        None if keyring.list().await?.is_empty() => {
            Ok(Some(keyring.create(scope, name("made at the first start")?).await?.1))
        }
        None => Ok(None),
    }
}

/// A key that was chosen at an earlier start opens the door until somebody revokes it; and one that was revoked stays so.
fn warn_of_others(keys: &[ApiKey], installed: ApiKeyId, (name, scope): (&Name, Scope)) {
    let others =
        |key: &&ApiKey| key.id != installed && key.revoked_at.is_none() && key.name == *name && key.scope == scope;
    for id in keys.iter().filter(others).map(|key| key.id) {
        tracing::warn!(%id, "a key that was chosen at an earlier start is still valid: `holdfast keys revoke {id}` ends it");
    }
    if keys.iter().any(|key| key.id == installed && key.revoked_at.is_some()) {
        tracing::warn!(id = %installed, "the key that was chosen was revoked, and opens no door");
    }
}

/// Everybody who was present when the last process ended is present still, with a full ttl from now on. In a shared store
/// presences live on without any one process.
async fn take_seats(engine: &Engine) -> Result<(), StoreError> {
    let Lobby::Own(board) = &engine.lobby else { return engine.arm(Because::Restarted).await };
    let mut tx = engine.store.write().await?;
    steps::follow_over_a_restart(&mut tx, engine).await?;
    let rearmed = engine.clock.now() + engine.rules.ttl;
    heartbeats::rearm(&mut tx, rearmed).await?;
    let present = presences::list_all(&mut tx).await?;
    tx.commit().await?;
    board.seat_all(present);
    board.rearm(engine.clock.now());
    Ok(())
}

async fn write_leases(engine: &Engine) -> Result<(), StoreError> {
    let Lobby::Own(board) = &engine.lobby else { return Ok(()) };
    let mut tx = engine.store.write().await?;
    heartbeats::save_all(&mut tx, &board.leases()).await?;
    steps::note(&mut tx, engine).await?;
    tx.commit().await
}

/// Ends the process once its database's file is gone: it would answer for what nobody keeps.
async fn watch_file(engine: Arc<Engine>) {
    loop {
        if let Err(gone @ StoreError::Displaced(_)) = engine.store.check_file() {
            engine.tasks.fail(gone.to_string());
        }
        tokio::time::sleep(FILE_WATCH).await;
    }
}

/// Starts what erases and what looks at the disk, as far as that is wanted.
fn keep(engine: &Arc<Engine>, config: &Config) {
    let Keeping { ended_days, free_disk_bytes } = config.keeping;
    if let Some(days) = ended_days {
        engine.tasks.spawn(retention::run(engine.clone(), days));
    }
    if let Some(folder) = Store::folder(&config.database_url).filter(|_| free_disk_bytes > 0) {
        engine.tasks.spawn(disk::watch(engine.disk.clone(), (folder, free_disk_bytes)));
    }
}

/// Forgets, now and then, what has outlived its use.
async fn tidy_up(engine: Arc<Engine>) {
    loop {
        if let Err(error) = forget_old(&engine).await {
            tracing::warn!(error = &error as &dyn Error, "old records could not be forgotten; it is tried again");
        }
        tokio::time::sleep(Duration::from_secs(10 * 60)).await;
    }
}

async fn forget_old(engine: &Engine) -> Result<(), StoreError> {
    let now = engine.clock.now();
    let day = chrono::TimeDelta::hours(booking_domain::limits::IDEMPOTENCY_HOURS);
    let mut tx = engine.store.write().await?;
    cooldowns::purge(&mut tx, now).await?;
    idempotency::purge(&mut tx, now - day).await?;
    if let Lobby::Own(_) = engine.lobby {
        steps::note(&mut tx, engine).await?;
    }
    tallies::purge(&mut tx, now).await?;
    tx.commit().await
}
