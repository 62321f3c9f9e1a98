//! A connection's socket: tells what comes, and fails when what is to be written cannot be.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::activity::{Activity, Patience};
use super::bare;
use super::protocol::Protocol;

/// The socket.
pub(super) struct Socket {
    stream: TcpStream,
    activity: Arc<Activity>,
    /// Runs while nothing can be written.
    stalled: Option<Pin<Box<Sleep>>>,
    protocol: Protocol,
    /// What is still to be written instead of what was given.
    instead: Option<Bytes>,
}

impl Socket {
    /// The socket of a connection that does this.
    pub(super) fn new(stream: TcpStream, activity: Arc<Activity>, protocol: Protocol) -> Self {
        // Answers are small: waiting to fill a packet only makes them late.
        _ = stream.set_nodelay(true);
        bound_what_the_system_took(&stream, activity.patience());
        Self { stream, activity, stalled: None, protocol, instead: None }
    }

    /// Whether something else is written instead of these bytes.
    fn instead_of(&mut self, bytes: &[u8]) -> bool {
        if self.instead.is_none() && self.protocol == Protocol::Http && bytes.starts_with(b"HTTP/1.1 4") {
            self.instead = bare::with_problem(bytes);
        }
        self.instead.is_some()
    }

    /// Writes that, to its end: it stands for the bytes that were given, all of them.
    fn write_instead(&mut self, cx: &mut Context<'_>, given: usize) -> Poll<Result<usize>> {
        while let Some(bytes) = self.instead.as_mut().filter(|bytes| !bytes.is_empty()) {
            let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
            bytes.advance(written);
        }
        self.instead = None;
        Poll::Ready(Ok(given))
    }

    /// What came of writing, unless nothing could be written for too long.
    fn written(&mut self, cx: &mut Context<'_>, written: Poll<Result<usize>>) -> Poll<Result<usize>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stall = self.activity.patience().stall;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(stall)));
        stalled.as_mut().poll(cx).map(|()| Err(Error::new(ErrorKind::TimedOut, "nothing is read on the other side")))
    }
}

/// What the system has taken and the other side does not take ends in the same time as what the system does not take (RFC 5482).
#[cfg(target_os = "linux")]
fn bound_what_the_system_took(stream: &TcpStream, patience: Patience) {
    let stall_ms = u32::try_from(patience.stall.as_millis()).unwrap_or(u32::MAX);
    _ = rustix::net::sockopt::set_tcp_user_timeout(stream, stall_ms);
}

/// Other systems have bounds of their own, of minutes.
#[cfg(not(target_os = "linux"))]
const fn bound_what_the_system_took(_: &TcpStream, _: Patience) {}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if let Some(bytes) = buffer.filled().get(before..).filter(|bytes| !bytes.is_empty()) {
            this.activity.read(bytes);
        }
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let written = if this.instead_of(bytes) {
            this.write_instead(cx, bytes.len())
        } else {
            Pin::new(&mut this.stream).poll_write(cx, bytes)
        };
        this.written(cx, written)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, cx: &mut Context<'_>, slices: &[IoSlice<'_>]) -> Poll<Result<usize>> {
        let this = self.get_mut();
        let written = match slices {
            [only] if this.instead_of(only) => this.write_instead(cx, only.len()),
            _ => Pin::new(&mut this.stream).poll_write_vectored(cx, slices),
        };
        this.written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
