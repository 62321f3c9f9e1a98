//! Arbitrary domain values.

use booking_domain::affected::Affected;
use booking_domain::block::{Block, BlockSpec};
use booking_domain::booking::correction::{BookerChange, BookingChange};
use booking_domain::booking::{
    Actor, Answer, Answers, BookedResource, Booker, Booking, BookingStatus, HistoryEntry, HistoryKind,
};
use booking_domain::event_type::{
    Durations, EventType, EventTypeSpec, Location, LocationKind, PeriodLimits, Question, QuestionKind, Requirement,
};
use booking_domain::hold::{Hold, LivePresence, Place, Present, Pseudonym, RoomData, SessionId, SlotKey, Standing};
use booking_domain::id::{BlockId, BookingId, EventTypeId, ResourceId, ScheduleId};
use booking_domain::interval::Interval;
use booking_domain::organization::public::{Blocked, BookingCaps, Cap, EmailPattern};
use booking_domain::organization::{Accent, Logo, OrganizationSpec};
use booking_domain::resource::{Capacity, Resource, ResourceKind, ResourceSpec};
use booking_domain::schedule::{Hours, Schedule, ScheduleSpec, Stamp, Window};
use booking_domain::text::{Email, Key, Name, Phone, Prose, Slug};
use booking_domain::{DateTime, NaiveDate, Tz, Utc};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

const LAST_MINUTE: i64 = 253_402_300_799 / 60;

pub(crate) fn name() -> impl Strategy<Value = Name> {
    "[A-Za-zäß!?][A-Za-z ß'.-]{0,20}[a-z]".prop_map(|text| Name::parse(&text).unwrap())
}

pub(crate) fn prose() -> impl Strategy<Value = Prose> {
    "([a-z][a-z \n]{0,30}[a-z])?".prop_map(|text| Prose::parse(&text).unwrap())
}

fn reason() -> impl Strategy<Value = Prose> {
    "[a-z]{1,9}".prop_map(|text| Prose::parse(&text).unwrap())
}

pub(crate) fn slug() -> impl Strategy<Value = Slug> {
    "[a-z0-9]{1,9}(-[a-z0-9]{1,9})?".prop_map(|text| Slug::parse(&text).unwrap())
}

pub(crate) fn organization_spec() -> impl Strategy<Value = OrganizationSpec> {
    let accent = any::<[u8; 3]>().prop_map(|[red, green, blue]| Accent::new(red, green, blue));
    let logo = vec(any::<u8>(), 0..40)
        .prop_map(|rest| Logo::parse([b"\x89PNG\r\n\x1a\n".as_slice(), &rest].concat()).unwrap());
    (name(), option::of(accent), option::of(logo), booking_caps(), blocked()).prop_map(
        |(name, accent, logo, booking_caps, blocked)| OrganizationSpec { name, accent, logo, booking_caps, blocked },
    )
}

fn booking_caps() -> impl Strategy<Value = BookingCaps> {
    let cap = || (option::of(1_u32..=10_000), option::of(1_u32..=10_000));
    let cap = move || cap().prop_map(|(open, made_in_a_day)| Cap { open, made_in_a_day });
    (cap(), cap()).prop_map(|(per_email, per_address)| BookingCaps { per_email, per_address })
}

fn blocked() -> impl Strategy<Value = Blocked> {
    let network = (any::<[u8; 4]>(), 0_u8..=32).prop_map(|([a, b, c, d], bits)| format!("{a}.{b}.{c}.{d}/{bits}"));
    let addresses = vec(network.prop_map(|text| text.parse().unwrap()), 0..4);
    let emails = vec("[a-z]{0,5}@[a-z]{1,9}\\.example".prop_map(|text| EmailPattern::parse(&text).unwrap()), 0..4);
    (addresses, emails).prop_map(|(addresses, emails)| Blocked { addresses, emails })
}

fn block_spec() -> impl Strategy<Value = BlockSpec> {
    (interval(), prose(), option::of(name())).prop_map(|(time, reason, external_id)| BlockSpec {
        time,
        reason,
        external_id,
    })
}

