//! A clock that somebody sets while sessions live: leases, deadlines and waits keep the length that they were given.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use booking_client::{CreateBooking, HeartbeatRequest, RequestId};
use booking_component::clock::{Boot, Clock, ClockStep, SteadyClock};
use booking_domain::booking::{Actor, BookingStatus};
use booking_domain::event_type::EventTypeSpec;
use booking_domain::hold::{Hold, HoldRules, Place, RoomData, Standing};
use booking_domain::id::EventTypeId;
use booking_domain::page::PageRequest;
use booking_domain::refusal::{Loss, Refusal};
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;
use futures::future::join_all;
use tokio::time::timeout;

use super::world::{Home, World, beat, booking, position, refusal, rules, session};

/// Lengths of time may differ by what a test takes.
const ABOUT: TimeDelta = TimeDelta::seconds(3);
/// How long a session may be silent: long beside what a test takes, since time passes here when a test says so.
const TTL: TimeDelta = TimeDelta::seconds(20);
/// What happens beside the calls happens within this time.
const SOON: Duration = Duration::from_secs(10);

/// A clock that can be set, and on which time passes at once.
pub(super) struct SetClock {
    steady: SteadyClock,
    booted: DateTime<Utc>,
    time: Mutex<Time>,
}

#[derive(Clone, Copy, Default)]
struct Time {
    /// How much has passed beside what really has.
    passed: TimeDelta,
    /// How far it was set in all, and how far of that was taken.
    set: TimeDelta,
    taken: TimeDelta,
}

impl SetClock {
    pub(super) fn start() -> Arc<Self> {
        let steady = SteadyClock::start();
        Arc::new(Self { booted: steady.now() - TimeDelta::hours(7), steady, time: Mutex::default() })
    }

    fn time(&self) -> Time {
        *self.time.lock().unwrap()
    }

    /// Somebody sets it: no time passes.
    fn set(&self, by: TimeDelta) {
        self.time.lock().unwrap().set += by;
    }

    /// So much time passes, for this clock and every other.
    pub(super) fn pass(&self, length: TimeDelta) {
        self.time.lock().unwrap().passed += length;
    }

    /// As the next run of the process sees it.
    fn restarted(&self) -> Arc<Self> {
        let time = self.time();
        let time = Mutex::new(Time { taken: time.set, ..time });
        Arc::new(Self { steady: SteadyClock::start(), booted: self.booted, time })
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        let time = self.time();
        self.steady.now() + time.passed + time.taken
    }

    fn step(&self) -> Option<ClockStep> {
        let time = self.time();
        (time.set != time.taken).then(|| ClockStep { set: time.set - time.taken, slept: TimeDelta::zero() })
    }

    fn take(&self, step: ClockStep) {
        self.time.lock().unwrap().taken += step.set;
    }

    fn follow(&self, _: DateTime<Utc>) {}

    fn boot(&self) -> Option<Boot> {
        Some(Boot { id: "this one".to_owned(), at: self.booted + self.time().set })
    }
}

/// A studio by a clock of its own.
struct Timed {
    clock: Arc<SetClock>,
    world: World,
    studio: EventTypeId,
}

impl Timed {
    async fn studio() -> Self {
        Self::with(HoldRules { ttl: TTL, ..rules() }).await
    }

    async fn with(rules: HoldRules) -> Self {
        let clock = SetClock::start();
        let world = World::by_clock(Home::folder(), rules, clock.clone()).await;
        let studio = world.studio().await.id;
        Self { clock, world, studio }
    }

