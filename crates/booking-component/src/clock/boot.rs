//! Which start of the machine this is, and how long ago it was: what two runs of the process can compare their clocks by.

use std::fs::read_to_string;
use std::time::Duration;

use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

/// A start of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Boot {
    /// Which one: it is another one after each start.
    pub id: String,
    /// When it was, by a clock. The same start seen at another time was seen by a clock that was set.
    pub at: DateTime<Utc>,
}

impl Boot {
    /// The last start before now. Known on Linux alone.
    pub(super) fn before(now: DateTime<Utc>) -> Option<Self> {
        let id = read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
        Some(Self { id, at: now - TimeDelta::from_std(uptime()?).ok()? })
    }
}

/// How long the machine has been up, asleep or awake.
pub(super) fn uptime() -> Option<Duration> {
    let text = read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = text.split(' ').next()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}