pub(crate) fn block() -> impl Strategy<Value = Block> {
    (uuid(), resource_id(), option::of(name()), block_spec(), stamp()).prop_map(
        |(id, resource_id, source, spec, stamp)| Block { id: BlockId::new(id), resource_id, source, spec, stamp },
    )
}

pub(crate) fn affected() -> impl Strategy<Value = Affected> {
    let bookings = vec(uuid().prop_map(BookingId::new), 0..4);
    (any::<u32>(), any::<u32>(), bookings, any::<bool>(), any::<u32>()).prop_map(
        |(holds, waiting, bookings, more, keeping_buffers)| Affected {
            holds,
            waiting,
            bookings,
            more,
            keeping_buffers,
        },
    )
}

pub(crate) fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn schedule_id() -> impl Strategy<Value = ScheduleId> {
    uuid().prop_map(ScheduleId::new)
}

pub(crate) fn resource_id() -> impl Strategy<Value = ResourceId> {
    uuid().prop_map(ResourceId::new)
}

pub(crate) fn event_type_id() -> impl Strategy<Value = EventTypeId> {
    uuid().prop_map(EventTypeId::new)
}

pub(crate) fn session_id() -> impl Strategy<Value = SessionId> {
    any::<[u8; 16]>()
        .prop_map(|bytes| SessionId::parse(&uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()).unwrap())
}

pub(crate) fn zone() -> impl Strategy<Value = Tz> {
    select(&chrono_tz::TZ_VARIANTS[..])
}

pub(crate) fn date() -> impl Strategy<Value = NaiveDate> {
    (0i32..2_932_000).prop_map(|days| NaiveDate::from_epoch_days(days).unwrap())
}

pub(crate) fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0..LAST_MINUTE * 60, 0u32..1_000_000_000).prop_map(|(s, n)| DateTime::from_timestamp(s, n).unwrap())
}

pub(crate) fn minute() -> impl Strategy<Value = DateTime<Utc>> {
    (0..LAST_MINUTE - 20_000).prop_map(|minute| DateTime::from_timestamp(minute * 60, 0).unwrap())
}

pub(crate) fn interval() -> impl Strategy<Value = Interval> {
    (minute(), 1u32..=10_080).prop_map(|(start, minutes)| Interval::lasting(start, minutes).unwrap())
}

pub(crate) fn stamp() -> impl Strategy<Value = Stamp> {
    (instant(), instant(), 1i64..).prop_map(|(created_at, updated_at, version)| Stamp {
        created_at,
        updated_at,
        version,
    })
}

pub(crate) fn resource_spec() -> impl Strategy<Value = ResourceSpec> {
    let schedule_id = option::of(schedule_id());
    (name(), select(&ResourceKind::ALL[..]), zone(), schedule_id, 1i64..=10_000, prose(), any::<bool>()).prop_map(
        |(name, kind, time_zone, schedule_id, units, description, active)| ResourceSpec {
            name,
            kind,
            time_zone,
            schedule_id,
            capacity: Capacity::new(units).unwrap(),
            description,
            active,
        },
    )
}

pub(crate) fn resource() -> impl Strategy<Value = Resource> {
    (resource_id(), resource_spec(), stamp()).prop_map(|(id, spec, stamp)| Resource { id, spec, stamp })
}

fn window() -> impl Strategy<Value = Window> {
    (0u16..1440, 0u16..=1440).prop_map(|(start, end)| Window::new(start, end).unwrap())
}

pub(crate) fn schedule_spec() -> impl Strategy<Value = ScheduleSpec> {
    let weekly = proptest::array::uniform7(vec(window(), 0..3));
    (name(), zone(), weekly, btree_map(date(), vec(window(), 0..3), 0..4)).prop_map(
        |(name, time_zone, weekly, overrides)| ScheduleSpec { name, hours: Hours { time_zone, weekly, overrides } },
    )
}

