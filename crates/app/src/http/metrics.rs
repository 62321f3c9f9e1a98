//! What is counted, as Prometheus reads it (its text format, 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use booking_component::disk::Disk;
use booking_component::state::guesses::Guesses;
use booking_component::state::slot_watches::Watched;
use http::Method;

use crate::http::browser::BrowserEngine;
use crate::http::listen::places::Places;
use crate::http::model::page_error::PageKind;

/// Requests of one route, by method and status.
type Counts = BTreeMap<(&'static str, u16), AtomicU64>;

/// What is counted since the process began.
pub struct Metrics {
    disk: Option<Arc<Disk>>,
    began: Instant,
    requests: RwLock<BTreeMap<String, Counts>>,
    watchers: RwLock<BTreeMap<&'static str, Arc<AtomicI64>>>,
    /// By kind of page and engine, in the order of their `ALL`.
    page_errors: [[AtomicU64; BrowserEngine::ALL.len()]; PageKind::ALL.len()],
    places: Arc<Places>,
    guesses: Arc<Guesses>,
    /// What others count.
    others: RwLock<Vec<Box<Writing>>>,
}

/// Writes what somebody else counts, as it is now.
type Writing = dyn Fn(&mut String) -> std::fmt::Result + Send + Sync;

/// One who watches, for as long as this lives.
pub struct Watching(Arc<AtomicI64>);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What requests without a route of ours are counted under: their paths are whatever people type.
const NO_ROUTE: &str = "other";

impl Metrics {
    /// Nothing counted yet but what these count.
    pub fn new(places: Arc<Places>, guesses: Arc<Guesses>, disk: Option<Arc<Disk>>) -> Self {
        Self {
            disk,
            began: Instant::now(),
            requests: RwLock::default(),
            watchers: RwLock::default(),
            page_errors: Default::default(),
            places,
            guesses,
            others: RwLock::default(),
        }
    }

    /// Tells what somebody else counts, too.
    pub fn tell(&self, write: impl Fn(&mut String) -> std::fmt::Result + Send + Sync + 'static) {
        self.others.write().unwrap_or_else(PoisonError::into_inner).push(Box::new(write));
    }

    fn count(&self, route: &str, key: (&'static str, u16)) {
        let known = self.requests.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = known.get(route).and_then(|counts| counts.get(&key)) {
            count.fetch_add(1, Ordering::Relaxed);
            return;
        }
        drop(known);
        let mut all = self.requests.write().unwrap_or_else(PoisonError::into_inner);
        all.entry(route.to_owned()).or_default().entry(key).or_default().fetch_add(1, Ordering::Relaxed);
    }

    /// Somebody watches this.
    pub fn watching(&self, what: &'static str) -> Watching {
        let mut watchers = self.watchers.write().unwrap_or_else(PoisonError::into_inner);
        let count = Arc::clone(watchers.entry(what).or_default());
        count.fetch_add(1, Ordering::Relaxed);
        Watching(count)
    }

    /// A page of this kind fell over in this engine.
    pub fn page_error(&self, page: PageKind, engine: BrowserEngine) {
        for (_, _, count) in self.page_errors().filter(|(of, within, _)| (*of, *within) == (page, engine)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn page_errors(&self) -> impl Iterator<Item = (PageKind, BrowserEngine, &AtomicU64)> {
        PageKind::ALL.into_iter().zip(&self.page_errors).flat_map(|(page, counts)| {
            BrowserEngine::ALL.into_iter().zip(counts).map(move |(engine, count)| (page, engine, count))
        })
    }

    /// All that is counted.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text cannot fail.
        _ = self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "# HELP holdfast_uptime_seconds How long the process has lived.")?;
        writeln!(text, "# TYPE holdfast_uptime_seconds gauge")?;
        writeln!(text, "holdfast_uptime_seconds {:.3}", self.began.elapsed().as_secs_f64())?;
        self.write_connections(text)?;
        let (told, refused) = self.guesses.counts();
        writeln!(
            text,
            "# HELP holdfast_wrong_secrets_total Keys and tokens that were wrong, told so or refused as too many."
        )?;
        writeln!(text, "# TYPE holdfast_wrong_secrets_total counter")?;
        writeln!(text, "holdfast_wrong_secrets_total{{answer=\"told\"}} {told}")?;
        writeln!(text, "holdfast_wrong_secrets_total{{answer=\"refused\"}} {refused}")?;
        if let Some(free) = self.disk.as_ref().and_then(|disk| disk.free_bytes()) {
            writeln!(text, "# HELP holdfast_disk_free_bytes Free space where the database lies.")?;
            writeln!(text, "# TYPE holdfast_disk_free_bytes gauge")?;
            writeln!(text, "holdfast_disk_free_bytes {free}")?;
        }
        writeln!(text, "# HELP holdfast_sse_watchers Open event streams.")?;
        writeln!(text, "# TYPE holdfast_sse_watchers gauge")?;
        for (what, count) in self.watchers.read().unwrap_or_else(PoisonError::into_inner).iter() {
            writeln!(text, "holdfast_sse_watchers{{stream=\"{what}\"}} {}", count.load(Ordering::Relaxed))?;
        }
        writeln!(text, "# HELP holdfast_page_errors_total Pages that fell over in somebody's browser.")?;
        writeln!(text, "# TYPE holdfast_page_errors_total counter")?;
        for (page, engine, count) in self.page_errors() {
            let labels = format_args!("page=\"{}\",engine=\"{}\"", page.as_str(), engine.as_str());
            writeln!(text, "holdfast_page_errors_total{{{labels}}} {}", count.load(Ordering::Relaxed))?;
        }
        writeln!(text, "# HELP holdfast_http_requests_total Requests answered.")?;
        writeln!(text, "# TYPE holdfast_http_requests_total counter")?;
        for (route, counts) in self.requests.read().unwrap_or_else(PoisonError::into_inner).iter() {
            for ((method, status), count) in counts {
                let labels = format_args!("route=\"{route}\",method=\"{method}\",status=\"{status}\"");
                writeln!(text, "holdfast_http_requests_total{{{labels}}} {}", count.load(Ordering::Relaxed))?;
            }
        }
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        others.iter().try_for_each(|write| write(text))
    }

    fn write_connections(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "# HELP holdfast_connections Open connections, of HTTP and gRPC.")?;
        writeln!(text, "# TYPE holdfast_connections gauge")?;
        writeln!(text, "holdfast_connections {}", self.places.taken())?;
        writeln!(text, "# HELP holdfast_connections_refused_total Connections that found no place.")?;
        writeln!(text, "# TYPE holdfast_connections_refused_total counter")?;
        for (reason, count) in self.places.refusals() {
            writeln!(text, "holdfast_connections_refused_total{{reason=\"{reason}\"}} {count}")?;
        }
        writeln!(
            text,
            "# HELP holdfast_connections_ended_total Connections that were ended because of what they did not do."
        )?;
        writeln!(text, "# TYPE holdfast_connections_ended_total counter")?;
        for (reason, count) in self.places.ends() {
            writeln!(text, "holdfast_connections_ended_total{{reason=\"{reason}\"}} {count}")?;
        }
        Ok(())
    }
}

/// Writes how much is watched in the component of this process.
///
/// # Errors
/// The text cannot be written to.
pub fn write_watched(text: &mut String, watched: Watched) -> std::fmt::Result {
    let Watched { lists, bytes, watchers, looks } = watched;
    writeln!(
        text,
        "# HELP holdfast_component_watched_lists Lists of a week's slots that the component keeps for watchers."
    )?;
    writeln!(text, "# TYPE holdfast_component_watched_lists gauge")?;
    writeln!(text, "holdfast_component_watched_lists {lists}")?;
    writeln!(text, "# HELP holdfast_component_watched_bytes Memory that these lists take.")?;
    writeln!(text, "# TYPE holdfast_component_watched_bytes gauge")?;
    writeln!(text, "holdfast_component_watched_bytes {bytes}")?;
    writeln!(text, "# HELP holdfast_component_watchers Open watches of slots in the component.")?;
    writeln!(text, "# TYPE holdfast_component_watchers gauge")?;
    writeln!(text, "holdfast_component_watchers {watchers}")?;
    writeln!(text, "# HELP holdfast_component_looks_total How often such a list was looked at again.")?;
    writeln!(text, "# TYPE holdfast_component_looks_total counter")?;
    writeln!(text, "holdfast_component_looks_total {looks}")
}

fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "OTHER",
    }
}

/// Counts each request when it is answered.
pub async fn counted(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let method = name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    metrics.count(route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str), (method, response.status().as_u16()));
    response
}
