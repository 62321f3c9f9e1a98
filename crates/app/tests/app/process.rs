//! The real program: what it says, how it ends, and what survives.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program::{Program, command};
use crate::test_server::{KEY, client, session};

async fn json_at(url: String) -> Value {
    let text = client().get(url).send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap()
}

async fn post(url: String, body: &Value) -> (u16, Value) {
    let response = client().post(url).json(body).send().await.unwrap();
    (response.status().as_u16(), serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
}

/// An event type of the demo, and its free slots in the next weeks.
async fn offered(url: &str, slug: &str) -> (String, Vec<Value>) {
    let page = json_at(format!("{url}/api/v1/public/default/event-types/{slug}")).await;
    let id = page["event_type"]["id"].as_str().unwrap().to_owned();
    // The server's own idea of today: the first bookable day is found by asking for whole months ahead.
    let today = client().get(format!("{url}/healthz")).send().await.unwrap();
    let date = today.headers()["date"].to_str().unwrap().to_owned();
    let today = booking_domain::DateTime::parse_from_rfc2822(&date).unwrap().date_naive();
    let last = today + chrono::TimeDelta::days(30);
    let slots = json_at(format!("{url}/api/v1/event-types/{id}/slots?from={today}&to={last}")).await;
    (id, slots["slots"].as_array().unwrap().clone())
}

fn booking(id: &str, slot: &Value, session: Option<&str>) -> Value {
    json!({
        "event_type_id": id, "start": slot["start"], "session_id": session, "answers": {},
        "booker": {"name": "Ada", "email": "ada@example.org"},
    })
}

#[tokio::test]
async fn the_demo_can_be_booked_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let mut program = Program::start(folder.path(), &["--demo"]);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    let list = json_at(format!("{}/api/v1/public/default/event-types", program.url)).await;
    let mut slugs: Vec<_> =
        list["event_types"].as_array().unwrap().iter().map(|e| e["slug"].as_str().unwrap()).collect();
    slugs.sort_unstable();
    assert_eq!(slugs, ["lesson", "live-room", "night-session", "practice", "tour"]);
    for slug in slugs {
        assert!(!offered(&program.url, slug).await.1.is_empty(), "{slug}");
    }
    assert!(program.end("-TERM").success());
    let said = program.said();
    assert!(said.starts_with("admin key (shown once): hf_"), "{said}");
    // The second start neither shows a key nor fills anything again.
    let mut again = Program::start(folder.path(), &["--demo"]);
    let list = json_at(format!("{}/api/v1/public/default/event-types", again.url)).await;
    assert_eq!(list["event_types"].as_array().unwrap().len(), 5);
    assert!(again.end("-INT").success());
    assert_eq!(again.said(), "");
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &["--demo", "--admin-key", KEY]);
    let (id, slots) = offered(&program.url, "practice").await;
    let holder = session();
    let beat = json!({"event_type_id": id, "start": slots[30]["start"], "session_id": holder});
    let (_, held) = post(format!("{}/api/v1/presence/heartbeat", program.url), &beat).await;
    assert_eq!(held["state"], "holding");
    let mut uids = Vec::new();
    for slot in slots.iter().take(20) {
        let (status, made) = post(format!("{}/api/v1/bookings", program.url), &booking(&id, slot, None)).await;
        assert_eq!(status, 201, "{made}");
        uids.push(made["uid"].as_str().unwrap().to_owned());
    }
    program.end("-KILL");
    let again = Program::start(folder.path(), &["--admin-key", KEY]);
    for uid in uids {
        let request = client().get(format!("{}/api/v1/bookings/{uid}", again.url)).bearer_auth(KEY);
        assert_eq!(request.send().await.unwrap().status(), 200, "{uid}");
    }
    let (_, still) = post(format!("{}/api/v1/presence/heartbeat", again.url), &beat).await;
    assert_eq!((&still["state"], &still["version"]), (&json!("holding"), &held["version"]), "{still}");
}

#[tokio::test]
async fn a_server_that_is_asked_to_end_lets_its_watchers_go() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &["--demo"]);
    let (id, slots) = offered(&program.url, "tour").await;
    let date = &slots[0]["start"].as_str().unwrap()[..10];
    let stream = format!("{}/api/v1/event-types/{id}/slots/stream?from={date}&to={date}", program.url);
    let mut watcher = client().get(stream).send().await.unwrap();
    watcher.chunk().await.unwrap().unwrap();
    let started = Instant::now();
    assert!(program.end("-TERM").success());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    let mut rest = String::new();
    while let Some(chunk) = watcher.chunk().await.unwrap() {
        rest.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(rest.contains("retry: "), "{rest}");
}

