//! A small studio to test with: one room, one engineer, and a component that serves them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use booking_client::{
    ApiKey, BookingApi, CallError, CreateBooking, CreatedBooking, HeartbeatRequest, SlotRequest, SlotsRequest,
    make_booking_api,
};
use booking_component::Component;
use booking_component::clock::Clock;
use booking_component::config::Config;
use booking_domain::allow::Allow;
use booking_domain::availability::Slot;
use booking_domain::booking::Booker;
use booking_domain::event_type::{Durations, EventType, EventTypeSpec, PeriodLimits, Requirement};
use booking_domain::hold::{HoldRules, Place, SessionId, Standing};
use booking_domain::id::{EventTypeId, ResourceId, ScheduleId};
use booking_domain::refusal::Refusal;
use booking_domain::resource::{Capacity, Resource, ResourceKind, ResourceSpec};
use booking_domain::schedule::{Hours, ScheduleSpec, Window};
use booking_domain::text::{Email, Name, Prose, Slug};
use booking_domain::{DateTime, Tz, Utc};
use chrono::{NaiveDate, TimeDelta};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use tempfile::TempDir;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::{Channel, Server};
use tower::util::BoxCloneSyncService;
use tower::{ServiceBuilder, ServiceExt};

use crate::support::day::winter_wednesday;
use crate::support::postgres::Database;

pub(crate) const KEY: &str = "hf_a_key_that_an_operator_chose";

/// Either way to the component.
pub(crate) type Way =
    BoxCloneSyncService<http::Request<Body>, http::Response<Body>, Box<dyn std::error::Error + Send + Sync>>;
pub(crate) type Api = BookingApi<Way>;

pub(crate) struct World {
    pub component: Component,
    pub api: Api,
    pub schedule: ScheduleId,
    home: Home,
    /// The other node, where there are two.
    other: Option<Component>,
}

/// Where the store is; gone when this is dropped.
pub(crate) enum Home {
    Folder(TempDir),
    Database(Database),
    /// Somebody else's.
    Url(String),
}

impl Home {
    pub(crate) fn folder() -> Self {
        Self::Folder(tempfile::tempdir().unwrap())
    }

    pub(crate) async fn database() -> Self {
        Self::Database(Database::create().await)
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Folder(folder) => format!("sqlite://{}/holdfast.db", folder.path().display()),
            Self::Database(database) => database.url.clone(),
            Self::Url(url) => url.clone(),
        }
    }
}

/// A component on this store.
pub(crate) async fn component(database_url: String, hold_rules: HoldRules) -> Component {
    let admin_key = Some(KEY.to_owned());
    Component::start(Config {
        database_url,
        hold_rules,
        organization_name: "Studio",
        admin_key,
        keeping: Default::default(),
    })
    .await
    .unwrap()
}

/// The calls of a component in this process.
pub(crate) fn api_of(component: &Component) -> Api {
    make_booking_api(in_process(component.routes())).with_key(ApiKey::parse(KEY).unwrap())
}

pub(crate) fn rules() -> HoldRules {
    HoldRules {
        ttl: TimeDelta::milliseconds(1_000),
        presences_per_session: None,
        presences_per_address: None,
        ..HoldRules::default()
    }
}

impl World {
    pub(crate) async fn in_process() -> Self {
        Self::open(Home::folder(), rules(), false).await
    }

    pub(crate) async fn over_a_socket() -> Self {
        Self::open(Home::folder(), rules(), true).await
    }

    pub(crate) async fn on_postgres() -> Self {
        Self::open(Home::database().await, rules(), false).await
    }

    /// Each call goes to the other one of two nodes.
    pub(crate) async fn on_two_nodes() -> Self {
        let mut world = Self::on_postgres().await;
        let other = component(world.home.url(), rules()).await;
        let way = in_turns([world.component.routes(), other.routes()]);
        world.api = make_booking_api(way).with_key(ApiKey::parse(KEY).unwrap());
        world.other = Some(other);
        world
    }

