//! Each call of the contract, made once in a filled world, with what its statements visited.

use std::collections::BTreeSet;

use booking_client::{
    ApiKey, BlockFilter, BlockRef, CallError, CreateBooking, CreatedBooking, HeartbeatRequest, ListBlocks,
    NextSlotsRequest, PreviewChange, PreviewRequest, RenewManagementToken, RequestId, RescheduleRequest, SlotsRequest,
    TransitionRequest, UpdateBooking,
};
use booking_component::keyring::Scope;
use booking_component::store::bookings::erasing::{ErasingCursor, erase_ended};
use booking_component::store::{
    api_keys, bookings, cooldowns, export_import::tables, idempotency, nodes, organizations, presences, tallies,
};
use booking_domain::allow::Allow;
use booking_domain::block::{BlockSpec, Replacement};
use booking_domain::booking::correction::{BookerChange, BookingChange};
use booking_domain::booking::{BookingFilter, BookingStatus};
use booking_domain::event_type::{PeriodLimits, Requirement};
use booking_domain::hold::{RoomData, SessionId, SlotKey};
use booking_domain::id::{BookingId, EventTypeId, PresenceId};
use booking_domain::interval::Interval;
use booking_domain::organization::public::{BookingCaps, Cap};
use booking_domain::page::PageRequest;
use booking_domain::text::{Email, Name, Prose, Slug};
use futures::StreamExt;

use super::meter::ByStatement;
use super::world::World;
use crate::api::world::{self, Api, session};

/// What each call's statements visited, in the order of the calls.
pub(super) type ByCall = Vec<(&'static str, ByStatement)>;

/// Makes calls, and keeps what they visited.
pub(super) struct Caller<'a> {
    world: &'a mut World,
    api: Api,
    /// What a visitor's page calls with.
    front: Api,
    pub seen: ByCall,
}

/// Makes each call.
pub(super) async fn make_each_call(world: &mut World) -> ByCall {
    let api = world.api.clone();
    let key = ApiKey::parse(world.component.front_key()).unwrap();
    let slug = Slug::parse("default").unwrap();
    let front = api.with_key(key).on_behalf_of(Some(slug), Some([192, 0, 2, 77].into()));
    let mut caller = Caller { world, api, front, seen: Vec::new() };
    caller.allow_many().await;
    caller.learn().await;
    caller.offer().await;
    caller.hold().await;
    caller.lose().await;
    caller.book().await;
    caller.change_bookings().await;
    caller.read_bookings().await;
    caller.read_slots().await;
    caller.change_the_catalog().await;
    // As large as all that went before: not on the test's own stack.
    Box::pin(caller.close_and_open()).await;
    Box::pin(caller.preview()).await;
    caller.housekeeping().await;
    caller.seen
}

