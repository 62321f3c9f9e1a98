//! Redis as people use it for locks that expire: `SET … NX PX`, measured by its own benchmark.

use std::net::SocketAddr;

use anyhow::{Context, Result};

use super::peer::Peer;
use crate::server::free_address;
use crate::{process, tools};

const REQUESTS: &str = "500000";
const CLIENTS: &str = "50";

/// A Redis without persistence: at its fastest.
pub(super) struct Redis {
    address: SocketAddr,
    _peer: Peer,
}

impl Redis {
    /// Starts one.
    pub(super) fn start() -> Result<Self> {
        let program = tools::REDIS.require()?;
        let address = free_address()?;
        let port = address.port().to_string();
        let arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port];
        let peer = Peer::start(&mut process::command(&program.to_string_lossy(), &arguments), address)?;
        Ok(Self { address, _peer: peer })
    }

    /// Locks a second by 50 clients, each of which sends so many at once.
    pub(super) fn locks_per_second(&self, pipeline: usize) -> Result<f64> {
        let (port, pipeline) = (self.address.port().to_string(), pipeline.to_string());
        let how = ["-p", &port, "-c", CLIENTS, "-P", &pipeline, "-n", REQUESTS, "-r", "1000000", "--csv"];
        let what = ["SET", "hold:__rand_int__", "0190a1b2-c3d4-4e5f-8a9b-0c1d2e3f4a5b", "NX", "PX", "12500"];
        let told = process::output(process::command("redis-benchmark", &how).args(what))?;
        rate(&told).with_context(|| format!("redis-benchmark told no rate: {told}"))
    }
}

/// The rate in the last line of `redis-benchmark --csv`: `"name","rate",…`.
fn rate(csv: &str) -> Option<f64> {
    let fields = csv.lines().last()?.trim_matches('"').split("\",\"");
    fields.filter_map(|field| field.parse().ok()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_csv() {
        let csv = "\"test\",\"rps\",\"avg_latency_ms\"\n\"SET hold:__rand_int__ NX PX 12500\",\"74239.05\",\"0.5\"\n";
        assert_eq!(rate(csv), Some(74_239.05));
        assert_eq!(rate("\"SET a\",\"1000.00\"\n"), Some(1_000.0));
        assert_eq!(rate("nothing"), None);
    }
}
