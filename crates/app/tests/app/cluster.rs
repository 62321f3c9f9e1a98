//! Several real programs on one PostgreSQL, and fronts apart from the component: what survives when any of them goes.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use postgres_cluster::{Cluster, Stop};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::day::Day;
use crate::program::{Program, command};
use crate::test_server::{KEY, client, session};

/// Short enough to wait for.
const TTL: [&str; 2] = ["--hold-ttl-ms", "1500"];
const TTL_MS: i64 = 1_500;
/// What is decided in one transaction is decided by a time that may have been read before another one's.
const ABOUT: TimeDelta = TimeDelta::milliseconds(250);
const NO_CAPS: [&str; 4] = ["--max-presences-per-address", "0", "--rate-limit", "0"];

/// How long is waited for what comes soon, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(20);

fn instant(text: &Value) -> DateTime<Utc> {
    text.as_str().unwrap().parse().unwrap()
}

/// What comes of trying this again and again.
async fn until<T>(what: &str, mut attempt: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(done) = attempt().await {
            return done;
        }
        assert!(started.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// One who asks nodes.
struct Asker {
    client: Client,
}

impl Default for Asker {
    fn default() -> Self {
        Self { client: client() }
    }
}

fn node(cluster: &Cluster) -> Program {
    Program::start_on(&cluster.url("postgres"), &[&["--admin-key", KEY], &TTL[..], &NO_CAPS].concat())
}

impl Asker {
    async fn post(&self, node: &Program, path: &str, body: &Value) -> (StatusCode, Value) {
        let response = self.client.post(format!("{}/api/v1/{path}", node.url)).bearer_auth(KEY).json(body).send();
        let response = response.await.unwrap();
        let status = response.status();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
    }

    async fn get(&self, node: &Program, path: &str) -> (StatusCode, Value) {
        let response = self.client.get(format!("{}/{path}", node.url)).bearer_auth(KEY).send().await.unwrap();
        let status = response.status();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
    }

    async fn made(&self, node: &Program, path: &str, body: Value) -> String {
        let (status, made) = self.post(node, path, &body).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made["id"].as_str().unwrap().to_owned()
    }

    /// An event type that is always open, in halves and whole hours.
    async fn event_type(&self, node: &Program) -> String {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let hours: Vec<_> = days.iter().map(|day| json!({"weekday": day, "start": "00:00", "end": "24:00"})).collect();
        let schedule = json!({"name": "Always", "time_zone": "UTC", "weekly_hours": hours});
        let schedule = self.made(node, "schedules", schedule).await;
        let room = self.made(node, "resources", json!({"name": "A", "kind": "room", "time_zone": "UTC"})).await;
        let event_type = json!({
            "slug": "a", "title": "A", "durations_minutes": [30, 60, 90], "slot_interval_minutes": 30,
            "schedule_id": schedule, "requirements": [{"count": 1, "resource_ids": [room]}],
        });
        self.made(node, "event-types", event_type).await
    }
}

fn slot(id: &str, start: &str) -> Value {
    json!({"event_type_id": id, "start": start, "duration_minutes": 60})
}

fn with(mut body: Value, more: Value) -> Value {
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

fn booking(id: &str, start: &str) -> Value {
    with(slot(id, start), json!({"answers": {}, "booker": {"name": "Ada", "email": "ada@example.org"}}))
}

/// So many hours into the day of the tests.
fn at(hour: u32) -> String {
    format!("{}T{:02}:00:00Z", Day(i64::from(hour / 24)), hour % 24)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_takes_no_hold_and_no_place_in_line_with_it() {
    let (cluster, asker) = (Cluster::start().unwrap(), Asker::default());
    let (mut first, second) = (node(&cluster), node(&cluster));
    let id = asker.event_type(&first).await;
    let (holder, waiting) = (session(), session());
    let beat = |who: &str| with(slot(&id, &at(9)), json!({"session_id": who}));
    let (_, held) = asker.post(&first, "presence/heartbeat", &beat(&holder)).await;
    let (_, waits) = asker.post(&first, "presence/heartbeat", &beat(&waiting)).await;
    assert_eq!((&held["state"], &waits["position"]), (&json!("holding"), &json!(1)));
    first.end("-KILL");
    let (_, still) = asker.post(&second, "presence/heartbeat", &beat(&holder)).await;
    assert_eq!((&still["state"], &still["version"]), (&json!("holding"), &held["version"]), "{still}");
    assert_eq!(asker.post(&second, "presence/heartbeat", &beat(&waiting)).await.1["position"], 1);
    // The holder does not come back: the other node ends its hold, by the database's clock.
    let held_for = instant(&held["hold_deadline"]) - (instant(&held["expires_at"]) - TimeDelta::milliseconds(TTL_MS));
    let promoted = until("the lease of who is gone ends", async || {
        let (_, place) = asker.post(&second, "presence/heartbeat", &beat(&waiting)).await;
        (place["state"] == "holding").then_some(place)
    });
    let late = instant(&promoted.await["hold_deadline"]) - held_for - instant(&still["expires_at"]);
    assert!(late >= -ABOUT, "never before the ttl is over: {late}");
    assert!(late < TimeDelta::seconds(1) + ABOUT, "and a second later at most: {late}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_and_comes_back_loses_nothing_that_was_acknowledged() {
    let (mut cluster, asker) = (Cluster::start().unwrap(), Asker::default());
    let nodes = [node(&cluster), node(&cluster)];
    let id = asker.event_type(&nodes[0]).await;
    let mut acknowledged = BTreeMap::new();
    let mut hour = 0;
    for how in [Stop::Fast, Stop::Immediate] {
        let holder = session();
        let beat = with(slot(&id, &format!("{}T09:00:00Z", Day(30))), json!({"session_id": holder}));
        let rush = (hour..hour + 60).map(|hour| {
            let (asker, node, id) = (&asker, &nodes[hour as usize % 2], &id);
            async move { asker.post(node, "bookings", &booking(id, &at(hour))).await }
        });
        for (status, made) in join_all(rush).await {
            assert_eq!(status, StatusCode::CREATED, "{made}");
            acknowledged.insert(made["uid"].as_str().unwrap().to_owned(), made["start"].clone());
        }
        hour += 60;
        let (_, held) = asker.post(&nodes[0], "presence/heartbeat", &beat).await;
        assert_eq!(held["state"], "holding", "{held}");
        cluster.stop(how).unwrap();
        for node in &nodes {
            refuses_fast(&asker, node, &booking(&id, &at(hour))).await;
        }
        cluster.start_again().unwrap();
        for node in &nodes {
            until("both nodes serve again", async || {
                let beats = asker.post(node, "presence/heartbeat", &beat).await.0 == StatusCode::OK;
                (beats && asker.get(node, "readyz").await.0 == StatusCode::OK).then_some(())
            })
            .await;
        }
        let (_, still) = asker.post(&nodes[1], "presence/heartbeat", &beat).await;
        assert_eq!(still["version"], held["version"], "whoever could not send heartbeats keeps what it held: {still}");
        asker.post(&nodes[0], "presence/leave", &json!({"room": still["room"], "session_id": holder})).await;
    }
    for (uid, start) in &acknowledged {
        let (status, found) = asker.get(&nodes[1], &format!("api/v1/bookings/{uid}")).await;
        assert_eq!((status, &found["start"]), (StatusCode::OK, start));
    }
    let starts: std::collections::BTreeSet<_> = acknowledged.values().map(Value::to_string).collect();
    assert_eq!(starts.len(), acknowledged.len(), "no two overlap");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_start_at_once_with_the_demo_fill_it_once() {
    let cluster = Cluster::start().unwrap();
    let url = cluster.url("postgres");
    let starts = (0..3).map(|_| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || Program::start_on(&url, &["--demo"]))
    });
    let mut said = String::new();
    for start in join_all(starts).await {
        let mut node = start.unwrap();
        let list = client().get(format!("{}/api/v1/public/default/event-types", node.url)).send().await.unwrap();
        let list: Value = serde_json::from_str(&list.text().await.unwrap()).unwrap();
        assert_eq!(list["event_types"].as_array().unwrap().len(), 5, "{list}");
        assert!(node.end("-TERM").success());
        said.push_str(&node.said());
    }
    assert_eq!(said.matches("admin key").count(), 1, "one of them made the key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_within_the_database_costs_nobody_their_hold() {
    let (mut cluster, asker) = (Cluster::start().unwrap(), Asker::default());
    let nodes = [node(&cluster), node(&cluster)];
    let id = asker.event_type(&nodes[0]).await;
    let beat = with(slot(&id, &at(9)), json!({"session_id": session()}));
    let (_, held) = asker.post(&nodes[0], "presence/heartbeat", &beat).await;
    cluster.crash().unwrap();
    let still = until("the server recovers by itself", async || {
        let (status, still) = asker.post(&nodes[1], "presence/heartbeat", &beat).await;
        assert!([StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&status), "{still}");
        (status == StatusCode::OK).then_some(still)
    })
    .await;
    assert_eq!((&still["state"], &still["version"]), (&json!("holding"), &held["version"]), "{still}");
}

/// Once the node has noticed that the database is away, it says so at once.
async fn refuses_fast(asker: &Asker, node: &Program, body: &Value) {
    until("a node notices that the database is away", async || {
        let asked = Instant::now();
        let response = asker.client.post(format!("{}/api/v1/bookings", node.url)).json(body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key("retry-after"));
        let fast = asked.elapsed() < Duration::from_millis(500);
        (fast && asker.get(node, "readyz").await.0 == StatusCode::SERVICE_UNAVAILABLE).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_front_apart_from_the_component_serves_the_same_and_survives_its_restart() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("holdfast.db").display());
    let made = command(&["keys", "create", "--name", "front", "--role", "front", "--database-url", &database]).output();
    let made = String::from_utf8(made.unwrap().stdout).unwrap();
    let front_key = made.lines().nth(1).unwrap();
    let mut component = Program::component(&database, "127.0.0.1:0", &["--admin-key", KEY]);
    let url = component.url.clone();
    let front = Program::front(&url, front_key);
    let strange = Program::front(&url, "hf_nobody_made_this_key");
    assert_eq!(client().get(format!("{}/readyz", strange.url)).send().await.unwrap().status(), 503);
    let asker = Asker::default();

    let id = asker.event_type(&front).await;
    let (status, booked) = asker.post(&front, "bookings", &booking(&id, &at(9))).await;
    assert_eq!(status, StatusCode::CREATED, "{booked}");
    let page = asker.get(&front, "api/v1/public/default/event-types/a").await;
    assert_eq!(page.1["event_type"]["id"], id.as_str());

    assert!(component.end("-TERM").success());
    assert_eq!(asker.get(&front, "readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
    let (status, problem) = asker.post(&front, "bookings", &booking(&id, &at(12))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")));

    let _component = Program::component(&database, url.strip_prefix("http://").unwrap(), &["--admin-key", KEY]);
    until("the front connects again", async || (asker.get(&front, "readyz").await.0 == StatusCode::OK).then_some(()))
        .await;
    assert_eq!(asker.post(&front, "bookings", &booking(&id, &at(12))).await.0, StatusCode::CREATED);
    let uid = booked["uid"].as_str().unwrap();
    assert_eq!(asker.get(&front, &format!("api/v1/bookings/{uid}")).await.0, StatusCode::OK);
}

/// A component, and a front with this key, with an event type that it serves.
async fn component_and_front(database: &str, key: &str) -> (Program, Program, String) {
    let component = Program::component(database, "127.0.0.1:0", &["--admin-key", KEY]);
    let front = Program::front(&component.url, key);
    let id = Asker::default().event_type(&front).await;
    (component, front, id)
}

/// The calls of the public that need the front's key, by a stranger.
async fn as_a_stranger(front: &Program, id: &str) -> Vec<(StatusCode, Value)> {
    let (client, base) = (client(), format!("{}/api/v1", front.url));
    let dates = format!("from={}&to={}&duration_minutes=60", Day(0), Day(1));
    let beat = with(slot(id, &at(9)), json!({"session_id": session()}));
    let mut answers = Vec::new();
    for request in [
        client.get(format!("{base}/public/default/event-types")),
        client.get(format!("{base}/event-types/{id}/slots?{dates}")),
        client.get(format!("{base}/event-types/{id}/slots/stream?{dates}")),
        client.post(format!("{base}/presence/heartbeat")).json(&beat),
        client.post(format!("{base}/bookings")).json(&booking(id, &at(9))),
        client.get(format!("{base}/bookings/{}", session())).bearer_auth("0".repeat(64)),
    ] {
        let response = request.send().await.unwrap();
        let status = response.status();
        let whole = if status.is_success() { String::new() } else { response.text().await.unwrap() };
        answers.push((status, serde_json::from_str(&whole).unwrap_or_default()));
    }
    answers
}

/// Everybody is told that the service is away, and the log says once why.
async fn is_away_for_the_public(mut front: Program, id: &str) {
    // More often than an address may show a wrong key.
    for _ in 0..25 {
        for (status, problem) in as_a_stranger(&front, id).await {
            let told = (status, &problem["code"], &problem["retry_after"]);
            assert_eq!(told, (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable"), &json!(1)), "{problem}");
        }
    }
    let asker = Asker::default();
    assert_eq!(asker.get(&front, "readyz").await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(asker.get(&front, "api/v1/bookings").await.0, StatusCode::OK, "operators have keys of their own");
    assert!(front.end("-TERM").success());
    let lines = front.logged();
    let told = lines.iter().filter(|line| line.contains("--front-key") && line.contains("an outage begins")).count();
    assert_eq!(told, 1, "{lines:#?}");
    assert!(lines.len() <= 4, "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_front_whose_key_is_revoked_is_away_for_the_public_and_the_log_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("holdfast.db").display());
    let made = command(&["keys", "create", "--name", "front", "--role", "front", "--database-url", &database]).output();
    let made = String::from_utf8(made.unwrap().stdout).unwrap();
    let (key_id, key) = made.trim().split_once('\n').unwrap();
    let (_component, front, id) = component_and_front(&database, key).await;
    for (status, problem) in as_a_stranger(&front, &id).await {
        assert!(!status.is_server_error() && status != StatusCode::UNAUTHORIZED, "{problem}");
    }
    assert!(command(&["keys", "revoke", key_id, "--database-url", &database]).status().unwrap().success());
    is_away_for_the_public(front, &id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_front_with_an_operators_key_lets_nobody_through_as_an_operator() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("holdfast.db").display());
    let (_component, front, id) = component_and_front(&database, KEY).await;
    is_away_for_the_public(front, &id).await;
}

/// Makes keys beside a server that starts, all at once, on a database in which there is nothing yet.
fn keys_beside_the_first_start(database: &str) {
    let keys: Vec<_> = (0..3)
        .map(|nth| {
            let name = format!("key {nth}");
            let mut key = command(&["keys", "create", "--role", "front", "--name", &name, "--database-url", database]);
            key.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let _server = Program::start_on(database, &["--admin-key", KEY]);
    for key in keys {
        let made = key.wait_with_output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    let listed = command(&["keys", "list", "--database-url", database]).output().unwrap();
    assert_eq!(String::from_utf8(listed.stdout).unwrap().matches("key ").count(), 3);
}

#[test]
fn keys_can_be_made_while_the_first_start_makes_the_tables() {
    for _ in 0..4 {
        let folder = tempfile::tempdir().unwrap();
        keys_beside_the_first_start(&format!("sqlite://{}", folder.path().join("holdfast.db").display()));
    }
}

#[test]
fn keys_can_be_made_while_the_first_start_makes_the_tables_of_a_shared_database() {
    let cluster = Cluster::start().unwrap();
    keys_beside_the_first_start(&cluster.url("postgres"));
}