impl Caller<'_> {
    /// Makes a call, and notes what it visited under this name.
    async fn call<T>(&mut self, name: &'static str, call: impl Future<Output = T>) -> T {
        self.world.meter.take().await;
        let answer = call.await;
        let visited = self.world.meter.take().await;
        self.seen.push((name, visited));
        answer
    }

    fn beat(&self, event_type: EventTypeId, hour: i64, session_id: SessionId) -> HeartbeatRequest {
        let mut beat = world::beat(event_type, 0, session_id);
        beat.slot.start = self.world.at(hour);
        beat
    }

    fn booking(&self, event_type: EventTypeId, hour: i64, session_id: Option<SessionId>) -> CreateBooking {
        let mut asked = world::booking(event_type, 0, session_id);
        asked.slot.start = self.world.at(hour);
        asked.booker.name = Name::parse("Quentin Unusual").unwrap();
        asked.booker.email = Some(Email::parse("quentin@unusual.example").unwrap());
        // Another one each time: what was booked before the statistics were gathered is not repeated.
        let key = format!("{event_type}, {}, {}", asked.slot.start, session_id.is_some());
        asked.request_id = Some(RequestId::parse(&key).unwrap());
        asked
    }

    /// Another one each time.
    fn slug(&self, what: &str) -> Slug {
        Slug::parse(&format!("{what}-{}", self.world.at(0).timestamp())).unwrap()
    }

    fn slots(&self, event_type: EventTypeId) -> SlotsRequest {
        let day = self.world.at(0).date_naive();
        SlotsRequest { from: day, to: day + chrono::Days::new(6), ..world::that_day(event_type) }
    }

    /// One booker makes all bookings here; they are counted nevertheless.
    async fn allow_many(&mut self) {
        let mut current = self.api.get_organization().await.unwrap();
        let cap = Cap { open: Some(10_000), made_in_a_day: Some(10_000) };
        current.spec.booking_caps = BookingCaps { per_email: cap, per_address: cap };
        self.api.update_organization(&current.spec, current.stamp.version).await.unwrap();
    }

    /// The first call reads what is offered; those that are counted find it in memory.
    async fn learn(&mut self) {
        let (api, front) = (self.api.clone(), self.front.clone());
        for event_type in self.world.event_types {
            api.list_slots(&self.slots(event_type)).await.unwrap();
            front.list_slots(&self.slots(event_type)).await.unwrap();
        }
    }

    /// An event type with limits, on the first room beside the event type that is there.
    async fn offer(&mut self) {
        let api = self.api.clone();
        let mut spec = api.get_event_type(self.world.event_types[0]).await.unwrap().spec;
        spec.slug = self.slug("limited");
        spec.limits = PeriodLimits { per_day: Some(100), per_week: Some(200), ..PeriodLimits::default() };
        let made = self.call("create an event type", async { api.create_event_type(&spec, None).await.unwrap() }).await;
        self.world.limited = made.id;
        self.learn().await;
    }

    async fn hold(&mut self) {
        let (api, [one, pending, two, any], limited) = (self.front.clone(), self.world.event_types, self.world.limited);
        let (ann, bob) = (session(), session());
        for (name, event_type, hour) in [
            ("hold one room", one, 9),
            ("hold one room, to be confirmed", pending, 9),
            ("hold two rooms", two, 12),
            ("hold any room", any, 15),
            ("hold under limits", limited, 18),
        ] {
            let beat = self.beat(event_type, hour, session());
            self.call(name, async { api.heartbeat(&beat).await.unwrap() }).await;
        }
        let beat = self.beat(one, 20, ann);
        let place = self.call("hold", async { api.heartbeat(&beat).await.unwrap() }).await;
        let mut shown = beat.clone();
        shown.data = Some(RoomData::parse("{\"typing\":true}").unwrap());
        self.call("renew", async { api.heartbeat(&beat).await.unwrap() }).await;
        self.call("show something new", async { api.heartbeat(&shown).await.unwrap() }).await;
        self.call("extend", async { api.extend_hold(place.room, ann).await.unwrap() }).await;
        let behind = self.beat(one, 20, bob);
        self.call("wait", async { api.heartbeat(&behind).await.unwrap() }).await;
        self.call("list a room", async { api.get_presence(&behind.slot).await.unwrap() }).await;
        self.call("leave, and promote", async { api.leave(place.room, ann).await.unwrap() }).await;
        let moved = self.beat(one, 22, bob);
        let place = self.call("hold another time", async { api.heartbeat(&moved).await.unwrap() }).await;
        self.call("leave", async { api.leave(place.room, bob).await.unwrap() }).await;
    }

    async fn lose(&mut self) {
        let (api, one) = (self.front.clone(), self.world.event_types[0]);
        let beat = self.beat(one, 26, session());
        let place = api.heartbeat(&beat).await.unwrap();
        let mut told = api.follow_place(place.room, beat.session_id).await.unwrap();
        told.next().await.unwrap().unwrap();
        self.call("expire", async { told.next().await.unwrap().unwrap() }).await;
        self.call("be told of the loss", async { api.heartbeat(&beat).await.unwrap_err() }).await;
        self.call("cool down", async { api.heartbeat(&beat).await.unwrap_err() }).await;
    }

    async fn book(&mut self) {
        let (api, [one, pending, two, any]) = (self.front.clone(), self.world.event_types);
        let ann = session();
        for (event_type, hour) in [(one, 33), (pending, 33), (two, 36), (any, 39), (self.world.limited, 42)] {
            let beat = self.beat(event_type, hour, ann);
            api.heartbeat(&beat).await.unwrap();
            let booking = self.booking(event_type, hour, Some(ann));
            self.call("turn a hold into a booking", async { api.create_booking(&booking).await.unwrap() }).await;
            self.call("repeat a booking", async { api.create_booking(&booking).await.unwrap() }).await;
            let booking = self.booking(event_type, hour + 100, None);
            self.call("book without a hold", async { api.create_booking(&booking).await.unwrap() }).await;
        }
        let mut taken = self.booking(one, 33, None);
        taken.request_id = None;
        self.call("book what is booked", async { api.create_booking(&taken).await.unwrap_err() }).await;
    }

    async fn made(&mut self, event_type: EventTypeId, hour: i64) -> CreatedBooking {
        let booking = self.booking(event_type, hour, None);
        self.front.create_booking(&booking).await.unwrap()
    }

    async fn change_bookings(&mut self) {
        let (api, front) = (self.api.clone(), self.front.clone());
        let [one, pending, ..] = self.world.event_types;
        let asked = self.made(pending, 50).await.booking.id;
        self.call("confirm", async { api.confirm_booking(&step(asked)).await.unwrap() }).await;
        let asked = self.made(pending, 52).await.booking.id;
        self.call("decline", async { api.decline_booking(&step(asked)).await.unwrap() }).await;
        let made = self.made(one, 54).await;
        let to = self.world.at(56);
        let moved = RescheduleRequest {
            allow: Allow::NOTHING,
            id: made.booking.id,
            start: to,
            duration_minutes: None,
            session_id: None,
            resource_id: None,
            reason: Prose::default(),
            version: None,
            management_token: Some(made.management_token.clone()),
        };
        self.call("move", async { front.reschedule_booking(&moved).await.unwrap() }).await;
        let token = made.management_token.clone();
        self.call("show a booking to its booker", async {
            front.get_booking(made.booking.id, Some(&token)).await.unwrap()
        })
        .await;
        let corrected = self.correction(made.booking.id);
        self.call("correct", async { api.update_booking(&corrected).await.unwrap() }).await;
        let other = self.made(one, 58).await.booking.id;
        let renewal = RenewManagementToken { id: other, version: None, request_id: None };
        self.call("renew a link", async { api.renew_management_token(&renewal).await.unwrap() }).await;
        let cancelled = TransitionRequest { management_token: Some(token), ..step(made.booking.id) };
        self.call("cancel", async { front.cancel_booking(&cancelled).await.unwrap() }).await;
        let past = self.world.past_booking(&api).await;
        self.call("complete", async { api.complete_booking(&step(past)).await.unwrap() }).await;
        self.call("say that nobody came", async { api.mark_no_show(&step(past)).await.unwrap() }).await;
    }

    /// Another name each time, which nobody has.
    fn correction(&self, id: BookingId) -> UpdateBooking {
        let name = Some(Name::parse(&format!("Umberto {}", self.slug("x"))).unwrap());
        let booker = BookerChange { name, ..BookerChange::default() };
        let change = BookingChange { booker, ..BookingChange::default() };
        UpdateBooking { id, change, version: None, management_token: None }
    }

    async fn list(&mut self, name: &'static str, filter: BookingFilter) {
        let (api, size) = (self.api.clone(), 10);
        let first = PageRequest { size, token: None };
        let page = self.call(name, async { api.list_bookings(&filter, first).await.unwrap() }).await;
        if page.next.is_some() {
            let next = PageRequest { size, token: page.next };
            self.call(name, async { api.list_bookings(&filter, next).await.unwrap() }).await;
        }
    }

    async fn read_bookings(&mut self) {
        let api = self.api.clone();
        let made = self.made(self.world.event_types[0], 60).await.booking;
        self.call("show a booking", async { api.get_booking(made.id, None).await.unwrap() }).await;
        let page = PageRequest::longest();
        self.call("show its history", async { api.list_booking_history(made.id, page).await.unwrap() }).await;
        let all = BookingFilter::default();
        let (event_type_id, resource_id) = (Some(self.world.event_types[0]), Some(self.world.rooms[0]));
        let (from, to) = (Some(self.world.at(0)), Some(self.world.at(24)));
        let text = |text: &str| Some(Name::parse(text).unwrap());
        let declined = Some(BookingStatus::Declined);
        let email = Some(Email::parse("Quentin@unusual.example").unwrap());
        let filters = [
            ("list", all.clone()),
            ("list a time", BookingFilter { from, to, ..all.clone() }),
            ("list from now on", BookingFilter { from, ..all.clone() }),
            ("list a status", BookingFilter { status: declined, ..all.clone() }),
            ("list an event type", BookingFilter { event_type_id, ..all.clone() }),
            ("list a status of an event type", BookingFilter { event_type_id, status: declined, ..all.clone() }),
            ("list a resource", BookingFilter { resource_id, ..all.clone() }),
            ("list a status of a resource", BookingFilter { resource_id, status: declined, ..all.clone() }),
            ("list a booker", BookingFilter { email: email.clone(), ..all.clone() }),
            ("list a status of a booker", BookingFilter { email, status: declined, ..all.clone() }),
            ("list a status in a time", BookingFilter { status: declined, from, to, ..all.clone() }),
            ("search a rare name", BookingFilter { text: text("tin unusu"), ..all.clone() }),
            ("search a rare address", BookingFilter { text: text("@unusual.ex"), ..all.clone() }),
            ("search what nobody has", BookingFilter { text: text("qqxyzzyq"), ..all.clone() }),
            ("search what everybody has", BookingFilter { text: text("example"), ..all.clone() }),
            ("search two letters", BookingFilter { text: text("an"), ..all.clone() }),
            ("search in a resource", BookingFilter { text: text("unusual"), resource_id, ..all.clone() }),
            ("search in a status", BookingFilter { text: text("unusual"), status: declined, ..all }),
        ];
        for (name, filter) in filters {
            self.list(name, filter).await;
        }
    }

    async fn read_slots(&mut self) {
        let (api, [one, _, _, any]) = (self.front.clone(), self.world.event_types);
        let slot = self.beat(one, 33, session()).slot;
        self.call("explain", async { api.explain_slot(&slot.into()).await.unwrap() }).await;
        let (event_type_id, after) = (one, Some(self.world.at(0)));
        let next = NextSlotsRequest {
            event_type_id,
            count: 10,
            after,
            duration_minutes: None,
            resource_id: None,
            time_zone: None,
        };
        self.call("list the next slots", async { api.list_next_slots(&next).await.unwrap() }).await;
        for event_type in [one, any, self.world.limited] {
            let asked = self.slots(event_type);
            self.call("list slots", async { api.list_slots(&asked).await.unwrap() }).await;
            self.call("list days", async { api.list_days(&asked).await.unwrap() }).await;
            self.call("watch slots", async { api.watch_slots(&asked).await.unwrap().next().await.unwrap().unwrap() })
                .await;
        }
        let slug = Slug::parse("default").unwrap();
        let page = PageRequest { size: 10, token: None };
        self.call("list pages", async { api.list_booking_pages(&slug, page).await.unwrap() }).await;
        self.call("show a page's address", async { api.get_page_address(one).await.unwrap() }).await;
    }

    async fn change_the_catalog(&mut self) {
        let api = self.api.clone();
        let page = || PageRequest { size: 10, token: None };
        self.call("list resources", async { api.list_resources(page()).await.unwrap() }).await;
        self.call("list schedules", async { api.list_schedules(page()).await.unwrap() }).await;
        self.call("list event types", async { api.list_event_types(page()).await.unwrap() }).await;
        let room = api.get_resource(self.world.rooms[0]).await.unwrap();
        let refused: CallError =
            self.call("delete a room in use", async { api.delete_resource(room.id).await.unwrap_err() }).await;
        assert!(matches!(refused, CallError::Refused(_)), "{refused}");
        let extra = self.call("create a room", async { api.create_resource(&room.spec, None).await.unwrap() }).await;
        self.call("show a room", async { api.get_resource(extra.id).await.unwrap() }).await;
        self.call("change a room", async {
            api.update_resource(extra.id, &room.spec, extra.stamp.version).await.unwrap()
        })
        .await;
        self.call("delete a room", async { api.delete_resource(extra.id).await.unwrap() }).await;
        let hours = api.list_schedules(page()).await.unwrap().items[0].clone();
        let extra =
            self.call("create a schedule", async { api.create_schedule(&hours.spec, None).await.unwrap() }).await;
        self.call("change a schedule", async {
            api.update_schedule(extra.id, &hours.spec, extra.stamp.version).await.unwrap()
        })
        .await;
        self.call("show a schedule", async { api.get_schedule(extra.id).await.unwrap() }).await;
        self.call("delete a schedule", async { api.delete_schedule(extra.id).await.unwrap() }).await;
        let mut spec = api.get_event_type(self.world.event_types[0]).await.unwrap().spec;
        spec.slug = self.slug("one-more");
        let extra = api.create_event_type(&spec, None).await.unwrap();
        self.call("show an event type", async { api.get_event_type(extra.id).await.unwrap() }).await;
        let held = self.beat(extra.id, 70, session());
        let place = api.heartbeat(&held).await.unwrap();
        spec.requirements = vec![Requirement::new(1, vec![self.world.rooms[1]]).unwrap()];
        self.call("change an event type", async {
            api.update_event_type(extra.id, &spec, extra.stamp.version).await.unwrap()
        })
        .await;
        let taken = self.booking(self.world.event_types[0], 70, None);
        self.call("book what is held for what does not need it any more", async {
            api.create_booking(&taken).await.unwrap_err()
        })
        .await;
        api.leave(place.room, held.session_id).await.unwrap();
        let booked = api.get_event_type(self.world.limited).await.unwrap();
        self.call("change what is booked", async {
            api.update_event_type(booked.id, &booked.spec, booked.stamp.version).await.unwrap()
        })
        .await;
        let shown = self.call("show the organization", async { api.get_organization().await.unwrap() }).await;
        self.call("change the organization", async {
            api.update_organization(&shown.spec, shown.stamp.version).await.unwrap()
        })
        .await;
        self.call("delete an event type", async { api.delete_event_type(extra.id).await.unwrap() }).await;
    }

    /// A room is closed over a booking, a hold and one who waits, and opened again.
    async fn close_and_open(&mut self) {
        let (api, room, one) = (self.api.clone(), self.world.rooms[0], self.world.event_types[0]);
        self.made(one, 80).await;
        for _ in 0..2 {
            api.heartbeat(&self.beat(one, 81, session())).await.unwrap();
        }
        let closed = |from: i64, to: i64, id: Option<&str>| BlockSpec {
            time: Interval::new(self.world.at(from), self.world.at(to)).unwrap(),
            reason: Prose::default(),
            external_id: id.map(|id| Name::parse(&format!("{id} {}", self.world.at(0))).unwrap()),
        };
        let (first, other) = (closed(79, 84, Some("a")), closed(79, 85, Some("a")));
        let window = closed(86, 99, None).time;
        let said = |blocks| Replacement { resource_id: room, window, source: Name::parse("calendar").unwrap(), blocks };
        let (once, again) =
            (said(vec![closed(86, 87, Some("b")), closed(88, 89, None)]), said(vec![closed(87, 88, Some("b"))]));
        let made = self.call("close a room", async { api.create_block(room, &first, None).await.unwrap() }).await;
        let affected = (made.affected.holds, made.affected.waiting, made.affected.bookings.len());
        assert_eq!(affected, (1, 1, 1), "{made:?}");
        let block = BlockRef { resource_id: room, id: made.now.id };
        self.call("show a block", async { api.get_block(block).await.unwrap() }).await;
        self.call("change a block", async { api.update_block(block, &other, 1).await.unwrap() }).await;
        self.call("replace blocks", async { api.replace_blocks(&once).await.unwrap() }).await;
        self.call("replace blocks again", async { api.replace_blocks(&again).await.unwrap() }).await;
        let page = PageRequest { size: 10, token: None };
        let asked = ListBlocks { resource_id: room, filter: BlockFilter::default(), page };
        self.call("list blocks", async { api.list_blocks(&asked).await.unwrap() }).await;
        let (explained, listed) = (self.beat(one, 80, session()).slot, self.slots(one));
        self.call("explain what is closed", async { api.explain_slot(&explained.into()).await.unwrap() }).await;
        self.call("list slots around what is closed", async { api.list_slots(&listed).await.unwrap() }).await;
        self.call("open a room", async { api.delete_block(block, None).await.unwrap() }).await;
    }

    async fn preview(&mut self) {
        let (api, one, limited) = (self.api.clone(), self.world.event_types[0], self.world.limited);
        let time = Interval::lasting(self.world.at(79), 60).unwrap();
        let slots = self.slots(one);
        let asked = PreviewRequest { slots, change: PreviewChange::Block(self.world.rooms[0], time) };
        self.call("preview a block", async { api.preview_availability(&asked).await.unwrap() }).await;
        let spec = api.get_event_type(limited).await.unwrap().spec;
        let asked = PreviewRequest { slots: self.slots(limited), change: PreviewChange::EventType(spec) };
        self.call("preview an event type", async { api.preview_availability(&asked).await.unwrap() }).await;
    }

    /// What no call of the contract does, but an operator's command, a start or the passing of time.
    async fn housekeeping(&mut self) {
        let store = self.world.store.clone();
        let keyring = self.world.component.keyring().clone();
        let organization = self.world.organization;
        let ([event_type, ..], [resource, ..]) = (self.world.event_types, self.world.rooms);
        let scope = Scope::Admin(organization);
        let name = Name::parse("For a while").unwrap();
        let (key, _) = self.call("make a key", async { keyring.create(scope, name).await.unwrap() }).await;
        self.call("list keys", async { keyring.list().await.unwrap() }).await;
        self.call("revoke a key", async { keyring.revoke(key).await.unwrap() }).await;
        let slot = Interval::lasting(self.world.at(9), 30).unwrap();
        let room = SlotKey { event_type_id: event_type, slot };
        let (long_ago, before) = (booking_domain::DateTime::UNIX_EPOCH, self.world.at(0));
        let calls = async {
            let mut tx = store.write().await.unwrap();
            api_keys::list_valid(&mut tx, &[key]).await.unwrap();
            cooldowns::purge(&mut tx, long_ago).await.unwrap();
            tallies::purge(&mut tx, long_ago).await.unwrap();
            let step = erase_ended(&mut tx, organization, (ErasingCursor::START, before), 5).await.unwrap();
            assert_eq!(step.erased, 5, "the oldest of all");
            bookings::unanswered(&mut tx, long_ago, 200).await.unwrap();
            idempotency::purge(&mut tx, long_ago).await.unwrap();
            organizations::of_event_type(&mut tx, event_type).await.unwrap();
            organizations::of_booking(&mut tx, BookingId::new(organization.uuid())).await.unwrap();
            presences::list_in_room(&mut tx, organization, room).await.unwrap();
            nodes::lock_leases(&mut tx, organization, &[PresenceId::new(organization.uuid())]).await.unwrap();
            tables::is_used(&mut tx, organization).await.unwrap();
            tx.commit().await.unwrap();
            if let Some(nodes) = store.nodes() {
                nodes.claim_versions(&BTreeSet::from([(organization, resource)])).await.unwrap();
            }
        };
        self.call("housekeeping", calls).await;
    }
}

fn step(id: BookingId) -> TransitionRequest {
    TransitionRequest { id, reason: Prose::default(), version: None, management_token: None }
}