    /// Waits until so many are present.
    async fn until_present(&self, count: usize) {
        let reached = async {
            while self.world.api.list_live_presence(PageRequest::default()).await.unwrap().items.len() != count {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, reached).await.unwrap_or_else(|_| panic!("there are never {count}"));
    }
}

fn steps() -> [TimeDelta; 4] {
    [TimeDelta::hours(1), TimeDelta::hours(-1), TimeDelta::days(1), TimeDelta::days(-1)]
}

fn hold(place: &Place) -> &Hold {
    match &place.standing {
        Standing::Holding(hold) => hold,
        Standing::Waiting { .. } => panic!("{place:?} does not hold"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_holds_goes_on_holding_for_as_long_as_before_whichever_way_the_clock_is_set() {
    let Timed { clock, world, studio } = Timed::studio().await;
    let (holder, next) = (session(), session());
    let held = world.beat(studio, 9, holder).await.unwrap();
    world.beat(studio, 9, next).await.unwrap();
    for by in steps() {
        clock.set(by);
        // What is acknowledged from memory, and what the command queue decides; whichever comes first after the step.
        let place = world.beat(studio, 9, holder).await.unwrap();
        assert_eq!(hold(&place).version, hold(&held).version, "{by}");
        let data = Some(RoomData::parse(&format!(r#"{{"after": "{by}"}}"#)).unwrap());
        let place = world.api.heartbeat(&HeartbeatRequest { data, ..beat(studio, 9, holder) }).await.unwrap();
        assert_eq!(hold(&place).version, hold(&held).version, "{by}");
        assert_eq!(position(&world.beat(studio, 9, next).await.unwrap()), 1, "{by}");
        clock.pass(TTL * 3 / 4);
        assert_eq!(hold(&world.beat(studio, 9, holder).await.unwrap()).version, hold(&held).version, "{by}");
        world.beat(studio, 9, next).await.unwrap();
    }
    // Something is decided, so the last step is taken.
    world.beat(studio, 15, session()).await.unwrap();
    let place = world.beat(studio, 9, holder).await.unwrap();
    assert!((hold(&place).deadline - hold(&held).deadline).abs() < ABOUT, "all steps together are none");
    world.book(studio, 9, Some(holder)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deadline_moves_with_the_clock() {
    for by in steps() {
        let Timed { clock, world, studio } = Timed::studio().await;
        let who = session();
        let held = hold(&world.beat(studio, 9, who).await.unwrap()).deadline;
        clock.set(by);
        // Something else is decided: by the new time, and after everything was moved.
        world.beat(studio, 15, session()).await.unwrap();
        let moved = hold(&world.beat(studio, 9, who).await.unwrap()).deadline;
        assert!((moved - held - by).abs() < ABOUT, "{by}: {held} {moved}");
        assert!((clock.now() - SteadyClock::start().now() - by).abs() < ABOUT);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_falls_silent_while_the_clock_is_set_is_gone_after_a_ttl_and_not_before() {
    join_all(steps().map(|by| async move {
        let timed = Timed::studio().await;
        timed.world.beat(timed.studio, 9, session()).await.unwrap();
        timed.clock.pass(TTL / 2);
        timed.world.beat(timed.studio, 15, session()).await.unwrap();
        // Nobody decides anything: the step is noticed, and the task that ends what is due sleeps over it.
        timed.clock.set(by);
        let taken = async {
            while timed.clock.step().is_some() {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, taken).await.unwrap_or_else(|_| panic!("{by} is never taken"));
        timed.until_present(2).await;
        timed.clock.pass(TTL * 3 / 4);
        timed.until_present(1).await;
        timed.clock.pass(TTL / 2);
        timed.until_present(0).await;
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_to_wait_waits_as_long_and_a_repeated_booking_is_made_once() {
    let deadline = TTL / 2;
    let Timed { clock, world, studio } = Timed::with(HoldRules { ttl: TTL, deadline, ..rules() }).await;
    let who = session();
    world.beat(studio, 9, who).await.unwrap();
    clock.pass(deadline);
    assert_eq!(refusal(world.beat(studio, 9, who).await), Refusal::HoldLost(Loss::Ended));
    let request_id = Some(RequestId::parse("one-and-the-same").unwrap());
    let asked = CreateBooking { request_id, ..booking(studio, 15, None) };
    let made = world.api.create_booking(&asked).await.unwrap();
    for by in [TimeDelta::days(1), TimeDelta::hours(-1)] {
        clock.set(by);
        let refused = refusal(world.beat(studio, 9, who).await);
        let Refusal::TooManyHolds { retry_after_s: Some(seconds), .. } = refused else { panic!("{by}: {refused:?}") };
        assert!((50..=60).contains(&seconds), "{by}: {seconds} s");
        assert_eq!(world.api.create_booking(&asked).await.unwrap().booking.id, made.booking.id, "{by}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_outlives_a_restart_with_another_clock() {
    for by in steps() {
        let Timed { clock, world, studio } = Timed::studio().await;
        let who = session();
        let held = world.beat(studio, 9, who).await.unwrap();
        let home = world.stopped().await;
        clock.set(by);
        let world = World::by_clock(home, HoldRules { ttl: TTL, ..rules() }, clock.restarted()).await;
        let place = world.beat(studio, 9, who).await.unwrap();
        assert_eq!(hold(&place).version, hold(&held).version, "{by}");
        assert!((hold(&place).deadline - hold(&held).deadline - by).abs() < ABOUT, "{by}");
        world.book(studio, 9, Some(who)).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_answered_by_its_start_is_declined_by_itself() {
    let Timed { clock, world, studio } = Timed::studio().await;
    let event_type = world.api.get_event_type(studio).await.unwrap();
    let spec = EventTypeSpec { requires_confirmation: true, ..event_type.spec };
    world.api.update_event_type(studio, &spec, event_type.stamp.version).await.unwrap();
    let asked = |hour| CreateBooking { status: Some(BookingStatus::Pending), ..booking(studio, hour, None) };
    let made = world.api.create_booking(&asked(9)).await.unwrap().booking;
    let later = world.api.create_booking(&asked(10)).await.unwrap().booking;
    clock.pass(made.slot.start() - clock.now());
    let declined = async {
        loop {
            let booking = world.api.get_booking(made.id, None).await.unwrap();
            if booking.status != BookingStatus::Pending {
                break booking;
            }
            tokio::task::yield_now().await;
        }
    };
    // At the second look at the latest, ten seconds after the start: one that fails is made again.
    let declined = timeout(3 * SOON, declined).await.unwrap();
    assert_eq!((declined.status, declined.ended_reason.unwrap().as_str()), (BookingStatus::Declined, "expired"));
    assert_eq!(world.api.get_booking(later.id, None).await.unwrap().status, BookingStatus::Pending);
    let first = PageRequest::default();
    let history = world.api.list_booking_history(made.id, first).await.unwrap();
    assert_eq!(history.items.last().map(|entry| entry.actor), Some(Actor::System));
}