pub(crate) fn schedule() -> impl Strategy<Value = Schedule> {
    (uuid().prop_map(ScheduleId::new), schedule_spec(), stamp()).prop_map(|(id, spec, stamp)| Schedule {
        id,
        spec,
        stamp,
    })
}

fn requirement() -> impl Strategy<Value = Requirement> {
    (vec(resource_id(), 1..4), 1i64..4)
        .prop_map(|(ids, count)| Requirement::new(count.min(ids.len() as i64), ids).unwrap())
}

fn location() -> impl Strategy<Value = Location> {
    (select(&LocationKind::ALL[..]), prose()).prop_map(|(kind, value)| Location { kind, value })
}

fn question((index, kind, label): (usize, QuestionKind, Name)) -> Question {
    let options = if kind == QuestionKind::Select { vec![label.clone()] } else { Vec::new() };
    Question { key: Key::parse(&format!("key_{index}")).unwrap(), label, kind, required: index % 2 == 0, options }
}

fn questions() -> impl Strategy<Value = Vec<Question>> {
    vec((select(&QuestionKind::ALL[..]), name()), 0..4).prop_map(|questions| {
        questions.into_iter().enumerate().map(|(index, (kind, label))| question((index, kind, label))).collect()
    })
}

fn period_limits() -> impl Strategy<Value = PeriodLimits> {
    let limit = || option::of(1u32..=1_000_000);
    (limit(), limit(), limit()).prop_map(|(per_day, per_week, per_month)| PeriodLimits { per_day, per_week, per_month })
}

pub(crate) fn event_type_spec() -> impl Strategy<Value = EventTypeSpec> {
    let words = (slug(), name(), prose(), option::of(location()), questions());
    let minutes = (proptest::collection::btree_set(1i64..=10_080, 1..5), option::of(1u32..=10_080), 0u32..=1440);
    let bounds = (0u32..=527_040, 0u32..=731, option::of(1u32..=1440), period_limits());
    let needs = (uuid().prop_map(ScheduleId::new), vec(requirement(), 1..3), any::<bool>(), any::<bool>());
    let changes = (option::of(0u32..=527_040), option::of(0u32..=527_040), any::<bool>());
    (words, minutes, bounds, needs, changes).prop_map(|(words, minutes, bounds, needs, changes)| EventTypeSpec {
        slug: words.0,
        title: words.1,
        description: words.2,
        durations: Durations::new(&minutes.0.into_iter().collect::<Vec<_>>()).unwrap(),
        slot_interval_minutes: minutes.1,
        buffer_before_minutes: minutes.2,
        buffer_after_minutes: 1440 - minutes.2,
        min_notice_minutes: bounds.0,
        horizon_days: bounds.1,
        schedule_id: needs.0,
        requirements: needs.1,
        limits: bounds.3,
        requires_confirmation: needs.2,
        hold_deadline_minutes: bounds.2,
        location: words.3,
        questions: words.4,
        active: needs.3,
        cancel_until_minutes: changes.0,
        move_until_minutes: changes.1,
        reconfirm_moves: changes.2,
    })
}

pub(crate) fn event_type() -> impl Strategy<Value = EventType> {
    (event_type_id(), event_type_spec(), stamp()).prop_map(|(id, spec, stamp)| EventType { id, spec, stamp })
}

pub(crate) fn room() -> impl Strategy<Value = SlotKey> {
    (event_type_id(), interval()).prop_map(|(event_type_id, slot)| SlotKey { event_type_id, slot })
}

pub(crate) fn room_data() -> impl Strategy<Value = RoomData> {
    "[a-zß]{0,9}".prop_map(|text| RoomData::parse(&format!("{{\"name\":\"{text}\"}}")).unwrap())
}

pub(crate) fn who() -> impl Strategy<Value = Pseudonym> {
    "[a-z0-9]{8}".prop_map(Pseudonym)
}

pub(crate) fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        (1u32..).prop_map(|position| Standing::Waiting { position }),
        (instant(), any::<bool>(), 1i64.., vec(resource_id(), 1..4)).prop_map(
            |(deadline, extended, version, resource_ids)| {
                Standing::Holding(Hold { deadline, extended, version, resource_ids })
            }
        ),
    ]
}

