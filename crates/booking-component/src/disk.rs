//! The disk under an embedded store: while there is too little room on it, the public's writes are refused, so that operators can
//! still cancel and complete, and the database itself never meets the end.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use booking_domain::refusal::Refusal;

use crate::caller::Caller;
use crate::outage::Outage;

/// How often it is looked at: writers at full speed need longer for what is kept free.
const LOOK: Duration = Duration::from_secs(1);
/// What no disk has: it was not looked at.
const UNKNOWN: u64 = u64::MAX;

/// What was last seen of the disk.
pub struct Disk {
    free: AtomicU64,
    is_low: AtomicBool,
}

impl Default for Disk {
    fn default() -> Self {
        Self { free: AtomicU64::new(UNKNOWN), is_low: AtomicBool::new(false) }
    }
}

impl Disk {
    /// How many bytes are free; nothing when nobody looks.
    pub fn free_bytes(&self) -> Option<u64> {
        Some(self.free.load(Ordering::Relaxed)).filter(|free| *free != UNKNOWN)
    }

    /// Refuses the public what would be written, while there is too little room.
    ///
    /// # Errors
    /// Refused as `unavailable`.
    pub fn refuse_public(&self, caller: Caller) -> Result<(), Refusal> {
        if caller.is_public() && self.is_low.load(Ordering::Relaxed) { Err(Refusal::Unavailable) } else { Ok(()) }
    }

    /// Takes note of how much is free, and whether that is less than the least; says it once when that changes.
    pub fn note(&self, free: u64, least: u64) {
        self.free.store(free, Ordering::Relaxed);
        let (is_low, mib) = (free < least, free / (1024 * 1024));
        if self.is_low.swap(is_low, Ordering::Relaxed) == is_low {
            return;
        }
        if is_low {
            tracing::error!(
                free_mib = mib,
                "the disk is nearly full: the public cannot hold or book (--min-free-disk-mb)"
            );
        } else {
            tracing::info!(free_mib = mib, "there is room on the disk again: the public can hold and book");
        }
    }
}

/// Looks at the disk on which this folder is, again and again.
pub async fn watch(disk: Arc<Disk>, (folder, least): (PathBuf, u64)) {
    let outage = Outage::of("looking at the room on the disk");
    loop {
        match rustix::fs::statvfs(&folder) {
            Ok(seen) => {
                disk.note(seen.f_bavail.saturating_mul(seen.f_frsize), least);
                outage.serves();
            }
            Err(error) => outage.notice(&error),
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use booking_domain::id::OrganizationId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_public_is_refused_while_there_is_too_little_room_and_operators_never() {
        let (disk, front) = (Disk::default(), Caller::front(None, None));
        assert_eq!((disk.free_bytes(), disk.refuse_public(front)), (None, Ok(())));
        disk.note(99, 100);
        assert_eq!((disk.free_bytes(), disk.refuse_public(front)), (Some(99), Err(Refusal::Unavailable)));
        assert_eq!(disk.refuse_public(Caller::owner(OrganizationId::new(Uuid::nil()))), Ok(()));
        disk.note(100, 100);
        assert_eq!(disk.refuse_public(front), Ok(()));
    }
}
