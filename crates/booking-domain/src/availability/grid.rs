//! Rule 3: the starts on offer. A window offers its start and every whole interval after it, by the wall clock.

use super::open_hours::each_window;
use super::wall_clock::{Minute, WallClock};
use crate::schedule::Hours;

/// The starts within the clock's range, in order, each once. Of windows that overlap, each keeps its own grid.
///
/// Each start is a mark on the range's minutes, so that windows which say the same add nothing.
pub(super) fn starts(hours: &Hours, interval_minutes: u32, clock: &WallClock) -> Vec<Minute> {
    let (step, range) = (Minute::from(interval_minutes.max(1)), clock.range());
    let words = usize::try_from((range.end - range.start).max(0)).unwrap_or(0).div_ceil(WORD);
    let mut marks = vec![0_u64; words];
    each_window(hours, clock, |shown| {
        let missed = (shown.local.start - shown.opens + step - 1).div_euclid(step);
        let mut local = shown.opens + missed * step;
        while local < shown.local.end {
            mark(&mut marks, local - shown.offset - range.start);
            local += step;
        }
    });
    marked(&marks, range.start)
}

/// Minutes in a word of marks.
const WORD: usize = u64::BITS as usize;

fn mark(marks: &mut [u64], minute: Minute) {
    let minute = usize::try_from(minute).unwrap_or(usize::MAX);
    if let Some(word) = marks.get_mut(minute / WORD) {
        *word |= 1 << (minute % WORD);
    }
}

fn marked(marks: &[u64], first: Minute) -> Vec<Minute> {
    let mut starts = Vec::with_capacity(marks.iter().map(|word| word.count_ones() as usize).sum());
    for (word, from) in marks.iter().zip((first..).step_by(WORD)) {
        let mut left = *word;
        while left != 0 {
            starts.push(from + Minute::from(left.trailing_zeros()));
            left &= left - 1;
        }
    }
    starts
}
