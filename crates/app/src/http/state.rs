//! What every handler shares: the way to the component, who may ask how often, and who watches.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use booking_client::{ApiKey, CallError, make_booking_api};
use booking_component::disk::Disk;
use booking_component::service::probe::Probe;
use booking_component::state::guesses::Guesses;
use booking_domain::id::EventTypeId;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use uuid::Uuid;

use crate::http::address::Trusted;
use crate::http::answer::FRONT_KEY;
use crate::http::channel::{Api, ComponentChannel};
use crate::http::check::Check;
use crate::http::listen::places::{CONNECTIONS, Places};
use crate::http::lists::Lists;
use crate::http::metrics::Metrics;
use crate::http::shares::Shares;
use crate::http::throttle::{self, Throttle};
use crate::live::fanout::Fanout;

/// How long the component may take to say that it serves.
const HEALTH_TIMEOUT: Duration = Duration::from_secs(2);

/// Most live streams at once, an operator's too: over HTTP/1.1 as many as there may be connections.
const STREAMS: usize = CONNECTIONS;

/// What a front needs to know.
pub struct AppConfig {
    /// The way to the component.
    pub channel: ComponentChannel,
    /// Asks the component whether it can serve, if it is in this process.
    pub probe: Option<Probe>,
    /// The front's own key.
    pub front_key: ApiKey,
    /// Where people see this server, without a slash at the end.
    pub public_url: String,
    /// Whose word about addresses counts.
    pub trusted: Trusted,
    /// Whence connections have their places.
    pub places: Arc<Places>,
    /// Whether metrics are shown to this machine beside the pages.
    pub has_metrics: bool,
    /// Live streams of one address at once; no cap when absent.
    pub streams_per_address: Option<u32>,
    /// Public requests a second of one address; no cap when absent.
    pub rate_limit: Option<u32>,
    /// Who may show the pages in a frame, as `frame-ancestors` of a content policy.
    pub frame_ancestors: String,
    /// Where to report a fault in security.
    pub security_contact: Option<String>,
    /// Whether this is the demo.
    pub demo: bool,
    /// The disk under the component, if it is in this process.
    pub disk: Option<Arc<Disk>>,
    /// The hook that is asked before the public may hold or book.
    pub check: Option<Check>,
}

/// The front.
pub struct AppState {
    /// Asks the component whether it can serve, wherever it is.
    health: HealthClient<ComponentChannel>,
    /// Asks the component in this process, which also says why it cannot.
    probe: Option<Probe>,
    /// The component's calls, with no key.
    pub api: Api,
    /// The same with the front's key.
    pub public: Api,
    /// Where people see this server.
    pub public_url: String,
    /// Whose word about addresses counts.
    pub trusted: Trusted,
    /// Whether metrics are shown to this machine beside the pages.
    pub has_metrics: bool,
    /// Whence connections have their places.
    pub places: Arc<Places>,
    /// Who may have live streams.
    pub streams: Arc<Shares>,
    /// What was guessed of keys and tokens.
    pub guesses: Arc<Guesses>,
    /// How often the public may ask.
    pub throttle: Throttle,
    /// Who may show the pages in a frame.
    pub frame_ancestors: String,
    /// Where to report a fault in security.
    pub security_contact: Option<String>,
    /// Whether this is the demo.
    pub demo: bool,
    /// The hook that is asked before the public may hold or book.
    pub check: Option<Check>,
    /// Those who watch slots.
    pub slots: Fanout,
    /// The lists that were sent.
    pub lists: Lists,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// When streams end because the server does.
    pub closing: CancellationToken,
    /// The tasks that nobody else waits for.
    pub tasks: TaskTracker,
}

impl AppState {
    /// Whether the component serves, and this front.
    ///
    /// # Errors
    /// It does not, for this reason.
    pub async fn check_component(&self) -> Result<(), String> {
        match &self.probe {
            Some(probe) => probe.check().await.map_err(|why| why.to_string()),
            None if self.does_component_serve().await => Ok(()),
            None => Err("the component does not serve".to_owned()),
        }
    }

    async fn does_component_serve(&self) -> bool {
        let mut health = self.health.clone();
        let asked = tokio::time::timeout(HEALTH_TIMEOUT, health.check(HealthCheckRequest::default())).await;
        matches!(asked, Ok(Ok(answer)) if answer.get_ref().status() == ServingStatus::Serving) && self.is_let_in().await
    }

    /// Whether the front's key opens the door: without it, no visitor can be served.
    async fn is_let_in(&self) -> bool {
        match for_everybody(&self.public).with_timeout(HEALTH_TIMEOUT).get_page_address(NOBODYS).await {
            Err(CallError::NotAFront) => {
                FRONT_KEY.notice(&CallError::NotAFront);
                false
            }
            // Whatever the answer is, it was given to a front.
            Ok(_) | Err(CallError::Refused(_)) => {
                FRONT_KEY.serves();
                true
            }
            Err(_) => true,
        }
    }
}

/// An address that nobody has.
const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
/// An event type that nobody made.
const NOBODYS: EventTypeId = EventTypeId::new(Uuid::nil());

/// The calls that the front makes for nobody in particular. They name an address as those of the public do, since an operator's key,
/// which could do more than the public may, is refused by that.
fn for_everybody(public: &Api) -> Api {
    public.on_behalf_of(None, Some(NOWHERE))
}

/// The front, cheap to clone.
pub type SharedState = Arc<AppState>;

/// A front from this config.
pub fn app_state(config: AppConfig) -> SharedState {
    let health = HealthClient::new(config.channel.clone());
    let api = make_booking_api(config.channel);
    let public = api.with_front_key(config.front_key);
    let (closing, tasks) = (CancellationToken::new(), TaskTracker::new());
    let guesses = Arc::new(Guesses::new(throttle::rate(config.rate_limit)));
    let metrics = Arc::new(Metrics::new(Arc::clone(&config.places), Arc::clone(&guesses), config.disk));
    let slots = Fanout::new(for_everybody(&public), closing.clone(), tasks.clone());
    let watched = slots.clone();
    metrics.tell(move |text| watched.write_metrics(text));
    Arc::new(AppState {
        slots,
        health,
        probe: config.probe,
        api,
        public,
        public_url: config.public_url,
        trusted: config.trusted,
        places: config.places,
        has_metrics: config.has_metrics,
        streams: Shares::new(STREAMS, config.streams_per_address.and_then(|most| usize::try_from(most).ok())),
        guesses,
        throttle: Throttle::new(config.rate_limit),
        frame_ancestors: config.frame_ancestors,
        check: config.check,
        lists: Lists::default(),
        security_contact: config.security_contact,
        demo: config.demo,
        metrics,
        closing,
        tasks,
    })
}