#[test]
fn wrong_settings_are_refused_with_a_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let free = ["--http-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0"];
    for (flags, word) in [
        (["--hold-ttl-ms", "0"], "--hold-ttl-ms"),
        (["--database-url", "mysql://u:secret@h/x"], "sqlite:"),
        (["--database-url", "postgres://u:secret@127.0.0.1:1/x"], "postgres: cannot be used"),
        (["--database-url", "postgres://127.0.0.1:1/x?user=u&password=secret"], "postgres: cannot be used"),
        (["--database-url", "postgres://127.0.0.1:1/x?pasword=secret"], "parameters that mean nothing"),
        (["--database-url", "postgres://u:secret@h:secret/x"], "it looks like postgres://user"),
        (["--database-url", "sqlite://x.db?mode=secret"], "it looks like sqlite://folder"),
        (["--admin-key", "secret"], "HOLDFAST_ADMIN_KEY must have 20 characters"),
        (["--admin-key", "a secret of more than one word"], "HOLDFAST_ADMIN_KEY must be 1 to 256 visible ASCII"),
        (["--public-url", "nowhere"], "--public-url"),
        (["--http-addr", "nowhere"], "nowhere"),
        (["--component-url", "http://127.0.0.1:1"], "--front-key"),
    ] {
        let mut command = command(&["serve"]);
        let output = command
            .args(free.iter().filter(|_| flags[0] != "--http-addr"))
            .args(flags)
            .current_dir(&folder)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(word), "{flags:?}: {said}");
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn the_program_prints_the_document_and_minds_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let printed = command(&["openapi"]).output().unwrap();
    assert!(printed.status.success() && printed.stdout == include_bytes!("../../openapi.json"));
    let database = format!("sqlite://{}", folder.path().join("holdfast.db").display());
    let run = |arguments: &[&str]| {
        let output = command(arguments).env("HOLDFAST_DATABASE_URL", &database).output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    assert_eq!(run(&["migrate"]), (true, String::new()));
    let (_, made) = run(&["keys", "create", "--name", "a front", "--role", "front"]);
    let (id, key) = made.trim().split_once('\n').unwrap();
    assert!(key.starts_with("hf_"), "{made}");
    let (_, list) = run(&["keys", "list"]);
    assert!(list.contains(id) && list.contains("valid") && !list.contains(key), "{list}");
    assert!(run(&["keys", "revoke", id]).0);
    assert!(run(&["keys", "list"]).1.contains("revoked"));
    assert!(!run(&["keys", "revoke", "nothing"]).0);
}

#[tokio::test]
async fn an_organization_moves_from_one_database_to_another_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = postgres_cluster::Cluster::start().unwrap();
    let (file, back) = (folder.path().join("organization.jsonl"), folder.path().join("back.jsonl"));
    let sqlite = format!("sqlite://{}", folder.path().join("holdfast.db").display());
    let postgres = cluster.url("postgres");
    let (id, uid) = {
        let program = Program::start_on(&sqlite, &["--demo", "--admin-key", KEY]);
        let (id, slots) = offered(&program.url, "practice").await;
        let (_, made) = post(format!("{}/api/v1/bookings", program.url), &booking(&id, &slots[9], None)).await;
        (id, made["uid"].as_str().unwrap().to_owned())
    };
    let run = |arguments: &[&str], database: &str| {
        let output = command(arguments).env("HOLDFAST_DATABASE_URL", database).output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let (exported, told) = run(&["export", "--output", file.to_str().unwrap()], &sqlite);
    assert!(exported && told.starts_with("exported: "), "{told}");
    assert!(!run(&["export", "--output", file.to_str().unwrap()], &sqlite).0, "a file is never overwritten");
    let (imported, arrived) = run(&["import", "--input", file.to_str().unwrap()], &postgres);
    assert!(imported, "{arrived}");
    assert_eq!(arrived.split_once(": ").unwrap().1, told.split_once(": ").unwrap().1);
    assert!(!run(&["import", "--input", file.to_str().unwrap()], &postgres).0, "what is there is never overwritten");
    {
        // The key that was chosen there opens the door here, too.
        let program = Program::start_on(&postgres, &[]);
        let request = client().get(format!("{}/api/v1/bookings/{uid}", program.url)).bearer_auth(KEY);
        assert_eq!(request.send().await.unwrap().status(), 200);
        assert_eq!(offered(&program.url, "practice").await.0, id);
    }
    assert!(run(&["export", "--output", back.to_str().unwrap()], &postgres).0);
    let elsewhere = format!("sqlite://{}", folder.path().join("elsewhere.db").display());
    assert!(run(&["import", "--input", back.to_str().unwrap()], &elsewhere).0);
    assert_eq!(std::fs::read(file).unwrap(), std::fs::read(back).unwrap());
}

#[tokio::test]
async fn a_proxy_that_nobody_named_is_told_of_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &["--public-url", "https://book.example.org"]);
    for header in ["X-Forwarded-For", "Forwarded", "X-Forwarded-For"] {
        let request = client().get(format!("{}/healthz", program.url)).header(header, "203.0.113.1");
        assert_eq!(request.send().await.unwrap().status(), 200);
    }
    program.end("-TERM");
    let told: Vec<_> = program.logged().into_iter().filter(|line| line.contains("--trusted-proxies")).collect();
    // What is said at the start comes before it listens, and so before what is kept of the log.
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("127.0.0.0/24") && !told[0].contains("203.0.113.1"), "{told:?}");
}

#[tokio::test]
async fn https_without_a_named_proxy_is_warned_of_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let warned = |flags: &[&str]| {
        let free = ["serve", "--http-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0", "--metrics-addr", "off"];
        let database = format!("sqlite://{}", folder.path().join("holdfast.db").display());
        let mut command = command(&free);
        command.args(["--database-url", &database]).args(flags).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let before: Vec<_> = log.take_while(|line| !line.contains("listening")).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        before.iter().any(|line| line.contains("--trusted-proxies"))
    };
    assert!(warned(&["--public-url", "https://book.example.org"]));
    assert!(!warned(&["--public-url", "https://book.example.org", "--trusted-proxies", "127.0.0.1"]));
    assert!(!warned(&["--public-url", "http://book.example.org"]));
}
