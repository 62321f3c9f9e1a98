//! Somebody at another address who only wants to be served while all that goes on.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Where the bystander is: loopback has more than one address.
const ELSEWHERE: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// How often they come.
const PAUSE: Duration = Duration::from_millis(50);
/// How a connection of HTTP/2 begins (RFC 9113, 3.4), with settings that change nothing.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const GET: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// What a bystander speaks.
#[derive(Clone, Copy)]
pub(crate) enum Protocol {
    Http,
    Grpc,
}

/// Comes again and again, each time over a new connection.
pub(crate) struct Bystander {
    left: oneshot::Sender<()>,
    visits: JoinHandle<Result<(usize, Duration)>>,
}

impl Bystander {
    /// Begins to come.
    #[expect(clippy::disallowed_methods, reason = "whoever calls waits for the task's end")]
    pub(crate) fn come(address: SocketAddr, protocol: Protocol) -> Self {
        let (left, leaving) = oneshot::channel();
        Self { left, visits: tokio::spawn(visit_until(leaving, address, protocol)) }
    }

    /// Stops. Says how often it came, and fails when it ever waited longer than this.
    pub(crate) async fn was_served_within(self, longest: Duration) -> Result<String> {
        _ = self.left.send(());
        let (visits, slowest) = self.visits.await??;
        ensure!(visits > 0, "the bystander never came");
        ensure!(slowest <= longest, "somebody at another address waited {slowest:?}, longer than {longest:?}");
        Ok(format!("{visits} visits from elsewhere, the slowest after {} ms", slowest.as_millis()))
    }
}

async fn visit_until(
    mut leaving: oneshot::Receiver<()>,
    address: SocketAddr,
    protocol: Protocol,
) -> Result<(usize, Duration)> {
    let (mut visits, mut slowest) = (0, Duration::ZERO);
    while leaving.try_recv().is_err() {
        let started = Instant::now();
        let served = timeout(Duration::from_secs(10), visit(address, protocol)).await;
        served.context("somebody at another address was not served within 10 s")??;
        slowest = slowest.max(started.elapsed());
        visits += 1;
        tokio::time::sleep(PAUSE).await;
    }
    Ok((visits, slowest))
}

async fn visit(address: SocketAddr, protocol: Protocol) -> Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(IpAddr::V4(ELSEWHERE), 0))?;
    let mut connection = socket.connect(address).await.context("somebody at another address cannot connect")?;
    let (said, answer): (_, &[u8]) = match protocol {
        Protocol::Http => (GET, b"HTTP/1.1 200"),
        // The server's own settings: a frame of type 4.
        Protocol::Grpc => (PREFACE, b"\0\0"),
    };
    connection.write_all(said).await?;
    let mut begun = vec![0; answer.len()];
    connection.read_exact(&mut begun).await.context("somebody at another address was turned away")?;
    ensure!(begun == answer, "somebody at another address was told {:?}", String::from_utf8_lossy(&begun));
    Ok(())
}
