//! Connections that take and give nothing: each has an end, and keeps nobody else out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use app::http::address::Trusted;
use app::http::listen::activity::Patience;
use app::http::listen::places::Places;
use app::http::listen::protocol::Protocol;
use app::http::listen::{Port, serve};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use futures::StreamExt;
use futures::future::join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::program::Program;
use crate::test_server::{KEY, TestServer, answered, client, over_http2};

/// How soon what has to happen has happened.
const SOON: Duration = Duration::from_secs(5);
/// So short that a test can wait for each.
const SHORT: Patience = Patience {
    first_byte: Duration::from_millis(200),
    head: Duration::from_millis(300),
    idle: Duration::from_millis(400),
    stall: Duration::from_millis(300),
};

/// A server of a few paths, with short patience.
struct Bench {
    address: SocketAddr,
    places: Arc<Places>,
    /// Told when an answer without an end has ended.
    let_go: Arc<Notify>,
    _serving: JoinSet<()>,
}

/// Tells that it goes.
struct NotifyOnDrop(Arc<Notify>);

impl Drop for NotifyOnDrop {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

impl Bench {
    async fn open(protocol: Protocol) -> Self {
        let (let_go, places) = (Arc::new(Notify::new()), Places::new(1_000, Some(100), Trusted::default()));
        let told = Arc::clone(&let_go);
        let endless = move |every: Duration| {
            let notify = NotifyOnDrop(Arc::clone(&told));
            Body::from_stream(futures::stream::unfold(notify, move |notify| async move {
                tokio::time::sleep(every).await;
                Some((Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 32 * 1024])), notify))
            }))
        };
        let slow = endless.clone();
        let router = Router::new()
            .route("/small", get(async || "small"))
            .route("/waits", get(async || std::future::pending::<()>().await))
            .route("/flood", get(async move || endless(Duration::ZERO)))
            .route("/ticks", get(async move || slow(Duration::from_millis(50))))
            .route("/body", post(async |body: Bytes| body.len().to_string()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let port = Port { protocol, places: Arc::clone(&places), patience: SHORT, closing: CancellationToken::new() };
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, router, port));
        Self { address, places, let_go, _serving: serving }
    }

    async fn connect(&self, first: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(first).await.unwrap();
        stream
    }

    fn ended(&self, reason: &str) -> u64 {
        self.places.ends().find(|(why, _)| *why == reason).unwrap().1
    }
}

/// Whether the other side closes, whatever it says before.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let closed = async {
        let mut bytes = [0; 1_024];
        while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
    };
    timeout(SOON, closed).await.is_ok()
}

const GET_SMALL: &[u8] = b"GET /small HTTP/1.1\r\nhost: a\r\n\r\n";
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// No settings.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
/// Settings by which nothing may be sent: an initial window of 0.
const NO_WINDOW: &[u8] = &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0];

/// `GET` of this path on this stream, over HTTP/2 (RFC 7541: from the static table, without Huffman's code).
fn get_frame(stream: u8, path: &str) -> Vec<u8> {
    let mut block = vec![0x82, 0x86, 0x01, 1, b'a', 0x04, u8::try_from(path.len()).unwrap()];
    block.extend(path.bytes());
    let mut frame = vec![0, 0, u8::try_from(block.len()).unwrap(), 1, 0x05, 0, 0, 0, stream];
    frame.extend(block);
    frame
}

/// The next frame of this kind on this stream: its payload.
async fn frame(stream: &mut TcpStream, kind: u8, number: u8) -> Vec<u8> {
    let read = async {
        loop {
            let mut head = [0; 9];
            stream.read_exact(&mut head).await.unwrap();
            let length = usize::from(head[1]) << 8 | usize::from(head[2]);
            let mut payload = vec![0; length];
            stream.read_exact(&mut payload).await.unwrap();
            if (head[3], head[8]) == (kind, number) {
                return payload;
            }
        }
    };
    timeout(SOON, read).await.expect("a frame in time")
}

#[tokio::test]
async fn what_does_not_become_a_request_has_an_end() {
    for protocol in [Protocol::Http, Protocol::Grpc] {
        let bench = Bench::open(protocol).await;
        for (name, first) in [
            ("silence", &b""[..]),
            ("half a hello of TLS", &[0x16, 0x03, 0x01, 0x02, 0x00]),
            ("half a preface", &PREFACE[..9]),
            ("a preface without settings", PREFACE),
            ("half a head", b"GET /small HTTP/1.1\r\nhost: "),
            ("settings without a request", &[PREFACE, SETTINGS].concat()),
        ] {
            assert!(is_closed(&mut bench.connect(first).await).await, "{name}");
        }
        assert_eq!(bench.places.taken(), 0);
    }
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_has_an_end() {
    let bench = Bench::open(Protocol::Http).await;
    let stream = bench.connect(b"GET /small HTTP/1.1\r\nx: ").await;
    let (mut reading, mut writing) = stream.into_split();
    let mut dripping = JoinSet::new();
    dripping.spawn(async move {
        while writing.write_all(b"y").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await
        }
    });
    let mut byte = [0];
    assert!(!timeout(SOON, reading.read(&mut byte)).await.unwrap().is_ok_and(|read| read > 0));
    assert_eq!(bench.ended("slow"), 1);
}

