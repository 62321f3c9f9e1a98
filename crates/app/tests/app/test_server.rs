//! A whole server in this process, on free ports, and a client that speaks to it.

use std::net::SocketAddr;

use app::cli::serve::{Listeners, serve};
use app::cli::{Cli, CliCommand};
use clap::Parser;
use http_body_util::BodyExt;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tower::Service;

use crate::day::at;

/// The operator's key in every test.
pub(crate) const KEY: &str = "hf_0123456789abcdef0123456789abcdef";

/// A server of one's own.
pub(crate) struct TestServer {
    pub url: String,
    pub grpc: SocketAddr,
    pub metrics: SocketAddr,
    pub folder: TempDir,
    http: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinSet<()>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answered {
    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("no code")
    }

    /// The fields that are said to be wrong.
    pub(crate) fn wrong(&self) -> Vec<&str> {
        self.json["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A random session id, as a browser tab draws it.
pub(crate) fn session() -> String {
    uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid().to_string()
}

/// A client, which has to be told by whose code it would speak TLS.
pub(crate) fn client() -> reqwest::Client {
    _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

impl TestServer {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("holdfast.db").display());
        let free = "127.0.0.1:0";
        let own = [
            ["--database-url", &database],
            ["--admin-key", KEY],
            ["--http-addr", free],
            ["--grpc-addr", free],
            ["--metrics-addr", free],
        ];
        let own = own.iter().filter(|[flag, _]| !flags.contains(flag)).flatten();
        let cli = Cli::try_parse_from(["holdfast", "serve"].iter().chain(own).chain(flags)).unwrap();
        let CliCommand::Serve(settings) = cli.command else { panic!() };
        let listeners = Listeners::bind(&settings).await.unwrap();
        let http = listeners.http.local_addr().unwrap();
        let grpc = listeners.grpc.as_ref().map_or(http, |listener| listener.local_addr().unwrap());
        let metrics = listeners.metrics.as_ref().unwrap().local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            serve(*settings, listeners, async { _ = stopped.await }).await.unwrap();
        });
        let client = client();
        Self { url: format!("http://{http}"), grpc, metrics, folder, http: client, stop: Some(stop), serving }
    }

    /// Stops the server and waits for it.
    pub(crate) async fn close(&mut self) {
        _ = self.stop.take().unwrap().send(());
        self.serving.join_next().await.unwrap().unwrap();
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/api/v1/{path}") };
        self.http.request(method, format!("{}{path}", self.url))
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        answered(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answered {
        answered(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn admin(&self, method: Method, path: &str, body: Value) -> Answered {
        let request = self.request(method.clone(), path).bearer_auth(KEY);
        answered(if body.is_null() { request } else { request.json(&body) }).await
    }

    /// Where its database is.
    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("holdfast.db").display())
    }

    /// Makes something, which must succeed.
    pub(crate) async fn made(&self, path: &str, body: Value) -> Value {
        let answer = self.admin(Method::POST, path, body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json
    }

    /// A room that is always open, offered for 30 and 60 minutes. Its event type's id.
    pub(crate) async fn offer(&self, slug: &str) -> String {
        self.offer_with(slug, json!({})).await
    }

    /// The same, with these fields of the event type.
    pub(crate) async fn offer_with(&self, slug: &str, more: Value) -> String {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let hours: Vec<Value> = days.iter().map(|d| json!({"weekday": d, "start": "00:00", "end": "24:00"})).collect();
        let schedule = json!({"name": "Always", "time_zone": "UTC", "weekly_hours": hours});
        let schedule = self.made("schedules", schedule).await;
        let resource = self.made("resources", json!({"name": "Room", "kind": "room", "time_zone": "UTC"})).await;
        let mut fields = json!({
            "slug": slug, "title": "A room", "durations_minutes": [30, 60], "slot_interval_minutes": 30,
            "schedule_id": schedule["id"], "requirements": [{"resource_ids": [resource["id"]]}],
        });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.made("event-types", fields).await["id"].as_str().unwrap().to_owned()
    }

    /// One heartbeat for half an hour of this event type.
    pub(crate) async fn beat(&self, event_type: &str, time: &str, session: &str) -> Answered {
        let body = json!({
            "event_type_id": event_type, "start": at(time), "duration_minutes": 30, "session_id": session,
        });
        self.post("presence/heartbeat", body).await
    }

    /// Books half an hour, as somebody.
    pub(crate) async fn book_hour(&self, event_type: &str, time: &str) -> Answered {
        let mut fields = booking(event_type, time, None);
        fields["duration_minutes"] = json!(60);
        answered(self.request(Method::POST, "bookings").json(&fields)).await
    }

    pub(crate) async fn book(&self, event_type: &str, time: &str, session: Option<&str>) -> Answered {
        self.post("bookings", booking(event_type, time, session)).await
    }
}

/// What is asked for when half an hour is booked.
pub(crate) fn booking(event_type: &str, time: &str, session: Option<&str>) -> Value {
    json!({
        "event_type_id": event_type, "start": at(time), "duration_minutes": 30, "session_id": session,
        "time_zone": "Europe/Berlin", "booker": {"name": "Ada", "email": "ada@example.org"},
    })
}

pub(crate) async fn answered(request: RequestBuilder) -> Answered {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let json = serde_json::from_str(&text).unwrap_or_default();
    Answered { status, headers, text, json }
}

/// The same over HTTP/2, from a server at this address. What asks is the transport of gRPC, which knows no other version.
pub(crate) async fn over_http2(address: &str, request: http::request::Builder) -> Answered {
    let mut channel = booking_client::connect(&format!("http://{address}")).unwrap();
    std::future::poll_fn(|cx| channel.poll_ready(cx)).await.unwrap();
    let response = channel.call(request.body(tonic::body::Body::empty()).unwrap()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap();
    let json = serde_json::from_str(&text).unwrap_or_default();
    Answered { status, headers, text, json }
}
