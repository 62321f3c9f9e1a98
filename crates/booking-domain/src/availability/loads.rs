//! Rule 8, the order of preference: how many claims each resource has in a local week, and when its last one before a start began.

use super::wall_clock::{Minute, WallClock, day_of, minute_of, week_of};
use super::{Claim, Owner, Units};

/// What a resource has served: who has the least comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Load {
    /// Its claims in the week.
    pub(super) claims: u32,
    /// When the last of its claims before the start began, whichever week that was; nothing where it has none, which is longest ago.
    pub(super) last: Option<Minute>,
}

/// What loads depend on beside the claims: the week, and how many claims begin before the start.
pub(super) type Period = (i64, usize);

/// The claims of some resources, in the order in which they begin, as the start moves forward.
#[derive(Debug)]
pub(super) struct Loads {
    claims: Vec<Begins>,
    /// How many of them begin before the current start.
    before: usize,
    /// When the last of these began, for each resource.
    lasts: Vec<Option<Minute>>,
    /// How many claims each resource has in the week that was last asked for.
    counted: Option<(i64, Vec<u32>)>,
}

/// When a claim begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Begins {
    at: Minute,
    /// Of which resource it is.
    place: usize,
    /// Whether it counts in its week.
    counts: bool,
}

impl Loads {
    /// The claims on these resources, but for what is `own`.
    ///
    /// A booking that moves counts in no week, and yet it may be the last one before: which one was the last before that is not always
    /// loaded. Little hangs on it, as whom it has it keeps where they are free.
    pub(super) fn new<'a>(resources: impl Iterator<Item = Option<&'a Units>>, own: &[Owner]) -> Self {
        let (mut claims, mut lasts) = (Vec::new(), Vec::new());
        for (place, units) in resources.enumerate() {
            let all = units.map_or(&[][..], |units| &units.claims);
            let begins = |claim: &Claim| Begins {
                at: minute_of(claim.slot.start()),
                place,
                counts: !own.contains(&claim.owner),
            };
            let is_there = |claim: &&Claim| matches!(claim.owner, Owner::Booking(_)) || !own.contains(&claim.owner);
            claims.extend(all.iter().filter(is_there).map(begins));
            lasts.push(None);
        }
        claims.sort_unstable();
        Self { claims, before: 0, lasts, counted: None }
    }

    /// Moves on to `start`, which must not lie before the last one.
    pub(super) fn advance(&mut self, start: Minute) {
        for claim in self.claims.iter().skip(self.before).take_while(|claim| claim.at < start) {
            if let Some(last) = self.lasts.get_mut(claim.place) {
                *last = Some(claim.at);
            }
            self.before += 1;
        }
    }

    /// How many claims begin before the current start.
    pub(super) fn before(&self) -> usize {
        self.before
    }

    /// How many claims there are.
    pub(super) fn len(&self) -> usize {
        self.claims.len()
    }

    /// What each of the resources has served in this local week, and before the current start.
    pub(super) fn of_week(&mut self, week: i64, clock: &WallClock) -> Vec<Load> {
        if self.counted.as_ref().is_none_or(|(of, _)| *of != week) {
            self.counted = Some((week, self.count(week, clock)));
        }
        let counted = self.counted.iter().flat_map(|(_, counts)| counts);
        counted.zip(&self.lasts).map(|(claims, last)| Load { claims: *claims, last: *last }).collect()
    }

    fn count(&self, week: i64, clock: &WallClock) -> Vec<u32> {
        let mut counts = vec![0; self.lasts.len()];
        for claim in self.claims.iter().filter(|claim| claim.counts) {
            if week_of(day_of(clock.local(claim.at))) == week
                && let Some(count) = counts.get_mut(claim.place)
            {
                *count += 1;
            }
        }
        counts
    }
}
