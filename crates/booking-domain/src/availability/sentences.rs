//! Why a rule says no, in a sentence with the numbers that matter. Dates and times are those of the schedule's wall clock.

use super::explaining::Explaining;
use super::tally::{Period, Reached};
use super::wall_clock::{DAY, Minute, date_of, day_of, minute_of, monday_of, week_of};
use crate::event_type::EventTypeSpec;
use crate::finding::Reason;
use crate::id::ResourceId;

impl Explaining<'_> {
    /// The sentence that says why this rule says no.
    pub(super) fn sentence(&self, reason: Reason) -> String {
        match reason {
            Reason::Inactive => self.inactive(),
            Reason::Duration => self.duration(),
            Reason::Past => self.past(),
            Reason::Notice => self.notice(),
            Reason::Horizon => self.horizon(),
            Reason::OutsideHours => self.outside_hours(),
            Reason::OffGrid => self.off_grid(),
            Reason::Limit => self.limit(),
            Reason::Busy => "What it needs is closed or busy then.".to_owned(),
            Reason::Booked => self.booked(),
            Reason::Buffer => self.buffer(),
            Reason::Held => self.held(),
        }
    }

    fn spec(&self) -> &EventTypeSpec {
        &self.judging.scene.offer.spec
    }

    fn is_switched_on(&self, resource: &ResourceId) -> bool {
        self.judging.scene.occupancy.get(resource).is_some_and(|units| units.active)
    }

    fn local_start(&self) -> Minute {
        self.judging.clock.local(minute_of(self.slot.start()))
    }

    fn inactive(&self) -> String {
        if !self.spec().active {
            "This event type is switched off.".to_owned()
        } else if self.judging.question.conditions.wanted.is_some() {
            "The resources that it needs, with the one asked for, are not all switched on.".to_owned()
        } else if self.judging.ids.iter().any(|id| !self.is_switched_on(id)) {
            "Too few of the resources that it needs are switched on.".to_owned()
        } else {
            "The resources that it needs have too few units.".to_owned()
        }
    }

    fn duration(&self) -> String {
        let offered: Vec<_> = self.spec().durations.minutes().iter().map(u32::to_string).collect();
        format!("{} minutes are not on offer; choose from {}.", self.slot.minutes(), offered.join(", "))
    }

    fn past(&self) -> String {
        let ago = (self.judging.scene.now - self.slot.start()).num_minutes();
        if ago < 1 { "It has just started.".to_owned() } else { format!("It started {} ago.", length(ago)) }
    }

    fn notice(&self) -> String {
        let ahead = (self.slot.start() - self.judging.scene.now).num_minutes();
        let needed = length(self.spec().min_notice_minutes.into());
        if ahead < 0 {
            format!("It must be booked at least {needed} ahead.")
        } else {
            format!("It starts in {}; it must be booked at least {needed} ahead.", length(ahead))
        }
    }

    fn horizon(&self) -> String {
        let (days, last) = (self.spec().horizon_days, date_of(self.judging.last_day));
        format!(
            "{} is too far ahead; the last date on offer is {last}, {} from today.",
            date_of(self.day),
            days_of(days)
        )
    }

    fn outside_hours(&self) -> String {
        let zone = self.judging.scene.offer.hours.time_zone;
        let start = self.local_start();
        let end = self.judging.clock.local(minute_of(self.slot.end()));
        let until = if day_of(end) == day_of(start) { clock_time(end) } else { moment(end) };
        let whose = if self.open { "the hours of the resources that it needs" } else { "open hours" };
        format!("{} to {until} ({zone}) is not all within {whose}.", moment(start))
    }

    fn off_grid(&self) -> String {
        let every = length(self.spec().interval_minutes().into());
        format!("{} is not one of the starts on offer, which come every {every}.", clock_time(self.local_start()))
    }

    fn limit(&self) -> String {
        let reached = self.judging.tally.reached(self.day).filter(|reached| !reached.by_holds());
        let parts: Vec<_> = reached.map(|reached| self.reached(reached)).collect();
        format!("{}.", parts.join("; "))
    }

    fn reached(&self, reached: Reached) -> String {
        let Reached { period, limit, booked } = reached;
        match period {
            Period::Day => format!("{} has {booked} of at most {limit} bookings a day", date_of(self.day)),
            Period::Week => {
                let monday = date_of(monday_of(week_of(self.day)));
                format!("The week from {monday} has {booked} of at most {limit} bookings a week")
            }
            Period::Month => {
                format!("{} has {booked} of at most {limit} bookings a month", date_of(self.day).format("%Y-%m"))
            }
        }
    }

    fn booked(&self) -> String {
        match self.obstacles.booked.len() {
            1 => "A booking takes some of this time.".to_owned(),
            count => format!("{count} bookings take some of this time."),
        }
    }

    fn buffer(&self) -> String {
        let (before, after) = (self.spec().buffer_before_minutes, self.spec().buffer_after_minutes);
        let needs = kept_free((before.into(), after.into()));
        let (near, s) = match self.obstacles.near.len() {
            1 => ("a booking nearby".to_owned(), "s"),
            count => (format!("{count} bookings nearby"), ""),
        };
        match (needs, kept_free(self.obstacles.near_buffers)) {
            (Some(needs), Some(keeps)) => format!("This time needs {needs}, and {near} keep{s} {keeps}."),
            (Some(needs), None) => format!("This time needs {needs}, of which {near} take{s} some."),
            (None, Some(keeps)) => format!("Some of this time is kept free: {near} keep{s} {keeps}."),
            (None, None) => format!("There is {near}."),
        }
    }

    fn held(&self) -> String {
        match self.held_by.len() {
            1 => "Somebody else is holding this time.".to_owned(),
            count => format!("{count} others are holding this time."),
        }
    }
}

/// A number of minutes, in the largest unit that it is a whole number of.
fn length(minutes: Minute) -> String {
    let (count, unit) = match minutes {
        0 => (0, "minute"),
        _ if minutes % DAY == 0 => (minutes / DAY, "day"),
        _ if minutes % 60 == 0 => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// What buffers of so many minutes before and after keep free, in words; nothing where there are none.
fn kept_free(buffers: (Minute, Minute)) -> Option<String> {
    match buffers {
        (0, 0) => None,
        (before, 0) => Some(format!("{} free before it", length(before))),
        (0, after) => Some(format!("{} free after it", length(after))),
        (before, after) => Some(format!("{} free before it and {} after it", length(before), length(after))),
    }
}

fn days_of(days: u32) -> String {
    format!("{days} day{}", if days == 1 { "" } else { "s" })
}

fn clock_time(local: Minute) -> String {
    let minutes = local.rem_euclid(DAY);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn moment(local: Minute) -> String {
    format!("{} {}", date_of(day_of(local)), clock_time(local))
}
