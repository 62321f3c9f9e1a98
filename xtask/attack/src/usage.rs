//! What a process takes: memory, descriptors and computing, as Linux tells it (proc(5)).

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// Clock ticks a second, in which Linux counts computing for programs outside the kernel (`USER_HZ`).
const TICKS: u64 = 100;

/// What is taken at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// Resident memory, in KiB.
    pub memory_kib: u64,
    /// Open descriptors.
    pub descriptors: usize,
    /// Computing since the process began.
    pub computing: Duration,
}

impl Usage {
    /// What this process takes.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let read = |file: &str| {
            let path = format!("/proc/{pid}/{file}");
            fs::read_to_string(&path).with_context(|| format!("cannot read {path}: the server is watched through it"))
        };
        let descriptors = fs::read_dir(format!("/proc/{pid}/fd"))?.count();
        Ok(Self { memory_kib: memory_kib(&read("status")?)?, descriptors, computing: computing(&read("stat")?)? })
    }

    /// How much memory came since then, in MiB.
    pub(crate) const fn more_memory_mib(self, before: Self) -> u64 {
        self.memory_kib.saturating_sub(before.memory_kib) / 1024
    }

    /// How much was computed since then.
    pub(crate) fn more_computing(self, before: Self) -> Duration {
        self.computing.saturating_sub(before.computing)
    }
}

fn memory_kib(status: &str) -> Result<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    line.trim().trim_end_matches(" kB").parse().context("VmRSS is no number")
}

/// Fields 14 and 15, which come after the name in brackets: it may have spaces.
fn computing(stat: &str) -> Result<Duration> {
    let (_, fields) = stat.rsplit_once(')').context("no name in stat")?;
    let ticks: u64 = fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1_000 / TICKS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computing_is_counted_whatever_the_program_is_called() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 0 0 0 0 150 50 0 0 20 0 1 0";
        assert_eq!(computing(stat).unwrap(), Duration::from_secs(2));
    }

    #[test]
    fn this_process_takes_something() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.memory_kib > 100 && usage.descriptors > 2, "{usage:?}");
    }
}
