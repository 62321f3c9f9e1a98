//! The composition root: what a server is made of, how it starts and how it stops.

use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use booking_client::{ApiKey, connect};
use booking_component::config::Config;
use booking_component::{Component, StartError};
use booking_domain::invalid::Invalid;
use booking_domain::limits::KEY_CHARS_MIN;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::cli::demo::{self, DemoError};
use crate::cli::descriptors;
use crate::cli::{self, Alone, Serve, cap};
use crate::http::address::Trusted;
use crate::http::channel::ComponentChannel;
use crate::http::check::Check;
use crate::http::listen::Port;
use crate::http::listen::activity::Patience;
use crate::http::listen::places::{CONNECTIONS, CONNECTIONS_PER_ADDRESS, Places};
use crate::http::listen::protocol::Protocol;
use crate::http::state::{AppConfig, SharedState, app_state};
use crate::http::{grpc_port, listen, metrics, router};

/// How long gRPC calls may take to finish once the server closes; streams end with the component.
const GRPC_SHUTDOWN: Duration = Duration::from_secs(1);
/// Most live streams of one client address at once, unless said otherwise: dozens of tabs behind one address.
const STREAMS_PER_ADDRESS: u32 = 30;

/// Where metrics are served unless said otherwise: where exporters of OpenTelemetry serve theirs.
const METRICS_ADDR: &str = "127.0.0.1:9464";
/// How an operator says that metrics are served nowhere.
const OFF: &str = "off";
/// Most connections for metrics: some who gather them, each with one or two.
const METRICS_CONNECTIONS: usize = 16;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The component does not start.
    #[error(transparent)]
    Component(#[from] StartError),
    /// A setting is wrong.
    #[error("{0} {1}")]
    Setting(&'static str, Invalid),
    /// An address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, std::io::Error),
    /// Something without which the server cannot go on has ended.
    #[error("cannot go on: {0}")]
    Failed(String),
    /// The demo cannot be set up.
    #[error("the demo cannot be set up: {0}")]
    Demo(#[from] DemoError),
}

/// Where is listened. Made by the caller, so that a test can choose free ports.
pub struct Listeners {
    /// For HTTP.
    pub http: TcpListener,
    /// For gRPC; none when the component is elsewhere.
    pub grpc: Option<TcpListener>,
    /// For metrics; none when they are off, or when somebody else listens where they usually are.
    pub metrics: Option<TcpListener>,
}

impl Listeners {
    /// Listens where these settings say.
    ///
    /// # Errors
    /// An address is wrong or taken.
    pub async fn bind(settings: &Serve) -> Result<Self, ServeError> {
        let http = bind(&settings.http_addr).await?;
        let grpc = match settings.component_url {
            None => Some(bind(&settings.component.grpc_addr).await?),
            Some(_) => None,
        };
        Ok(Self { http, grpc, metrics: bind_metrics(settings.metrics_addr.as_deref()).await? })
    }
}

async fn bind_metrics(address: Option<&str>) -> Result<Option<TcpListener>, ServeError> {
    match address {
        Some(OFF) => Ok(None),
        Some(address) => bind(address).await.map(Some),
        None => Ok(bind(METRICS_ADDR)
            .await
            .map_err(|taken| tracing::warn!("no metrics are served: {taken}; see --metrics-addr"))
            .ok()),
    }
}

async fn bind(address: &str) -> Result<TcpListener, ServeError> {
    let failed = |error| ServeError::Listen(address.to_owned(), error);
    let mut listening = Err(std::io::Error::other("is no address"));
    for address in tokio::net::lookup_host(address).await.map_err(failed)? {
        listening = listen::on(address);
        if listening.is_ok() {
            break;
        }
    }
    listening.map_err(failed)
}

/// Serves until `stop`, then lets go: watchers first, then requests, then the component.
///
/// # Errors
/// Something needed to start is missing.
pub async fn serve(settings: Serve, listeners: Listeners, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
    let component = match settings.component_url {
        None => Some(Component::start(config(&settings.component, settings.demo)?).await?),
        Some(_) => None,
    };
    let http = listeners.http.local_addr().map_err(|error| ServeError::Listen(settings.http_addr.clone(), error))?;
    warn_of_a_forgotten_proxy(&settings, http.ip());
    let app = app_state(app_config(&settings, component.as_ref(), http.ip())?);
    if let Some(component) = &component {
        let watched = component.watch_counter();
        app.metrics.tell(move |text| metrics::write_watched(text, watched()));
    }
    if let Some(key) = component.as_ref().and_then(Component::first_key) {
        announce(key);
    }
    if let (true, Some(component)) = (settings.demo, &component) {
        let _lock = component.startup_lock().await?;
        let known_key = settings.component.admin_key.as_deref().or(component.first_key());
        demo::fill(&app.api, known_key, component.keyring()).await?;
    }
    let ended = run(&app, component.as_ref(), listeners, stop).await;
    if let Some(component) = component {
        component.stop().await;
    }
    tracing::info!("stopped");
    ended
}

/// Waits until the server is asked to stop, or cannot go on.
async fn until_over(
    stop: impl Future<Output = ()>,
    component: Option<&Component>,
    serving: impl Future<Output = &'static str>,
) -> Result<(), ServeError> {
    let failed = async {
        match component {
            Some(component) => component.failed().await,
            None => std::future::pending().await,
        }
    };
    let over = tokio::select! {
        () = stop => Ok(()),
        why = failed => Err(ServeError::Failed(why)),
        what = serving => Err(ServeError::Failed(format!("{what} is not served any more"))),
    };
    match &over {
        Ok(()) => tracing::info!("stopping"),
        Err(failure) => tracing::error!(%failure, "stopping"),
    }
    over
}

/// Serves the component alone until `stop`.
///
/// # Errors
/// Something needed to start is missing.
pub async fn serve_lock(settings: Alone, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
    let listener = bind(&settings.component.grpc_addr).await?;
    let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    let component = Component::start(config(&settings.component, false)?).await?;
    if let Some(key) = component.first_key() {
        announce(key);
    }
    let (closing, serving) = (CancellationToken::new(), TaskTracker::new());
    let places = places(&settings.component, CONNECTIONS_PER_ADDRESS, Trusted::default());
    let port = Port { protocol: Protocol::Grpc, places, patience: Patience::USUAL, closing: closing.clone() };
    let routes = grpc_port::router(component.routes(), closing.clone());
    let grpc = serving.spawn(listen::serve(listener, routes, port));
    tracing::info!(grpc = %address, "listening");
    let ended = until_over(stop, Some(&component), async { (grpc.await, "gRPC").1 }).await;
    closing.cancel();
    end(&serving).await;
    component.stop().await;
    tracing::info!("stopped");
    ended
}

/// What still streams over gRPC ends with the component.
async fn end(serving: &TaskTracker) {
    serving.close();
    _ = tokio::time::timeout(GRPC_SHUTDOWN, serving.wait()).await;
}

/// The one time that a key is shown. Not in the log: logs are kept and sent around.
fn announce(key: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "admin key (shown once): {key}") {
        tracing::warn!(%error, "the admin key could not be shown; `holdfast keys create` makes another one");
    }
}

async fn run(
    app: &SharedState,
    component: Option<&Component>,
    listeners: Listeners,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let Listeners { http, grpc, metrics } = listeners;
    let at = |listener: &TcpListener| listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    let addresses = [Some(&http), grpc.as_ref(), metrics.as_ref()].map(|listener| listener.map(at).unwrap_or_default());
    let (closing, serving) = (app.closing.clone(), TaskTracker::new());
    let port = Port {
        protocol: Protocol::Http,
        places: Arc::clone(&app.places),
        patience: Patience::USUAL,
        closing: closing.clone(),
    };
    let grpc = grpc.zip(component).map(|(listener, component)| {
        let routes = grpc_port::router(component.routes(), closing.clone());
        serving.spawn(listen::serve(listener, routes, Port { protocol: Protocol::Grpc, ..port.clone() }))
    });
    if let Some(listener) = metrics {
        let places = Places::new(METRICS_CONNECTIONS, None, Trusted::default());
        let port = Port { places, ..port.clone() };
        serving.spawn(listen::serve(listener, router::metrics_router(Arc::clone(app)), port));
    }
    let mut http = serving.spawn(listen::serve(http, router::router(Arc::clone(app)), port));
    let [http_at, grpc_at, metrics_at] = addresses;
    tracing::info!(http = %http_at, grpc = %grpc_at, metrics = %metrics_at, "listening");
    let served = first_to_end(&mut http, grpc);
    let ended = until_over(stop, component, served).await;
    closing.cancel();
    app.tasks.close();
    app.tasks.wait().await;
    if !http.is_finished() {
        _ = http.await;
    }
    end(&serving).await;
    ended
}

/// Waits until a listener ends, which it does not before it is told to, and says which.
async fn first_to_end(http: &mut JoinHandle<()>, grpc: Option<JoinHandle<()>>) -> &'static str {
    let grpc = async {
        match grpc {
            Some(grpc) => drop(grpc.await),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = http => "HTTP",
        () = grpc => "gRPC",
    }
}

/// The places for connections on all ports.
fn places(settings: &cli::ComponentArgs, per_address: u32, exempt: Trusted) -> Arc<Places> {
    let per_address = cap(settings.max_connections_per_address.unwrap_or(per_address));
    Places::new(CONNECTIONS.min(descriptors::for_connections()), per_address, exempt)
}

/// A chosen key has to be one that can be shown: what has blanks or accents in it opens no door, however it is sent.
fn admin_key(key: &str) -> Result<(), Invalid> {
    ApiKey::parse(key)?;
    if key.len() < KEY_CHARS_MIN { Err(Invalid("must have 20 characters at least")) } else { Ok(()) }
}

fn config(settings: &cli::ComponentArgs, demo: bool) -> Result<Config, ServeError> {
    settings
        .admin_key
        .as_deref()
        .map_or(Ok(()), admin_key)
        .map_err(|wrong| ServeError::Setting("HOLDFAST_ADMIN_KEY", wrong))?;
    Ok(Config {
        organization_name: if demo { "Harbour Studio" } else { "Holdfast" },
        database_url: settings.database.database_url.clone(),
        hold_rules: settings.hold_rules(),
        admin_key: settings.admin_key.clone(),
        keeping: settings.keeping(),
    })
}

/// Who may show the pages in a frame unless said otherwise. The demo has a page that shows how.
const fn framed_by(demo: bool) -> &'static str {
    if demo { "'self'" } else { "'none'" }
}

