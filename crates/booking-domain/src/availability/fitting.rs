//! Whether a time fits what is offered at all, whoever has taken what: what an operator's change may take out of it.

use chrono::{DateTime, Utc};

use super::{Conditions, Occupancy, Offer, Scene};
use crate::finding::Finding;
use crate::interval::Interval;
use crate::schedule::Hours;

/// When hours are open within a range, to be asked about many times in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTimes(Vec<Interval>);

impl OpenTimes {
    /// When these hours are open within `range`.
    pub fn within(hours: &Hours, range: Interval) -> Self {
        Self(hours.open_within(range))
    }

    /// Whether all of this time is open.
    pub fn contain(&self, time: Interval) -> bool {
        let next = self.0.partition_point(|open| open.end() <= time.start());
        self.0.get(next).is_some_and(|open| open.contains(time))
    }
}

impl Offer {
    /// Whether somebody may wait for this time, if these are the resources and nobody had taken any of them.
    pub fn may_be_waited_for(&self, slot: Interval, resources: &Occupancy, now: DateTime<Utc>) -> bool {
        let scene = Scene { offer: self, occupancy: resources, appointments: &[], now };
        let of_an_operator = |finding: &Finding| finding.reason.is_of_an_operator();
        !scene.judge(slot, Conditions::default()).findings.iter().any(of_an_operator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Window;

    #[test]
    fn a_time_is_contained_where_windows_join_and_not_where_a_minute_is_missing() {
        let windows = [(540, 600), (600, 660), (1_380, 60)].map(|(start, end)| Window::new(start, end).unwrap());
        let hours = Hours {
            time_zone: chrono_tz::Europe::Berlin,
            weekly: std::array::from_fn(|_| windows.to_vec()),
            overrides: Default::default(),
        };
        let time = |start: &str, minutes| Interval::lasting(start.parse().unwrap(), minutes).unwrap();
        let open = OpenTimes::within(&hours, time("2027-03-01T00:00:00Z", 20 * 1_440));
        assert!(open.contain(time("2027-03-10T08:00:00Z", 120)));
        assert!(open.contain(time("2027-03-10T22:30:00Z", 90)), "over midnight");
        for (start, minutes) in [("08:00", 121), ("07:59", 10), ("12:00", 1), ("10:00", 1)] {
            assert!(!open.contain(time(&format!("2027-03-10T{start}:00Z"), minutes)), "{start}");
        }
    }
}
