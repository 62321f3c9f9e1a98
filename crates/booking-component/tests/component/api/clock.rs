//! A clock that somebody sets while sessions live: leases, deadlines and waits keep the length that they were given.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use booking_client::{CreateBooking, HeartbeatRequest, RequestId};
use booking_component::clock::{Boot, Clock, SteadyClock, Step};
use booking_domain::hold::{Hold, HoldRules, Place, RoomData, Standing};
use booking_domain::page::PageRequest;
use booking_domain::refusal::Refusal;
use booking_domain::{DateTime, Utc};
use chrono::TimeDelta;

use super::world::{Home, World, beat, booking, position, refusal, rules, session};

/// Lengths of time may differ by what a test takes.
const ABOUT: TimeDelta = TimeDelta::seconds(3);

/// A clock that can be set.
struct SetClock {
    steady: SteadyClock,
    booted: DateTime<Utc>,
    /// How far it was set in all, and how far of that was taken.
    set: Mutex<(TimeDelta, TimeDelta)>,
}

impl SetClock {
    fn start() -> Arc<Self> {
        let steady = SteadyClock::start();
        Arc::new(Self { booted: steady.now() - TimeDelta::hours(7), steady, set: Mutex::default() })
    }

    fn set(&self, by: TimeDelta) {
        self.set.lock().unwrap().0 += by;
    }

    /// As the next run of the process sees it.
    fn restarted(&self) -> Arc<Self> {
        let set = self.set.lock().unwrap().0;
        Arc::new(Self { steady: SteadyClock::start(), booted: self.booted, set: Mutex::new((set, set)) })
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        self.steady.now() + self.set.lock().unwrap().1
    }

    fn step(&self) -> Option<Step> {
        let (set, taken) = *self.set.lock().unwrap();
        (set != taken).then(|| Step { set: set - taken, slept: TimeDelta::zero() })
    }

    fn take(&self, step: Step) {
        self.set.lock().unwrap().1 += step.set;
    }

    fn follow(&self, _: DateTime<Utc>) {}

    fn boot(&self) -> Option<Boot> {
        Some(Boot { id: "this one".to_owned(), at: self.booted + self.set.lock().unwrap().1 })
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
    let clock = SetClock::start();
    let world = World::by_clock(Home::folder(), rules(), clock.clone()).await;
    let studio = world.studio().await.id;
    let (holder, next) = (session(), session());
    let held = world.beat(studio, 9, holder).await.unwrap();
    world.beat(studio, 9, next).await.unwrap();
    for by in steps() {
        clock.set(by);
        // What is acknowledged from memory, and what the desk decides; whichever comes first after the step.
        let place = world.beat(studio, 9, holder).await.unwrap();
        assert_eq!(hold(&place).version, hold(&held).version, "{by}");
        let data = Some(RoomData::parse(&format!(r#"{{"after": "{by}"}}"#)).unwrap());
        let place = world.api.heartbeat(&HeartbeatRequest { data, ..beat(studio, 9, holder) }).await.unwrap();
        assert_eq!(hold(&place).version, hold(&held).version, "{by}");
        assert_eq!(position(&world.beat(studio, 9, next).await.unwrap()), 1, "{by}");
        tokio::time::sleep(Duration::from_millis(700)).await;
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
        let clock = SetClock::start();
        let world = World::by_clock(Home::folder(), rules(), clock.clone()).await;
        let studio = world.studio().await.id;
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
    for by in steps() {
        let clock = SetClock::start();
        let world = World::by_clock(Home::folder(), rules(), clock.clone()).await;
        let studio = world.studio().await.id;
        world.beat(studio, 9, session()).await.unwrap();
        // Nobody calls: the task that ends what is due sleeps over the step.
        clock.set(by);
        tokio::time::sleep(Duration::from_millis(600)).await;
        assert_eq!(
            world.api.list_live_presence(PageRequest::default()).await.unwrap().items.len(),
            1,
            "{by}: not before"
        );
        tokio::time::sleep(Duration::from_millis(2_000)).await;
        assert_eq!(
            world.api.list_live_presence(PageRequest::default()).await.unwrap().items,
            [],
            "{by}: and not long after"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_to_wait_waits_as_long_and_a_repeated_booking_is_made_once() {
    let clock = SetClock::start();
    let short = HoldRules { ttl: TimeDelta::seconds(20), deadline: TimeDelta::milliseconds(900), ..rules() };
    let world = World::by_clock(Home::folder(), short, clock.clone()).await;
    let studio = world.studio().await.id;
    let who = session();
    world.beat(studio, 9, who).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(refusal(world.beat(studio, 9, who).await), Refusal::HoldLost);
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
        let clock = SetClock::start();
        let world = World::by_clock(Home::folder(), rules(), clock.clone()).await;
        let studio = world.studio().await.id;
        let who = session();
        let held = world.beat(studio, 9, who).await.unwrap();
        let home = world.stopped().await;
        clock.set(by);
        let world = World::by_clock(home, rules(), clock.restarted()).await;
        let place = world.beat(studio, 9, who).await.unwrap();
        assert_eq!(hold(&place).version, hold(&held).version, "{by}");
        assert!((hold(&place).deadline - hold(&held).deadline - by).abs() < ABOUT, "{by}");
        world.book(studio, 9, Some(who)).await.unwrap();
    }
}