#[tokio::test]
async fn who_has_no_more_requests_is_let_go_and_over_http2_told_before() {
    let bench = Bench::open(Protocol::Http).await;
    let mut stream = bench.connect(GET_SMALL).await;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    assert!(is_closed(&mut stream).await);
    let mut http2 = bench.connect(&[PREFACE, SETTINGS, &get_frame(1, "/small")].concat()).await;
    assert_eq!(frame(&mut http2, 0, 1).await, b"small");
    frame(&mut http2, 7, 0).await;
    assert!(is_closed(&mut http2).await);
    assert_eq!(bench.ended("idle"), 2);
}

#[tokio::test]
async fn an_answer_that_nobody_reads_has_an_end() {
    let bench = Bench::open(Protocol::Http).await;
    let _unread = bench.connect(b"GET /flood HTTP/1.1\r\nhost: a\r\n\r\n").await;
    timeout(SOON, bench.let_go.notified()).await.expect("the answer is let go");
    timeout(SOON, async {
        while bench.ended("stalled") != 1 {
            tokio::task::yield_now().await
        }
    })
    .await
    .unwrap();
    let _http2 = bench.connect(&[PREFACE, SETTINGS, &get_frame(1, "/flood")].concat()).await;
    timeout(SOON, bench.let_go.notified()).await.expect("the answer is let go");
}

#[tokio::test]
async fn a_stream_without_a_window_ends_and_its_connection_goes_on() {
    for protocol in [Protocol::Http, Protocol::Grpc] {
        let bench = Bench::open(protocol).await;
        let mut stream = bench.connect(&[PREFACE, NO_WINDOW, &get_frame(1, "/ticks")].concat()).await;
        timeout(SOON, bench.let_go.notified()).await.expect("the answer is let go");
        frame(&mut stream, 3, 1).await;
        stream.write_all(&get_frame(3, "/nothing")).await.unwrap();
        frame(&mut stream, 1, 3).await;
    }
}

#[tokio::test]
async fn one_address_has_so_many_requests_answered_at_once() {
    let bench = Bench::open(Protocol::Http).await;
    let status = async || client().get(format!("http://{}/small", bench.address)).send().await.unwrap().status();
    let mut held = Vec::new();
    for _ in 0..9 {
        let streams = (0..120).flat_map(|nth| get_frame(2 * nth + 1, "/waits"));
        held.push(bench.connect(&[PREFACE, SETTINGS, &streams.collect::<Vec<_>>()].concat()).await);
    }
    timeout(SOON, async { while status().await != 429 {} }).await.expect("one too many");
    drop(held);
    timeout(SOON, async { while status().await != 200 {} }).await.expect("those who left do not count");
}

#[tokio::test]
async fn a_stream_that_is_read_goes_on_for_as_long_as_it_likes() {
    let bench = Bench::open(Protocol::Http).await;
    let mut response = client().get(format!("http://{}/ticks", bench.address)).send().await.unwrap();
    for _ in 0..40 {
        assert!(timeout(SOON, response.chunk()).await.unwrap().unwrap().is_some());
    }
    drop(response);
    timeout(SOON, bench.let_go.notified()).await.expect("who leaves is noticed");
}

#[tokio::test]
async fn an_answer_arrives_whole_however_large_it_is() {
    let whole = Router::new().route("/", get(async || vec![b'x'; 5_000_001]));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let places = Places::new(10, None, Trusted::default());
    let port = Port { protocol: Protocol::Http, places, patience: SHORT, closing: CancellationToken::new() };
    let mut serving = JoinSet::new();
    serving.spawn(serve(listener, whole, port));
    let over_http1 = answered(client().get(format!("http://{address}/"))).await;
    for answer in [over_http1, over_http2(&address, http::Request::get("/")).await] {
        assert_eq!((answer.header("content-length"), answer.text.len()), ("5000001", 5_000_001));
    }
}

