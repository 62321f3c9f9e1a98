//! Connections that take a place and give nothing back (kinds: nothing said, nothing finished, nothing read).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::bystander::{Bystander, Protocol};
use crate::target::Target;

/// As many connections as a server with 512 descriptors cannot have.
const CONNECTIONS: usize = 600;
/// How long somebody elsewhere may wait meanwhile: a debug build on a busy machine takes a while.
const BESIDE: Duration = Duration::from_secs(2);
/// After this, what was begun and not finished must be gone: the bounds are a third of it.
const END: Duration = Duration::from_secs(45);

/// Takes every connection there is and says nothing.
pub(crate) async fn silent(target: &Target) -> Result<String> {
    let http = silent_at(target.http, Protocol::Http).await.context("HTTP")?;
    let grpc = silent_at(target.grpc, Protocol::Grpc).await.context("gRPC")?;
    Ok(format!("HTTP: {http}; gRPC: {grpc}"))
}

async fn silent_at(address: SocketAddr, protocol: Protocol) -> Result<String> {
    let bystander = Bystander::come(address, protocol);
    let mut taken = Vec::new();
    for _ in 0..CONNECTIONS {
        // One that is refused is as good as one that is closed.
        taken.extend(timeout(Duration::from_secs(5), TcpStream::connect(address)).await?);
    }
    sleep(Duration::from_secs(2)).await;
    let told = bystander.was_served_within(BESIDE).await;
    drop(taken);
    told
}

/// Begins to say something, on either port, and never comes to an end.
pub(crate) async fn unfinished(target: &Target) -> Result<String> {
    let (http, grpc) = (target.http, target.grpc);
    let post =
        b"POST /api/v1/bookings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{";
    let begun: [(&str, SocketAddr, &[u8], &[u8]); 8] = [
        ("nothing", http, b"", b""),
        ("half a preface", http, b"PRI * HTTP/2.0\r\n\r\n", b""),
        ("half a TLS hello", http, b"\x16\x03\x01\x02\x00\x01\x00", b""),
        ("headers that drip", http, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a"),
        ("a body that drips", http, post, b" "),
        ("nothing, over gRPC", grpc, b"", b""),
        ("half a preface, over gRPC", grpc, b"PRI * HTTP/2.0\r\n\r\n", b""),
        ("a preface that drips, over gRPC", grpc, b"P", b"R"),
    ];
    let attempts = begun.map(|(what, address, first, rest)| async move {
        let ended = timeout(END, dripped(address, first, rest)).await;
        ended.with_context(|| format!("{what}: the connection still lives after {END:?}"))?.context(what)
    });
    let times = futures::future::try_join_all(attempts).await?;
    let longest = times.into_iter().max().unwrap_or_default();
    Ok(format!("8 ways, the last connection ended after {:.0} s", longest.as_secs_f64()))
}

/// Says this and then a bit each second; how long until the server ends the connection.
async fn dripped(address: SocketAddr, first: &[u8], rest: &[u8]) -> Result<Duration> {
    let mut connection = TcpStream::connect(address).await?;
    let started = Instant::now();
    connection.write_all(first).await?;
    let mut answer = [0; 4096];
    loop {
        match timeout(Duration::from_secs(1), connection.read(&mut answer)).await {
            Ok(Ok(0) | Err(_)) => return Ok(started.elapsed()),
            Ok(Ok(_)) => {}
            Err(_) if rest.is_empty() => {}
            Err(_) => {
                if connection.write_all(rest).await.is_err() {
                    return Ok(started.elapsed());
                }
            }
        }
    }
}

/// Asks for much and reads none of it.
pub(crate) async fn unread(target: &Target) -> Result<String> {
    let before = target.usage()?;
    let ask = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\n\r\n".repeat(200);
    let mut connections = Vec::new();
    for _ in 0..40 {
        let mut connection = TcpStream::connect(target.http).await?;
        // The server stops to read when nobody reads what it writes.
        _ = timeout(Duration::from_secs(1), connection.write_all(&ask)).await;
        connections.push(connection);
    }
    let (started, half) = (Instant::now(), before.descriptors + connections.len() / 2);
    while target.usage()?.descriptors < half {
        ensure!(started.elapsed() < END, "the connections were never taken");
        sleep(Duration::from_millis(50)).await;
    }
    while target.usage()?.descriptors >= half {
        ensure!(started.elapsed() < END, "connections whose answers nobody reads still live after {END:?}");
        sleep(Duration::from_millis(200)).await;
    }
    let memory = target.usage()?.more_memory_mib(before);
    ensure!(memory < 128, "{memory} MiB for 40 connections whose answers nobody reads");
    Ok(format!("40 connections, ended after {:.0} s, {memory} MiB more", started.elapsed().as_secs_f64()))
}
