//! Rule 8, the order of preference: how many claims each resource has in a local week.

use super::wall_clock::{WallClock, day_of, minute_of, week_of};
use super::{Owner, Scene};
use crate::id::ResourceId;

/// The claims of each resource in a week, counted when a choice depends on them.
#[derive(Debug)]
pub(super) struct Loads<'a> {
    scene: Scene<'a>,
    own: &'a [Owner],
    known: Option<(i64, Vec<u32>)>,
}

impl<'a> Loads<'a> {
    /// Nothing is counted yet; what `own` claims will not be.
    pub(super) fn new(scene: Scene<'a>, own: &'a [Owner]) -> Self {
        Self { scene, own, known: None }
    }

    /// How many claims of others each of these resources has in this local week.
    pub(super) fn of_week(&mut self, week: i64, ids: &[ResourceId], clock: &WallClock) -> Vec<u32> {
        match &self.known {
            Some((of, loads)) if *of == week => loads.clone(),
            _ => {
                let loads: Vec<u32> = ids.iter().map(|id| self.count(*id, week, clock)).collect();
                self.known = Some((week, loads.clone()));
                loads
            }
        }
    }

    fn count(&self, id: ResourceId, week: i64, clock: &WallClock) -> u32 {
        let claims = self.scene.occupancy.get(&id).map_or(&[][..], |units| &units.claims);
        let others = claims.iter().filter(|claim| !self.own.contains(&claim.owner));
        let that_week = others.filter(|claim| week_of(day_of(clock.local(minute_of(claim.slot.start())))) == week);
        u32::try_from(that_week.count()).unwrap_or(u32::MAX)
    }
}