    pub(crate) async fn open(home: Home, rules: HoldRules, socket: bool) -> Self {
        Self::over(component(home.url(), rules).await, home, socket).await
    }

    /// The same by this clock.
    pub(crate) async fn by_clock(home: Home, rules: HoldRules, clock: Arc<dyn Clock>) -> Self {
        let admin_key = Some(KEY.to_owned());
        let config = Config {
            database_url: home.url(),
            hold_rules: rules,
            organization_name: "Studio",
            admin_key,
            keeping: Default::default(),
        };
        Self::over(Component::start_by(clock, config).await.unwrap(), home, false).await
    }

    async fn over(component: Component, home: Home, socket: bool) -> Self {
        let way = if socket { over_a_socket(component.routes()).await } else { in_process(component.routes()) };
        let api = make_booking_api(way).with_key(ApiKey::parse(KEY).unwrap());
        let schedule = match api.list_schedules(Default::default()).await.unwrap().items.first() {
            Some(schedule) => schedule.id,
            None => api.create_schedule(&always_open(), None).await.unwrap().id,
        };
        Self { component, api, schedule, home, other: None }
    }

    /// Another node on the same store.
    pub(crate) async fn another_node(&self) -> Component {
        component(self.home.url(), rules()).await
    }

    /// How often slots were looked at again, on all nodes.
    pub(crate) fn looks(&self) -> u64 {
        let others = self.other.iter().map(|other| other.watched().looks);
        self.component.watched().looks + others.sum::<u64>()
    }

    /// Where the store is.
    pub(crate) fn url(&self) -> String {
        self.home.url()
    }

    /// A connection to the database itself, around everything that nodes do.
    pub(crate) async fn database(&self) -> PgConnection {
        let options: PgConnectOptions = self.home.url().parse().unwrap();
        options.options([("search_path", "booking")]).connect().await.unwrap()
    }

    /// Stops the component, and leaves the store.
    pub(crate) async fn stopped(self) -> Home {
        drop(self.api);
        self.component.stop().await;
        self.home
    }

    /// Stops the component and starts it again on the same store.
    pub(crate) async fn restarted(self) -> Self {
        let Self { component, api, home, .. } = self;
        drop(api);
        component.stop().await;
        Self::open(home, rules(), false).await
    }

    pub(crate) async fn resource(&self, name: &str, capacity: i64) -> Resource {
        let spec = ResourceSpec {
            name: Name::parse(name).unwrap(),
            kind: ResourceKind::Room,
            time_zone: Tz::UTC,
            schedule_id: None,
            capacity: Capacity::new(capacity).unwrap(),
            description: Prose::default(),
            active: true,
        };
        self.api.create_resource(&spec, None).await.unwrap()
    }

    pub(crate) async fn event_type(&self, slug: &str, durations: &[i64], resources: &[ResourceId]) -> EventType {
        self.api.create_event_type(&self.spec(slug, durations, resources), None).await.unwrap()
    }

    /// All of the resources at once, every half hour.
    pub(crate) fn spec(&self, slug: &str, durations: &[i64], resources: &[ResourceId]) -> EventTypeSpec {
        EventTypeSpec {
            slug: Slug::parse(slug).unwrap(),
            title: Name::parse(slug).unwrap(),
            description: Prose::default(),
            durations: Durations::new(durations).unwrap(),
            slot_interval_minutes: Some(30),
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            min_notice_minutes: 0,
            horizon_days: 731,
            schedule_id: self.schedule,
            requirements: resources.iter().map(|id| Requirement::new(1, vec![*id]).unwrap()).collect(),
            limits: PeriodLimits::default(),
            requires_confirmation: false,
            hold_deadline_minutes: None,
            location: None,
            questions: Vec::new(),
            active: true,
            cancel_until_minutes: None,
            move_until_minutes: None,
            reconfirm_moves: true,
        }
    }

    pub(crate) async fn studio(&self) -> EventType {
        let room = self.resource("Studio A", 1).await;
        self.event_type("live-room", &[60, 90, 120], &[room.id]).await
    }

