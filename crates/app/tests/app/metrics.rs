//! Who is shown what was counted.

use app::cli::serve::{Listeners, ServeError};
use app::cli::{Cli, CliCommand};
use app::http::proxies::FORWARDING;
use clap::Parser;
use reqwest::Method;
use tokio::net::TcpListener;

use crate::test_server::{TestServer, answered, client};

#[tokio::test]
async fn metrics_have_a_port_of_their_own() {
    let server = TestServer::with(&["--http-addr", "0.0.0.0:0"]).await;
    let there = async |path: &str| answered(client().get(format!("http://{}{path}", server.metrics))).await;
    let shown = there("/metrics").await;
    assert_eq!((shown.status, shown.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
    for counted in ["holdfast_connections ", "holdfast_connections_refused_total{reason=\"address\"} 0"] {
        assert!(shown.text.contains(counted), "{}", shown.text);
    }
    assert_eq!(there("/api/v1/public/default/event-types").await.code(), "not_found");
    assert_eq!(server.get("/metrics").await.code(), "not_found", "whoever may see the pages may not see this");
}

#[tokio::test]
async fn beside_the_pages_metrics_are_shown_to_this_machine_alone() {
    let server = TestServer::with(&["--trusted-proxies", "127.0.0.0/8"]).await;
    assert_eq!(server.get("/metrics").await.status, 200);
    for header in FORWARDING {
        for from in ["203.0.113.1", "127.0.0.1"] {
            let answer = answered(server.request(Method::GET, "/metrics").header(header, from)).await;
            assert_eq!((answer.status, answer.code()), (404, "not_found"), "{header}: {from}");
        }
    }
}

async fn bound(flags: &[&str]) -> Result<Listeners, ServeError> {
    let free = ["holdfast", "serve", "--http-addr", "127.0.0.1:0", "--grpc-addr", "127.0.0.1:0"];
    let CliCommand::Serve(settings) = Cli::try_parse_from(free.iter().chain(flags)).unwrap().command else { panic!() };
    Listeners::bind(&settings).await
}

#[tokio::test]
async fn a_usual_place_that_is_taken_keeps_no_server_from_starting_and_a_chosen_one_does() {
    // Whether it is this or somebody else who listens there, it is taken.
    let _usual = TcpListener::bind("127.0.0.1:9464").await;
    assert!(bound(&[]).await.unwrap().metrics.is_none());
    let chosen = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = chosen.local_addr().unwrap().to_string();
    assert!(
        matches!(bound(&["--metrics-addr", &address]).await, Err(ServeError::Listen(taken, _)) if taken == address)
    );
    assert!(bound(&["--metrics-addr", "off"]).await.unwrap().metrics.is_none());
}
