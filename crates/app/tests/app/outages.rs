//! The real program, when what it stands on goes away: it says so, harms nothing, and goes on when that is back.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use serde_json::json;

use crate::house::{KEY, client};
use crate::program::listening;

/// A server that may be told how long its files may become.
struct Bounded {
    child: Child,
    url: String,
    client: Client,
}

impl Bounded {
    /// Started so that a file which may not grow is an error to it, as a full disk is, and no signal. Nobody reads its log once it
    /// listens.
    fn start(folder: &std::path::Path) -> Self {
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
        Self { child, url: format!("http://{address}"), client: client() }
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
    let server = Bounded::start(folder.path());
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
