//! Live streams: what watchers are told, when, and when they are told nothing.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::day::{DAY, Day, at};
use crate::test_server::{KEY, TestServer, session};

/// How soon something must be told.
const SOON: Duration = Duration::from_secs(1);

/// An open stream of events.
struct Stream {
    response: Response,
    text: String,
}

impl Stream {
    async fn open(server: &TestServer, path: &str) -> Self {
        // Named here, the coding is not undone before it can be looked at.
        let request = server.request(Method::GET, path).header("Accept-Encoding", "gzip");
        Self::of(request.send().await.unwrap())
    }

    fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-cache, no-transform");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert!(!response.headers().contains_key("content-encoding"));
        Self { response, text: String::new() }
    }

    /// The next block of lines; nothing at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event, which must come soon.
    async fn event(&mut self) -> (String, Value) {
        timeout(SOON, self.event_at_last()).await.expect("an event within a second")
    }

    /// The next event, whenever it comes.
    async fn event_at_last(&mut self) -> (String, Value) {
        let block = self.block().await.expect("no end");
        let (event, data) = block.split_once('\n').unwrap();
        (
            event.strip_prefix("event: ").unwrap().to_owned(),
            serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap(),
        )
    }

    /// Whether nothing comes for so long.
    async fn is_silent_for(&mut self, time: Duration) -> bool {
        timeout(time, self.block()).await.is_err()
    }
}

fn slots(id: &str) -> String {
    format!("event-types/{id}/slots/stream?from={DAY}&to={DAY}&duration_minutes=30")
}

fn slot(time: &str, state: &str) -> (String, Value) {
    let (hour, minute) = time.split_once(':').unwrap();
    let end = if minute == "00" { format!("{hour}:30") } else { format!("{:02}:00", hour.parse::<u32>().unwrap() + 1) };
    let remaining = u32::from(state == "free");
    ("slot".to_owned(), json!({"start": at(time), "end": at(&end), "state": state, "remaining": remaining}))
}

#[tokio::test]
async fn a_watcher_sees_a_hold_a_release_and_a_booking_and_no_quiet_heartbeat() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let mut watcher = Stream::open(&server, &slots(&id)).await;
    let (event, snapshot) = watcher.event().await;
    assert_eq!((event.as_str(), snapshot["slots"].as_array().unwrap().len()), ("snapshot", 48));
    let holder = session();
    let room = server.beat(&id, "10:00", &holder).await.json["room"].clone();
    assert_eq!(watcher.event().await, slot("10:00", "held"));
    for _ in 0..5 {
        server.beat(&id, "10:00", &holder).await;
    }
    assert!(watcher.is_silent_for(Duration::from_millis(300)).await, "heartbeats that change nothing are quiet");
    server.post("presence/leave", json!({"room": room, "session_id": holder})).await;
    assert_eq!(watcher.event().await, slot("10:00", "free"));
    server.book(&id, "11:00", None).await;
    assert_eq!(watcher.event().await, slot("11:00", "booked"));
    // Who comes later is told what there is now.
    let (_, later) = Stream::open(&server, &slots(&id)).await.event().await;
    assert_eq!(later["slots"].as_array().unwrap().len(), 47);
}

#[tokio::test]
async fn many_watchers_are_told_the_same_and_each_sees_what_a_reader_sees() {
    let server = TestServer::with(&["--rate-limit", "0", "--max-presences-per-address", "0"]).await;
    let id = server.offer("room").await;
    let mut watchers = Vec::new();
    for _ in 0..20 {
        let mut watcher = Stream::open(&server, &slots(&id)).await;
        watcher.event().await;
        watchers.push(watcher);
    }
    server.beat(&id, "10:00", &session()).await;
    for watcher in &mut watchers {
        assert_eq!(watcher.event().await, slot("10:00", "held"));
    }
    let text = server.get("/metrics").await.text;
    assert!(text.contains("holdfast_sse_watchers{stream=\"slots\"} 20"), "{text}");
    drop(watchers);
    let gone = async {
        while !server.get("/metrics").await.text.contains("holdfast_sse_watchers{stream=\"slots\"} 0") {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(5), gone).await.unwrap();
    let (event, snapshot) = Stream::open(&server, &slots(&id)).await.event().await;
    let listed = server.get(&format!("event-types/{id}/slots?from={DAY}&to={DAY}&duration_minutes=30")).await.json;
    assert_eq!((event.as_str(), snapshot), ("snapshot", listed));
}

#[tokio::test]
async fn what_cannot_be_watched_is_refused_before_a_stream_begins() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    assert_eq!(server.get(&slots(&session())).await.code(), "not_found");
    assert_eq!(server.get(&format!("event-types/{id}/slots/stream?from={DAY}")).await.wrong(), ["to"]);
    let long = server.get(&format!("event-types/{id}/slots/stream?from={DAY}&to={}", Day(365))).await;
    assert_eq!((long.status, long.wrong()), (400, vec!["to"]));
}