#[tokio::test]
async fn who_is_refused_before_their_body_was_read_is_told_that_the_connection_ends() {
    let server = TestServer::open().await;
    for (line, key, ends) in [
        ("POST /api/v1/nowhere", "", true),
        ("DELETE /api/v1/presence/heartbeat", "", true),
        ("PATCH /api/v1/organization", "Authorization: Bearer hf_wrong\r\n", true),
        ("POST /api/v1/resources", "", true),
        ("POST /api/v1/presence/leave", "", false),
    ] {
        let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap();
        let request = format!("{line} HTTP/1.1\r\nHost: x\r\n{key}Content-Length: 2\r\n\r\n{{}}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 4096];
        let length = timeout(SOON, stream.read(&mut answer)).await.unwrap().unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]).to_lowercase();
        assert!(answer.starts_with("http/1.1 4"), "{line}: {answer}");
        assert_eq!(answer.contains("\r\nconnection: close\r\n"), ends, "{line}: {answer}");
    }
}

/// So many connections that say nothing.
async fn silent(address: &str, many: usize) -> Vec<TcpStream> {
    let connecting = (0..many).map(|_| timeout(SOON, TcpStream::connect(address)));
    join_all(connecting).await.into_iter().map(|connected| connected.unwrap().unwrap()).collect()
}

#[tokio::test]
async fn a_burst_of_connections_waits_for_busy_threads_and_is_not_asked_to_try_again() {
    app::cli::descriptors::raise();
    let listener = app::http::listen::on(([127, 0, 0, 1], 0).into()).unwrap();
    // Nobody accepts any of them.
    let waiting = silent(&listener.local_addr().unwrap().to_string(), 1_500).await;
    assert_eq!(waiting.len(), 1_500);
}

#[tokio::test]
async fn silent_connections_keep_nobody_out_of_either_port() {
    app::cli::descriptors::raise();
    let folder = tempfile::tempdir().unwrap();
    let program = Program::with_descriptors(folder.path(), 1_024, &["--demo", "--admin-key", KEY]);
    let http = program.url.strip_prefix("http://").unwrap().to_owned();
    let key = booking_client::ApiKey::parse(KEY).unwrap();
    let mut held = Vec::new();
    for address in [&http, &program.grpc] {
        held.push(silent(address, 1_020).await);
        for _ in 0..3 {
            let fresh = client().get(format!("{}/readyz", program.url));
            assert_eq!(timeout(SOON, fresh.send()).await.unwrap().unwrap().status(), 200, "{address}");
            let channel = booking_client::connect(&format!("http://{}", program.grpc)).unwrap();
            let api = booking_client::make_booking_api(channel).with_key(key.clone());
            timeout(SOON, api.get_organization()).await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn a_thousand_who_asked_once_and_stay_keep_nobody_out() {
    app::cli::descriptors::raise();
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--demo", "--max-connections-per-address", "0"];
    let program = Program::with_descriptors(folder.path(), 1_024, &flags);
    let address = program.url.strip_prefix("http://").unwrap();
    let mut idle = silent(address, 1_000).await;
    let asked = idle.iter_mut().map(async |stream| {
        // Those whose place was taken meanwhile are told by a closed connection.
        _ = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await;
        stream.read(&mut [0; 512]).await.is_ok_and(|read| read > 0)
    });
    let answered = join_all(asked).await.into_iter().filter(|answered| *answered).count();
    assert!(answered > 700, "{answered}");
    for _ in 0..3 {
        let fresh = client().get(format!("{}/readyz", program.url));
        assert_eq!(timeout(SOON, fresh.send()).await.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn the_oldest_that_say_nothing_make_room_for_the_next_of_their_address() {
    let bench = Bench::open(Protocol::Http).await;
    let mut first = bench.connect(b"").await;
    let _others = silent(&bench.address.to_string(), 100).await;
    assert!(is_closed(&mut first).await);
    assert!(bench.ended("displaced") >= 1);
}

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_answered_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), &["--demo"]);
    let mut stream = TcpStream::connect(program.url.strip_prefix("http://").unwrap()).await.unwrap();
    let head =
        "POST /api/v1/bookings HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 50000\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let mut dripping = JoinSet::new();
    dripping.spawn(async move {
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await
        }
    });
    let mut answer = [0; 12];
    timeout(Duration::from_secs(15), reading.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn streams_that_anybody_may_open_are_few_and_end_with_the_server() {
    let mut server = TestServer::open().await;
    let channel = booking_client::connect(&format!("http://{}", server.grpc)).unwrap();
    let mut health = tonic_health::pb::health_client::HealthClient::new(channel);
    let mut watched = Vec::new();
    for _ in 0..16 {
        let request = tonic_health::pb::HealthCheckRequest::default();
        watched.push(health.watch(request).await.unwrap().into_inner());
    }
    let refused = health.watch(tonic_health::pb::HealthCheckRequest::default()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::ResourceExhausted);
    drop(watched.pop());
    let asked = async {
        while health.check(tonic_health::pb::HealthCheckRequest::default()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, asked).await.unwrap();
    timeout(Duration::from_secs(3), server.close()).await.unwrap();
    for stream in &mut watched {
        timeout(SOON, async { while stream.next().await.is_some_and(|told| told.is_ok()) {} }).await.unwrap();
    }
}
