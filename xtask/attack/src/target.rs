//! The server under attack: where it is, what opens it, and the calls of its HTTP interface.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Days, NaiveDate, Utc};
use clap::Args;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::usage::Usage;

/// How long an answer may take in any case.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server that runs.
#[derive(Args)]
pub(crate) struct Target {
    /// Where it serves HTTP
    #[arg(long)]
    pub http: SocketAddr,
    /// Where it serves gRPC
    #[arg(long)]
    pub grpc: SocketAddr,
    /// Its process
    #[arg(long)]
    pub pid: u32,
    /// An `admin` key of the organization `default`
    #[arg(long)]
    pub key: String,
    /// Its database
    #[arg(long)]
    pub database_url: String,
    /// The program
    #[arg(long)]
    pub program: PathBuf,
}

/// What was answered.
pub(crate) struct Answer {
    pub status: u16,
    pub json: Value,
}

impl Answer {
    /// The answer, which must have this status.
    pub(crate) fn expect(self, status: u16) -> Result<Value> {
        ensure!(self.status == status, "answered {} where {status} was expected: {}", self.status, self.json);
        Ok(self.json)
    }
}

impl Target {
    /// The URL of a path of the interface.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}/api/v1/{path}", self.http)
    }

    /// Calls as somebody with this key, or as anybody.
    pub(crate) async fn call(&self, (method, path): (Method, &str), key: Option<&str>, body: &Value) -> Result<Answer> {
        let mut request = client()?.request(method, self.url(path));
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let response = request.send().await.with_context(|| format!("{path} was not answered"))?;
        let status = response.status().as_u16();
        let text = response.text().await?;
        Ok(Answer { status, json: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }

    /// Asks as anybody.
    pub(crate) async fn get(&self, path: &str) -> Result<Answer> {
        self.call((Method::GET, path), None, &Value::Null).await
    }

    /// Posts as anybody.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.call((Method::POST, path), None, body).await
    }

    /// Makes something as an operator.
    pub(crate) async fn make(&self, path: &str, body: &Value) -> Result<Value> {
        self.call((Method::POST, path), Some(&self.key), body).await?.expect(201)
    }

    /// So many resources.
    pub(crate) async fn resources(&self, count: usize) -> Result<Vec<Value>> {
        let mut ids = Vec::new();
        for _ in 0..count {
            let made = self.make("resources", &json!({"name": "Room", "kind": "room", "time_zone": "UTC"})).await?;
            ids.push(made["id"].clone());
        }
        Ok(ids)
    }

    /// An offer at every hour of every day, an hour long, with these fields. Its id.
    pub(crate) async fn offer(&self, requirements: Value) -> Result<String> {
        let hours: Vec<_> = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
            .map(|weekday| json!({"weekday": weekday, "start": "00:00", "end": "24:00"}))
            .to_vec();
        let schedule = json!({"name": "Always", "time_zone": "UTC", "weekly_hours": hours});
        let schedule = self.make("schedules", &schedule).await?;
        let event_type = json!({
            "slug": format!("attack-{}", random().simple()), "title": "An hour", "durations_minutes": [60],
            "slot_interval_minutes": 60, "schedule_id": schedule["id"], "requirements": requirements,
        });
        let made = self.make("event-types", &event_type).await?;
        made["id"].as_str().map(str::to_owned).context("an event type without an id")
    }

    /// The same with a resource of its own.
    pub(crate) async fn simple_offer(&self) -> Result<String> {
        let resources = self.resources(1).await?;
        self.offer(json!([{"resource_ids": resources}])).await
    }

    /// What the process takes now.
    pub(crate) fn usage(&self) -> Result<Usage> {
        Usage::of(self.pid)
    }

    /// The program, told where its database is.
    pub(crate) fn command(&self, arguments: &[&str]) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(&self.program);
        command.args(arguments).env("HOLDFAST_DATABASE_URL", &self.database_url).kill_on_drop(true);
        command
    }
}

/// A client that opens a connection for each call.
pub(crate) fn client() -> Result<Client> {
    // Nothing here speaks TLS, but the client wants to know by which library it would. Installed twice is installed.
    _ = rustls::crypto::ring::default_provider().install_default();
    Ok(Client::builder().timeout(PATIENCE).pool_max_idle_per_host(0).build()?)
}

/// A heartbeat for this hour of tomorrow.
pub(crate) fn heartbeat(event_type: &str, hour: u32, session: Uuid) -> Value {
    json!({"event_type_id": event_type, "start": tomorrow_at(hour), "session_id": session})
}

/// A booking of the hour that begins then.
pub(crate) fn booking(event_type: &str, start: &str, email: &str) -> Value {
    json!({"event_type_id": event_type, "start": start, "booker": {"name": "Ada", "email": email}})
}

/// This hour of tomorrow, or of a day after it for hours beyond the 24th.
pub(crate) fn tomorrow_at(hour: u32) -> String {
    let day = day(u64::from(hour / 24));
    format!("{day}T{:02}:00:00Z", hour % 24)
}

/// A day, counted from tomorrow.
#[expect(clippy::disallowed_methods, reason = "what attacks a running server starts from the day that it is")]
pub(crate) fn day(after_tomorrow: u64) -> NaiveDate {
    let today = DateTime::<Utc>::from(SystemTime::now()).date_naive();
    today.checked_add_days(Days::new(1 + after_tomorrow)).unwrap_or(today)
}

/// A random UUID, as a browser draws it for its session.
#[expect(clippy::disallowed_methods, reason = "a client draws its own sessions")]
pub(crate) fn random() -> Uuid {
    Uuid::new_v4()
}