async fn follow(server: &TestServer, room: &Value, session: &str) -> Stream {
    let body = json!({"room": room, "session_id": session});
    Stream::of(server.request(Method::POST, "presence/stream").json(&body).send().await.unwrap())
}

#[tokio::test]
async fn promotion_is_pushed_to_who_waits() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let (first, second) = (session(), session());
    let room = server.beat(&id, "10:00", &first).await.json["room"].clone();
    let waiting = server.beat(&id, "10:00", &second).await.json;
    let mut place = follow(&server, &room, &second).await;
    let (event, told) = place.event().await;
    assert_eq!((event.as_str(), &told["state"], &told["who"]), ("presence", &json!("waiting"), &waiting["who"]));
    server.post("presence/leave", json!({"room": room, "session_id": first})).await;
    let (event, told) = place.event().await;
    assert_eq!((event.as_str(), &told["state"], &told["position"]), ("presence", &json!("holding"), &json!(0)));
    assert_eq!(told.as_object().unwrap().len(), waiting.as_object().unwrap().len());
    server.book(&id, "10:00", Some(&second)).await;
    let (event, problem) = place.event().await;
    assert_eq!(event, "gone");
    assert!(problem["code"].is_string() && problem["status"].is_number(), "{problem}");
    assert_eq!(timeout(SOON, place.block()).await.unwrap(), None, "that was the end");
}

#[tokio::test]
async fn who_waits_for_what_is_booked_is_told() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let (first, second) = (session(), session());
    let room = server.beat(&id, "10:00", &first).await.json["room"].clone();
    server.beat(&id, "10:00", &second).await;
    let mut place = follow(&server, &room, &second).await;
    place.event().await;
    assert_eq!(server.book(&id, "10:00", Some(&first)).await.status, 201);
    let (event, problem) = place.event().await;
    assert_eq!((event.as_str(), &problem["code"]), ("gone", &json!("slot_booked")), "{problem}");
}

#[tokio::test]
async fn the_operator_watches_everybody() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let request = server.request(Method::GET, "presence/live/stream").bearer_auth(KEY);
    let mut live = Stream::of(request.send().await.unwrap());
    assert_eq!(live.event().await, ("snapshot".to_owned(), json!({"presences": []})));
    server.beat(&id, "10:00", &session()).await;
    let (_, told) = live.event().await;
    assert_eq!(
        (&told["presences"][0]["state"], &told["presences"][0]["start"]),
        (&json!("holding"), &json!(at("10:00")))
    );
}

#[tokio::test]
async fn of_a_long_line_the_operator_is_told_what_changes() {
    let server = TestServer::with(&["--rate-limit", "0", "--max-presences-per-address", "0"]).await;
    let id = server.offer("room").await;
    let sessions: Vec<String> = (0..100).map(|_| session()).collect();
    let mut room = Value::Null;
    for session in &sessions {
        room = server.beat(&id, "10:00", session).await.json["room"].clone();
    }
    let request = server.request(Method::GET, "presence/live/stream").bearer_auth(KEY);
    let mut live = Stream::of(request.send().await.unwrap());
    let (event, everybody) = live.event().await;
    assert_eq!((event.as_str(), everybody["presences"].as_array().unwrap().len()), ("snapshot", 100));
    server.post("presence/leave", json!({"room": room, "session_id": sessions[7]})).await;
    let (event, told) = live.event().await;
    let gone = json!([{"room": room, "who": everybody["presences"][7]["who"]}]);
    assert_eq!((event.as_str(), told), ("presences", json!({"presences": [], "departed": gone})));
}

