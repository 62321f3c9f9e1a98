//! A server of one's own: started on free ports over a throw-away database, ended with what it left behind.

use std::env;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self as processes, Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::process;

/// How long the server may take to become ready; it takes well under a second.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// How long the server may take to end after it was asked to.
const END_PATIENCE: Duration = Duration::from_secs(15);
/// How often something is looked at while it is awaited.
const GLANCE: Duration = Duration::from_millis(5);
/// How much of the log is shown when the server does not do what it should.
const LOG_LINES: usize = 40;

/// A running `holdfast serve --demo` with a folder of its own.
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    http: SocketAddr,
    grpc: SocketAddr,
    ready_after: Duration,
}

impl Server {
    /// Starts this program with these settings over an embedded store, and waits until it is ready.
    pub(crate) fn start(program: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        Self::start_by(Command::new(program), settings)
    }

    /// The same with at most so many descriptors, whatever this process has.
    pub(crate) fn start_limited(program: &Path, settings: &[(&str, &str)], descriptors: u32) -> Result<Self> {
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!(r#"ulimit -n {descriptors} && exec "$0" "$@""#)]).arg(program);
        Self::start_by(limited, settings)
    }

    fn start_by(command: Command, settings: &[(&str, &str)]) -> Result<Self> {
        let folder = throw_away_folder("server")?;
        let database = embedded_store(&folder);
        Self::start_in(folder, (command, settings), &database)
    }

    /// The same over this database.
    pub(crate) fn start_on(database: &str, program: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        Self::start_in(throw_away_folder("server")?, (Command::new(program), settings), database)
    }

    fn start_in(folder: PathBuf, (mut command, settings): (Command, &[(&str, &str)]), database: &str) -> Result<Self> {
        let (http, grpc) = (free_address()?, free_address()?);
        let log = File::create(folder.join("log"))?;
        let program = command.get_program().to_owned();
        command.args(["serve", "--demo", "--http-addr", &http.to_string(), "--grpc-addr", &grpc.to_string()]);
        command.args(["--database-url", database]);
        command.args(["--public-url", &format!("http://{http}")]).envs(settings.iter().copied());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let started = Instant::now();
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let mut server = Self { child, folder, http, grpc, ready_after: Duration::ZERO };
        server.await_ready()?;
        server.ready_after = started.elapsed();
        Ok(server)
    }

    /// Where it serves pages and the HTTP interface.
    pub(crate) const fn http(&self) -> SocketAddr {
        self.http
    }

    /// Where it serves gRPC.
    pub(crate) const fn grpc(&self) -> SocketAddr {
        self.grpc
    }

    /// The store inside it, unless it was started over another.
    pub(crate) fn embedded_store(&self) -> String {
        embedded_store(&self.folder)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How long it took from its start to being ready.
    pub(crate) const fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Asks it to end and waits for it: a server that cannot end gracefully is broken.
    pub(crate) fn stop(mut self) -> Result<()> {
        let id = self.child.id().to_string();
        process::run(&mut process::command("kill", &["-TERM", &id]))?;
        let started = Instant::now();
        loop {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("the server ended with {status}:\n{}", self.log()),
                None if started.elapsed() > END_PATIENCE => bail!("the server does not end:\n{}", self.log()),
                None => thread::sleep(GLANCE),
            }
        }
    }

    fn await_ready(&mut self) -> Result<()> {
        let started = Instant::now();
        while !is_ready(self.http) {
            let ended = self.child.try_wait()?;
            ensure!(ended.is_none(), "the server ended before it was ready:\n{}", self.log());
            ensure!(started.elapsed() < START_PATIENCE, "the server does not become ready:\n{}", self.log());
            thread::sleep(GLANCE);
        }
        Ok(())
    }

    fn log(&self) -> String {
        let text = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n")
    }
}

impl Drop for Server {
    /// Leaves nothing behind, whatever went wrong.
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}

fn embedded_store(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("holdfast.db").display())
}

/// A new folder among the system's temporary files; whoever asks for it removes it.
pub(crate) fn throw_away_folder(purpose: &str) -> Result<PathBuf> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let folder = env::temp_dir().join(format!("holdfast-{purpose}-{}-{number}", processes::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

/// An address on this machine that nobody listens on.
pub(crate) fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot listen on 127.0.0.1")?;
    Ok(listener.local_addr()?)
}

/// Waits until somebody listens at this address.
pub(crate) fn await_listener(address: SocketAddr) -> Result<()> {
    let started = Instant::now();
    while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
        ensure!(started.elapsed() < START_PATIENCE, "nobody listens on {address}");
        thread::sleep(GLANCE);
    }
    Ok(())
}

/// Whether `GET /readyz` answers 200.
fn is_ready(address: SocketAddr) -> bool {
    status_line(address, "/readyz").is_ok_and(|line| line.starts_with("HTTP/1.1 200"))
}

/// The first bytes of the answer to a GET.
fn status_line(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut start = [0; 12];
    stream.read_exact(&mut start)?;
    Ok(String::from_utf8_lossy(&start).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_ends_at_once_is_told_with_its_log() {
        let error = Server::start(Path::new("/bin/sh"), &[]).err().unwrap();
        assert!(error.to_string().contains("ended before it was ready"), "{error}");
    }

    #[test]
    fn nobody_listening_is_not_ready() {
        assert!(!is_ready(free_address().unwrap()));
    }
}