const fn wrong_check_url(wrong: Invalid) -> ServeError {
    ServeError::Setting("--check-url", wrong)
}

/// Whoever serves HTTPS on this machine alone has a proxy in front.
fn warn_of_a_forgotten_proxy(settings: &Serve, listens: IpAddr) {
    if settings.public_url.starts_with("https:") && listens.is_loopback() && settings.trusted_proxies.is_empty() {
        tracing::warn!(
            "people come by HTTPS through something in between, and --trusted-proxies names nothing: everybody shares one visitor's caps"
        );
    }
}

fn app_config(settings: &Serve, component: Option<&Component>, listens: IpAddr) -> Result<AppConfig, ServeError> {
    let (channel, key) = match (component, &settings.component_url) {
        (Some(component), _) => (ComponentChannel::InProcess(component.routes()), component.front_key()),
        (None, url) => {
            let url = url.as_deref().unwrap_or_default();
            let channel = connect(url).map_err(|wrong| ServeError::Setting("--component-url", wrong))?;
            (ComponentChannel::Remote(channel), settings.front_key.as_deref().unwrap_or_default())
        }
    };
    let trusted = Trusted(settings.trusted_proxies.clone());
    // Who says that addresses are not counted says that one of them is a crowd.
    let unless_a_crowd = |usual: u32| if settings.rate_limit == 0 { 0 } else { usual };
    Ok(AppConfig {
        channel,
        probe: component.map(Component::probe),
        places: places(&settings.component, unless_a_crowd(CONNECTIONS_PER_ADDRESS), trusted.clone()),
        has_metrics: listens.is_loopback(),
        streams_per_address: cap(settings.max_streams_per_address.unwrap_or(unless_a_crowd(STREAMS_PER_ADDRESS))),
        front_key: ApiKey::parse(key).map_err(|wrong| ServeError::Setting("--front-key", wrong))?,
        public_url: settings.public_url.clone(),
        trusted,
        rate_limit: cap(settings.rate_limit),
        frame_ancestors: settings.frame_ancestors.clone().unwrap_or_else(|| framed_by(settings.demo).to_owned()),
        security_contact: settings.security_contact.clone(),
        demo: settings.demo,
        disk: component.map(Component::disk),
        check: settings.check_url.as_deref().map(Check::at).transpose().map_err(wrong_check_url)?,
    })
}