pub(crate) fn place() -> impl Strategy<Value = Place> {
    (room(), who(), standing(), instant(), option::of(instant()), any::<u32>(), any::<u32>()).prop_map(
        |(room, who, standing, expires_at, held_until, waiting, heartbeat_interval_ms)| Place {
            room,
            who,
            standing,
            expires_at,
            waiting,
            held_until,
            heartbeat_interval_ms,
        },
    )
}

pub(crate) fn present() -> impl Strategy<Value = Present> {
    (who(), any::<bool>(), instant(), option::of(room_data())).prop_map(|(who, holding, joined_at, data)| Present {
        who,
        holding,
        joined_at,
        data,
    })
}

pub(crate) fn live_presence() -> impl Strategy<Value = LivePresence> {
    (room(), who(), standing(), instant(), instant(), option::of(room_data())).prop_map(
        |(room, who, standing, joined_at, expires_at, data)| LivePresence {
            room,
            who,
            standing,
            joined_at,
            expires_at,
            data,
        },
    )
}

pub(crate) fn booker() -> impl Strategy<Value = Booker> {
    let email = "[a-z]{1,9}@[a-z]{1,9}\\.org".prop_map(|text| Email::parse(&text).unwrap());
    let phone = option::of("\\+49 [0-9]{3,12}".prop_map(|text| Phone::parse(&text).unwrap()));
    (name(), option::of(email), phone, prose()).prop_map(|(name, email, phone, notes)| Booker {
        name,
        email,
        phone,
        notes,
    })
}

pub(crate) fn answers() -> impl Strategy<Value = Answers> {
    let answer = prop_oneof![".{0,20}".prop_map(Answer::Text), any::<bool>().prop_map(Answer::Ticked)];
    btree_map("[a-z0-9_-]{1,9}", answer, 0..4)
}

pub(crate) fn booking() -> impl Strategy<Value = Booking> {
    let resources = vec((resource_id(), name()).prop_map(|(id, name)| BookedResource { id, name }), 0..3);
    let about = (uuid(), event_type_id(), name(), select(&BookingStatus::ALL[..]), interval(), zone());
    let resources = (resources, option::of(resource_id()));
    let people = (booker(), answers(), option::of(location()), option::of(reason()), stamp(), prose(), any::<i64>());
    (about, resources, people).prop_map(|(about, resources, people)| Booking {
        id: BookingId::new(about.0),
        event_type_id: about.1,
        event_type_title: about.2,
        status: about.3,
        slot: about.4,
        time_zone: about.5,
        resources: resources.0,
        wanted: resources.1,
        booker: people.0,
        answers: people.1,
        location: people.2,
        ended_reason: people.3,
        stamp: people.4,
        staff_notes: people.5,
        calendar_sequence: people.6,
    })
}

pub(crate) fn booking_change() -> impl Strategy<Value = BookingChange> {
    let answers = (answers(), any::<bool>())
        .prop_map(|(answers, stays)| answers.into_iter().map(|(key, answer)| (key, stays.then_some(answer))).collect());
    let named = option::of(booker()).prop_map(|booker| match booker {
        Some(Booker { name, email, phone, notes }) => {
            BookerChange { name: Some(name), email: Some(email), phone: Some(phone), notes: Some(notes) }
        }
        None => BookerChange::default(),
    });
    (named, answers, option::of(prose())).prop_map(|(booker, answers, staff_notes)| BookingChange {
        booker,
        answers,
        staff_notes,
    })
}

pub(crate) fn history_entry() -> impl Strategy<Value = HistoryEntry> {
    let actor = select(&[Actor::Booker, Actor::Operator][..]);
    (instant(), select(&HistoryKind::ALL[..]), actor, interval(), prose())
        .prop_map(|(at, kind, actor, slot, reason)| HistoryEntry { at, kind, actor, slot, reason })
}