#[tokio::test]
async fn one_address_watches_so_many_different_things_at_once_and_no_more() {
    let server = TestServer::with(&["--rate-limit", "0"]).await;
    let id = server.offer("room").await;
    let mut watchers = Vec::new();
    let refused = loop {
        let day = Day(watchers.len().try_into().unwrap());
        let path = format!("event-types/{id}/slots/stream?from={day}&to={day}&duration_minutes=30");
        let answer = server.request(Method::GET, &path).send().await.unwrap();
        if answer.status() != 200 {
            break answer;
        }
        watchers.push(answer);
    };
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    assert!((1..=64).contains(&watchers.len()), "{}", watchers.len());
    let metrics = server.get("/metrics").await.text;
    assert!(metrics.contains(&format!("holdfast_watched_questions {}\n", watchers.len())), "{metrics}");
    assert!(metrics.contains("holdfast_component_watched_lists "), "{metrics}");
    drop(watchers);
    let gone = async {
        loop {
            let metrics = server.get("/metrics").await.text;
            let left = ["holdfast_watched_questions", "holdfast_watched_bytes", "holdfast_component_watched_lists"];
            if left.iter().all(|what| metrics.contains(&format!("\n{what} 0\n"))) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(5), gone).await.expect("what nobody watches costs nothing");
}

#[tokio::test]
async fn streams_with_a_key_end_within_a_second_of_its_revocation_and_say_so() {
    let server = TestServer::open().await;
    let id = server.offer("room").await;
    let (key_id, key) = crate::tenants::key(&server, "admin").await;
    let mut streams = Vec::new();
    for path in ["presence/live/stream", &slots(&id)] {
        let request = server.request(Method::GET, path).bearer_auth(&key);
        let mut stream = Stream::of(request.send().await.unwrap());
        assert_eq!(stream.event().await.0, "snapshot");
        streams.push(stream);
    }
    let mut anybody = Stream::open(&server, &slots(&id)).await;
    anybody.event().await;
    crate::tenants::revoke(&server, &key_id).await;
    for mut stream in streams {
        let (event, problem) = stream.event().await;
        assert_eq!((event.as_str(), &problem["code"]), ("problem", &json!("unauthenticated")), "{problem}");
        assert_eq!(timeout(SOON, stream.block()).await.unwrap(), None, "that was the end");
    }
    server.beat(&id, "10:00", &session()).await;
    assert_eq!(anybody.event().await, slot("10:00", "held"), "who showed no key lost none");
}

#[tokio::test]
async fn streams_end_with_the_server_and_say_when_to_come_back() {
    let mut server = TestServer::open().await;
    let id = server.offer("room").await;
    let mut watcher = Stream::open(&server, &slots(&id)).await;
    watcher.event().await;
    timeout(Duration::from_secs(5), server.close()).await.unwrap();
    let retry = timeout(SOON, watcher.block()).await.unwrap().unwrap();
    let wait: u64 = retry.strip_prefix("retry: ").unwrap().parse().unwrap();
    assert!((1_000..=5_000).contains(&wait), "{wait}");
    assert_eq!(timeout(SOON, watcher.block()).await.unwrap(), None);
}

#[tokio::test]
async fn a_watcher_outlives_a_component_that_comes_back() {
    let mut server = TestServer::open().await;
    let id = server.offer("room").await;
    let (_, key) = crate::tenants::key(&server, "front").await;
    let (grpc, database) = (server.grpc.to_string(), server.database());
    let far = TestServer::with(&["--component-url", &format!("http://{grpc}"), "--front-key", &key]).await;
    let mut watcher = Stream::open(&far, &slots(&id)).await;
    assert_eq!(watcher.event().await.0, "snapshot");
    timeout(Duration::from_secs(5), server.close()).await.unwrap();
    let again = TestServer::with(&["--grpc-addr", &grpc, "--database-url", &database]).await;
    let (event, snapshot) = timeout(Duration::from_secs(10), watcher.event_at_last()).await.unwrap();
    assert_eq!((event.as_str(), snapshot["slots"].as_array().unwrap().len()), ("snapshot", 48));
    again.beat(&id, "10:00", &session()).await;
    assert_eq!(watcher.event().await, slot("10:00", "held"));
}

#[tokio::test]
async fn one_address_has_so_many_streams_and_an_operator_as_many_as_there_are() {
    let server = TestServer::with(&["--max-streams-per-address", "3"]).await;
    let id = server.offer("room").await;
    let mut watchers = Vec::new();
    for _ in 0..3 {
        watchers.push(Stream::open(&server, &slots(&id)).await);
    }
    let body = json!({"room": {}, "session_id": session()});
    // A stream that is not refused would be read for ever.
    let refused = async { [server.get(&slots(&id)).await, server.post("presence/stream", body).await] };
    for refused in timeout(SOON, refused).await.expect("refused at once") {
        assert_eq!((refused.status, refused.code()), (429, "rate_limited"));
        assert_eq!(refused.header("retry-after"), refused.json["retry_after"].to_string());
    }
    for path in ["presence/live/stream", &slots(&id)] {
        watchers.push(Stream::of(server.request(Method::GET, path).bearer_auth(KEY).send().await.unwrap()));
    }
    watchers.remove(0);
    let again = async { while server.request(Method::GET, &slots(&id)).send().await.unwrap().status() != 200 {} };
    timeout(SOON, again).await.unwrap();
}

#[tokio::test]
async fn streams_are_not_counted_where_addresses_are_not() {
    let server = TestServer::with(&["--rate-limit", "0"]).await;
    let id = server.offer("room").await;
    let mut watchers = Vec::new();
    for _ in 0..40 {
        watchers.push(Stream::open(&server, &slots(&id)).await);
    }
}

#[tokio::test]
async fn what_streams_is_known_by_its_path() {
    let document = app::http::openapi::document();
    let paths = document["paths"].as_object().unwrap();
    for (path, methods) in paths {
        let streams = methods.to_string().contains("text/event-stream");
        assert_eq!(streams, path.ends_with("/stream"), "{path}");
    }
}
