//! Previews: what would be offered, by the one judgement, and nothing is stored.

use booking_client::{Preview, PreviewChange, PreviewRequest};
use booking_domain::availability::{Slot, SlotState};
use booking_domain::block::BlockSpec;
use booking_domain::event_type::Durations;
use booking_domain::id::{EventTypeId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::refusal::Refusal;
use booking_domain::schedule::Window;
use booking_domain::text::Prose;
use uuid::Uuid;

use super::on_both_ways;
use super::world::{World, at, refusal, session, that_day};

on_both_ways! {
    what_a_block_would_do_is_what_it_does
    what_other_hours_would_do_is_what_they_do
    what_another_event_type_would_do_is_what_it_does
    an_event_type_that_is_not_stored_shows_what_it_would_offer
    what_is_asked_about_must_be_there
}

async fn preview(world: &World, of: EventTypeId, change: PreviewChange) -> Preview {
    let asked = PreviewRequest { slots: that_day(of), change };
    let before = world.slots(of).await;
    let preview = world.api.preview_availability(&asked).await.unwrap();
    assert_eq!(world.slots(of).await, before, "nothing is stored");
    let times = |slots: &[Slot]| slots.iter().map(|slot| slot.interval).collect::<Vec<_>>();
    let mut expected = times(&before);
    expected.retain(|time| !times(&preview.gone).contains(time));
    expected.extend(times(&preview.new));
    expected.sort_unstable();
    assert_eq!(times(&preview.slots), expected, "what is there, without what is gone, with what is new");
    preview
}

/// A room that is booked at nine and held at noon.
async fn studio(world: &World) -> (ResourceId, EventTypeId) {
    let room = world.resource("Studio A", 2).await.id;
    let studio = world.event_type("live-room", &[60], &[room]).await.id;
    world.book(studio, 9, None).await.unwrap();
    world.beat(studio, 12, session()).await.unwrap();
    (room, studio)
}

fn starts(slots: &[Slot]) -> Vec<i64> {
    slots.iter().map(|slot| (slot.interval.start() - at(0)).num_minutes()).collect()
}

async fn what_a_block_would_do_is_what_it_does(world: &World) {
    let (room, studio) = studio(world).await;
    let time = Interval::new(at(9), at(11)).unwrap();
    let would = preview(world, studio, PreviewChange::Block(room, time)).await;
    assert_eq!((starts(&would.gone), would.new.len()), (vec![510, 540, 570, 600, 630], 0));
    let block = BlockSpec { time, reason: Prose::default(), external_id: None };
    let closed = world.api.create_block(room, &block, None).await.unwrap();
    assert_eq!((world.slots(studio).await, closed.affected), (would.slots, would.affected));
}

async fn what_other_hours_would_do_is_what_they_do(world: &World) {
    let (_, studio) = studio(world).await;
    let hours = world.api.get_schedule(world.schedule).await.unwrap();
    let mut spec = hours.spec.clone();
    spec.hours.weekly = std::array::from_fn(|_| vec![Window::new(12 * 60, 14 * 60).unwrap()]);
    let would = preview(world, studio, PreviewChange::Schedule(hours.id, spec.clone())).await;
    assert_eq!(starts(&would.slots), [720, 750, 780]);
    let changed = world.api.update_schedule(hours.id, &spec, hours.stamp.version).await.unwrap();
    assert_eq!(would.affected.bookings.len(), 1);
    assert_eq!((world.slots(studio).await, changed.affected), (would.slots, would.affected));
}

async fn what_another_event_type_would_do_is_what_it_does(world: &World) {
    let (_, studio) = studio(world).await;
    let stored = world.api.get_event_type(studio).await.unwrap();
    let mut spec = stored.spec.clone();
    spec.durations = Durations::new(&[90]).unwrap();
    spec.buffer_after_minutes = 30;
    let would = preview(world, studio, PreviewChange::EventType(spec.clone())).await;
    assert_eq!(would.affected.keeping_buffers, 1);
    assert_eq!(starts(&would.new), starts(&would.slots), "none of this length is offered yet");
    assert!(would.gone.iter().all(|slot| slot.interval.minutes() == 60) && !would.gone.is_empty());
    let changed = world.api.update_event_type(studio, &spec, stored.stamp.version).await.unwrap();
    assert_eq!((world.slots(studio).await, changed.affected), (would.slots, would.affected));
}

async fn an_event_type_that_is_not_stored_shows_what_it_would_offer(world: &World) {
    let (room, _) = studio(world).await;
    let spec = world.spec("duet", &[120], &[room]);
    let slots = that_day(EventTypeId::new(Uuid::nil()));
    let asked = PreviewRequest { slots, change: PreviewChange::EventType(spec.clone()) };
    let would = world.api.preview_availability(&asked).await.unwrap();
    assert!(would.gone.is_empty() && would.new == would.slots);
    let made = world.api.create_event_type(&spec, None).await.unwrap().id;
    assert_eq!(world.slots(made).await, would.slots);
    assert!(would.slots.iter().all(|slot| slot.state == SlotState::Free && slot.remaining <= 2));
}

async fn what_is_asked_about_must_be_there(world: &World) {
    let (room, studio) = studio(world).await;
    let hours = world.api.get_schedule(world.schedule).await.unwrap().spec;
    let time = Interval::new(at(9), at(11)).unwrap();
    let nobody = Uuid::from_u128(7);
    let asked = [
        (studio, PreviewChange::Block(ResourceId::new(nobody), time), "resource"),
        (studio, PreviewChange::Schedule(ScheduleId::new(nobody), hours), "schedule"),
        (EventTypeId::new(nobody), PreviewChange::Block(room, time), "event type"),
    ];
    for (of, change, what) in asked {
        let asked = PreviewRequest { slots: that_day(of), change };
        assert_eq!(refusal(world.api.preview_availability(&asked).await), Refusal::not_found(what));
    }
    let spec = world.spec("nowhere", &[60], &[ResourceId::new(nobody)]);
    let asked = PreviewRequest { slots: that_day(studio), change: PreviewChange::EventType(spec) };
    let refused = refusal(world.api.preview_availability(&asked).await);
    let Refusal::InvalidArgument { errors } = refused else { panic!("{refused:?}") };
    assert_eq!(errors[0].field, "event_type.requirements[0].resource_ids[0]");
}
