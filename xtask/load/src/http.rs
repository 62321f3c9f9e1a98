//! The smallest HTTP client that measures fairly: one connection, one GET after another, the same for every address.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// A connection that stays open.
pub(crate) struct Connection {
    host: String,
    reader: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Connection {
    /// Connects to `127.0.0.1:3000`.
    pub(crate) fn open(host: &str) -> Result<Self> {
        let stream = TcpStream::connect(host).with_context(|| format!("cannot connect to {host}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self { host: host.to_owned(), reader: BufReader::with_capacity(1 << 18, stream), body: Vec::new() })
    }

    /// GETs this path; how long until the whole answer was there, and its length in bytes.
    pub(crate) fn get(&mut self, path: &str) -> Result<(Duration, usize)> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: */*\r\n\r\n", self.host);
        let started = Instant::now();
        self.reader.get_mut().write_all(request.as_bytes())?;
        let length = self.head(path)?;
        self.body.resize(length, 0);
        self.reader.read_exact(&mut self.body)?;
        Ok((started.elapsed(), length))
    }

    /// Reads status and headers; the length of the body.
    fn head(&mut self, path: &str) -> Result<usize> {
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        ensure!(line.starts_with("HTTP/1.1 200"), "GET {path} answers {}", line.trim());
        let mut length = None;
        loop {
            line.clear();
            self.reader.read_line(&mut line)?;
            match line.trim().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().ok()
                }
                Some(_) => {}
                None => return length.with_context(|| format!("GET {path} does not say how long its answer is")),
            }
        }
    }
}
