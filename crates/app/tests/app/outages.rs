//! The real program, when what it stands on goes away: it says so, harms nothing, and goes on when that is back.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::program::listening;
use crate::test_server::{KEY, client};

/// A server that may be told how long its files may become.
struct Bounded {
    child: Child,
    url: String,
    client: Client,
}

/// What a server logs once it listens.
struct Log(Receiver<String>);

impl Log {
    /// The lines up to the first one that says this.
    fn until(&self, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while !lines.last().is_some_and(|line: &String| line.contains(text)) {
            lines
                .push(self.0.recv_timeout(Duration::from_secs(10)).unwrap_or_else(|_| panic!("no {text}: {lines:#?}")));
        }
        lines
    }
}

impl Bounded {
    /// Started so that a file which may not grow is an error to it, as a full disk is, and no signal. Nobody reads its log once it
    /// listens, unless what is given goes on doing so.
    fn start(folder: &std::path::Path) -> (Self, Log) {
        let database = format!("sqlite://{}", folder.join("holdfast.db").display());
        let mut child = Command::new("sh")
            .args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#, env!("CARGO_BIN_EXE_holdfast"), "serve"])
            .args(["--http-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0", "--admin-key", KEY])
            .args(["--database-url", &database])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = log.find_map(|line| listening(&line.unwrap(), "http")).expect("it listens");
        let (tell, told) = channel();
        std::thread::spawn(move || log.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        (Self { child, url: format!("http://{address}"), client: client() }, Log(told))
    }

    /// No file may become longer than this.
    fn limit_files(&self, bytes: &str) {
        let (process, limit) = (self.child.id().to_string(), format!("--fsize={bytes}:"));
        assert!(Command::new("prlimit").args(["--pid", &process, &limit]).status().unwrap().success());
    }

    async fn write(&self) -> StatusCode {
        let resource = json!({ "name": "A", "kind": "room", "time_zone": "UTC" });
        let request = self.client.post(format!("{}/api/v1/resources", self.url)).bearer_auth(KEY).json(&resource);
        request.send().await.unwrap().status()
    }

    async fn ready(&self) -> (StatusCode, String) {
        let answer = self.client.get(format!("{}/readyz", self.url)).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    async fn until_ready_is(&self, status: StatusCode) -> String {
        let started = Instant::now();
        loop {
            let (now, text) = self.ready().await;
            if now == status {
                return text;
            }
            assert!(started.elapsed() < Duration::from_secs(10), "{now} {text}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Bounded {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_disk_that_was_full_for_a_while_is_an_outage_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (server, log) = Bounded::start(folder.path());
    drop(log);
    assert_eq!(server.write().await, StatusCode::CREATED);
    server.limit_files("1");
    for _ in 0..3 {
        assert_eq!(server.write().await, StatusCode::SERVICE_UNAVAILABLE);
    }
    let told = server.until_ready_is(StatusCode::SERVICE_UNAVAILABLE).await;
    assert!(told.contains("takes no writes"), "{told}");
    server.limit_files("unlimited");
    assert_eq!(server.write().await, StatusCode::CREATED, "the very next one succeeds");
    server.until_ready_is(StatusCode::OK).await;
}

#[tokio::test]
async fn an_outage_is_a_line_when_it_begins_and_a_line_when_it_is_over_however_many_calls_it_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let (server, log) = Bounded::start(folder.path());
    for refused in [40, 7] {
        assert_eq!(server.write().await, StatusCode::CREATED);
        server.limit_files("1");
        for _ in 0..refused {
            assert_eq!(server.write().await, StatusCode::SERVICE_UNAVAILABLE);
        }
        server.limit_files("unlimited");
        assert_eq!(server.write().await, StatusCode::CREATED);
        let lines = log.until("an outage is over");
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines[0].contains("an outage begins") && lines[0].contains("the store"), "{lines:#?}");
        assert!(lines[1].contains(&format!("refused={refused}")), "{lines:#?}");
    }
}