    pub(crate) async fn beat(
        &self,
        event_type: EventTypeId,
        hour: u32,
        session: SessionId,
    ) -> Result<Place, CallError> {
        self.api.heartbeat(&beat(event_type, hour, session)).await
    }

    pub(crate) async fn book(
        &self,
        event_type: EventTypeId,
        hour: u32,
        session: Option<SessionId>,
    ) -> Result<CreatedBooking, CallError> {
        self.api.create_booking(&booking(event_type, hour, session)).await
    }

    pub(crate) async fn slots(&self, event_type: EventTypeId) -> Vec<Slot> {
        self.api.list_slots(&that_day(event_type)).await.unwrap()
    }
}

/// A day that is far enough away, and not too far to be offered.
pub(crate) fn day() -> NaiveDate {
    winter_wednesday()
}

pub(crate) fn at(hour: u32) -> DateTime<Utc> {
    day().and_hms_opt(hour, 0, 0).unwrap().and_utc()
}

pub(crate) fn that_day(event_type_id: EventTypeId) -> SlotsRequest {
    SlotsRequest {
        moving: None,
        event_type_id,
        from: day(),
        to: day(),
        duration_minutes: None,
        time_zone: None,
        resource_id: None,
    }
}

pub(crate) fn slot(event_type_id: EventTypeId, hour: u32) -> SlotRequest {
    SlotRequest { event_type_id, start: at(hour), duration_minutes: None, resource_id: None }
}

pub(crate) fn beat(event_type_id: EventTypeId, hour: u32, session_id: SessionId) -> HeartbeatRequest {
    HeartbeatRequest {
        lease_seconds: None,
        moving: None,
        allow: Allow::NOTHING,
        slot: slot(event_type_id, hour),
        session_id,
        data: None,
    }
}

pub(crate) fn booking(event_type_id: EventTypeId, hour: u32, session_id: Option<SessionId>) -> CreateBooking {
    let booker = Booker {
        name: Name::parse("A booker").unwrap(),
        email: Some(Email::parse("booker@example.org").unwrap()),
        phone: None,
        notes: Prose::default(),
    };
    CreateBooking {
        allow: Allow::NOTHING,
        slot: slot(event_type_id, hour),
        session_id,
        time_zone: None,
        booker,
        answers: Default::default(),
        status: None,
        request_id: None,
    }
}

#[allow(clippy::disallowed_methods, reason = "a test's sessions are random, as everybody's are")]
pub(crate) fn session() -> SessionId {
    SessionId::parse(&uuid::Uuid::new_v4().to_string()).unwrap()
}

pub(crate) fn position(place: &Place) -> u32 {
    match place.standing {
        Standing::Holding(_) => 0,
        Standing::Waiting { position } => position,
    }
}

pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, CallError>) -> Refusal {
    match answer {
        Err(CallError::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn always_open() -> ScheduleSpec {
    let all_day = vec![Window::new(0, 24 * 60).unwrap()];
    let weekly = std::array::from_fn(|_| all_day.clone());
    let hours = Hours { time_zone: Tz::UTC, weekly, overrides: Default::default() };
    ScheduleSpec { name: Name::parse("Always").unwrap(), hours }
}

fn in_turns(nodes: [Routes; 2]) -> Way {
    let turns = Arc::new(AtomicUsize::new(0));
    BoxCloneSyncService::new(tower::service_fn(move |request| {
        let turn = turns.fetch_add(1, Ordering::Relaxed);
        in_process(nodes[turn % 2].clone()).oneshot(request)
    }))
}

pub(crate) fn in_process(routes: Routes) -> Way {
    BoxCloneSyncService::new(ServiceBuilder::new().map_err(Into::into).service(routes))
}

#[allow(clippy::disallowed_methods, reason = "the server lives as long as the test")]
async fn over_a_socket(routes: Routes) -> Way {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    tokio::spawn(Server::builder().add_routes(routes).serve_with_incoming(incoming));
    let channel: Channel = booking_client::connect(&format!("http://{address}")).unwrap();
    BoxCloneSyncService::new(channel.map_err(Into::into))
}
