//! Long lists are computed beside the calls: whoever holds is not kept waiting by whoever looks.

use booking_client::SlotsRequest;
use booking_domain::availability::Day;
use booking_domain::limits::RANGE_DAYS_MAX;
use chrono::TimeDelta;
use futures::future::{Either, select, select_all};

use super::world::{World, day, position, session, that_day};

/// A start each minute, and two months of them.
async fn two_months(world: &World) -> SlotsRequest {
    let room = world.resource("Studio A", 2).await;
    let mut spec = world.spec("live-room", &[60], &[room.id]);
    spec.slot_interval_minutes = Some(1);
    let event_type = world.api.create_event_type(&spec, None).await.unwrap();
    SlotsRequest { to: day() + TimeDelta::days(RANGE_DAYS_MAX - 1), ..that_day(event_type.id) }
}

async fn days(world: &World, asked: &SlotsRequest) -> Vec<Day> {
    world.api.list_days(asked).await.unwrap()
}

// One thread answers everybody: what is computed there keeps everybody waiting.
#[tokio::test]
async fn a_heartbeat_is_answered_while_long_lists_are_computed() {
    let world = World::in_process().await;
    let asked = two_months(&world).await;
    let lists = select_all((0..4).map(|_| Box::pin(days(&world, &asked))));
    let beat = Box::pin(world.beat(asked.event_type_id, 9, session()));
    let Either::Right((place, lists)) = select(lists, beat).await else { panic!("the first list came sooner") };
    assert_eq!(position(&place.unwrap()), 0);
    assert_eq!(lists.await.0.len(), 62);
}

#[tokio::test]
async fn a_long_list_says_what_short_ones_say() {
    let world = World::in_process().await;
    let asked = two_months(&world).await;
    for _ in 0..2 {
        world.beat(asked.event_type_id, 9, session()).await.unwrap();
    }
    let long = days(&world, &asked).await;
    let mut short = Vec::new();
    for number in 0..RANGE_DAYS_MAX {
        let date = day() + TimeDelta::days(number);
        short.extend(days(&world, &SlotsRequest { from: date, to: date, ..asked.clone() }).await);
    }
    assert_eq!(long, short);
    assert_eq!(long.first().map(|day| (day.free, day.held)), Some((1_440 - 119, 119)));
}
