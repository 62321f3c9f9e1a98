//! Rule 3: the starts on offer. A window offers its start and every whole interval after it, by the wall clock.

use super::open_hours::each_window;
use super::wall_clock::{Minute, WallClock};
use crate::schedule::Hours;

/// The starts within the clock's range, in order, each once. Of windows that overlap, each keeps its own grid.
pub(super) fn starts(hours: &Hours, interval_minutes: u32, clock: &WallClock) -> Vec<Minute> {
    let step = Minute::from(interval_minutes.max(1));
    let mut starts = Vec::new();
    each_window(hours, clock, |shown| {
        let missed = (shown.local.start - shown.opens + step - 1).div_euclid(step);
        let mut local = shown.opens + missed * step;
        while local < shown.local.end {
            starts.push(local - shown.offset);
            local += step;
        }
    });
    starts.sort();
    starts.dedup();
    starts
}
