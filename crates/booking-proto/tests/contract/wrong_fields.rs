//! Every wrong field of a request is told at once, under its path in the contract.

use std::collections::BTreeMap;
use std::fmt::Debug;

use booking_domain::hold::SlotKey;
use booking_domain::refusal::Refusal;
use booking_domain::request::{
    Create, CreateBooking, ExplainRequest, HeartbeatRequest, ListBookings, PlaceRequest, SlotsRequest, Update,
    UpdateOrganization,
};
use booking_proto::v1;
use prost_types::Timestamp;

const ID: &str = "01890b2e-58c7-7a00-8000-000000000001";

/// The paths of the fields that are wrong.
fn wrong<T: Debug>(parsed: Result<T, Refusal>) -> Vec<String> {
    match parsed.unwrap_err() {
        Refusal::InvalidArgument { errors } => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("{other:?}"),
    }
}

fn window(weekday: &str, start: &str, end: &str) -> v1::WeeklyWindow {
    v1::WeeklyWindow { weekday: weekday.to_owned(), start: start.to_owned(), end: end.to_owned() }
}

fn day_off(date: &str) -> v1::DateOverride {
    v1::DateOverride { date: date.to_owned(), hours: Vec::new() }
}

#[test]
fn an_empty_message_names_all_that_is_required() {
    let create = v1::CreateResourceRequest::default();
    assert_eq!(wrong(Create::try_from(create)), ["name", "kind", "time_zone"]);
    let update = v1::UpdateResourceRequest::default();
    assert_eq!(wrong(Update::try_from(update)), ["id", "name", "kind", "time_zone", "version"]);
    let update = v1::UpdateOrganizationRequest::default();
    assert_eq!(wrong(UpdateOrganization::try_from(update)), ["name", "version"]);
    let beat = v1::HeartbeatRequest::default();
    assert_eq!(wrong(HeartbeatRequest::try_from(beat)), ["event_type_id", "start", "session_id"]);
    let book = v1::CreateBookingRequest::default();
    assert_eq!(wrong(CreateBooking::try_from(book)), ["event_type_id", "start", "booker.name"]);
}

#[test]
fn a_schedules_windows_are_named_by_their_place() {
    let spec = v1::ScheduleSpec {
        name: "Hours".to_owned(),
        time_zone: "Mars/Olympus".to_owned(),
        weekly_hours: vec![
            window("monday", "09:00", "17:00"),
            window("Monday", "09:00", "17:00"),
            window("friday", "24:00", "09:00"),
            window("friday", "9:00", "25:00"),
        ],
        overrides: vec![
            day_off("2027-03-10"),
            day_off("2027-02-30"),
            v1::DateOverride { date: "2027-03-11".to_owned(), hours: vec![v1::Window::default()] },
            day_off("2027-03-10"),
        ],
    };
    let request = v1::CreateScheduleRequest { spec: Some(spec), request_id: "\n".to_owned() };
    let expected = [
        "time_zone",
        "weekly_hours[1].weekday",
        "weekly_hours[2].start",
        "weekly_hours[3].start",
        "weekly_hours[3].end",
        "overrides[1].date",
        "overrides[2].hours[0].start",
        "overrides[2].hours[0].end",
        "overrides[3].date",
        "request_id",
    ];
    assert_eq!(wrong(Create::try_from(request)), expected);
}

fn requirement(count: Option<i64>, ids: &[&str]) -> v1::Requirement {
    v1::Requirement { count, resource_ids: ids.iter().map(|id| (*id).to_owned()).collect() }
}

fn question(key: &str, kind: &str, options: &[&str]) -> v1::Question {
    v1::Question {
        key: key.to_owned(),
        label: "What?".to_owned(),
        kind: kind.to_owned(),
        required: true,
        options: options.iter().map(|option| (*option).to_owned()).collect(),
    }
}

fn event_type() -> v1::EventTypeSpec {
    v1::EventTypeSpec {
        slug: "session".to_owned(),
        title: "Session".to_owned(),
        durations_minutes: vec![30],
        schedule_id: ID.to_owned(),
        requirements: vec![requirement(None, &[ID])],
        ..v1::EventTypeSpec::default()
    }
}

fn wrong_in(spec: v1::EventTypeSpec) -> Vec<String> {
    wrong(Create::try_from(v1::CreateEventTypeRequest { spec: Some(spec), request_id: String::new() }))
}

#[test]
fn an_event_types_bounds_are_held() {
    let spec = v1::EventTypeSpec {
        durations_minutes: vec![30, 30],
        slot_interval_minutes: Some(0),
        buffer_before_minutes: -1,
        buffer_after_minutes: 1_441,
        min_notice_minutes: i64::MAX,
        horizon_days: Some(732),
        limits: Some(v1::PeriodLimits { per_day: Some(0), per_week: Some(i64::MIN), per_month: Some(1) }),
        hold_deadline_minutes: Some(i64::MAX),
        location: Some(v1::Location { kind: "moon".to_owned(), value: "\0".to_owned() }),
        ..event_type()
    };
    let expected = [
        "durations_minutes",
        "slot_interval_minutes",
        "buffer_before_minutes",
        "buffer_after_minutes",
        "min_notice_minutes",
        "horizon_days",
        "limits.per_day",
        "limits.per_week",
        "hold_deadline_minutes",
        "location.kind",
        "location.value",
    ];
    assert_eq!(wrong_in(spec), expected);
}

#[test]
fn an_event_types_lists_are_named_by_their_place() {
    assert_eq!(wrong_in(v1::EventTypeSpec { requirements: Vec::new(), ..event_type() }), ["requirements"]);
    let requirements = vec![
        requirement(Some(1), &[ID, "studio"]),
        requirement(Some(2), &[ID]),
        requirement(None, &[ID, ID]),
        requirement(None, &[]),
    ];
    let questions = vec![
        question("size", "text", &[]),
        question("size", "text", &[]),
        question("a b", "number", &[]),
        question("colour", "select", &["red", ""]),
        question("shape", "select", &[]),
        question("notes", "textarea", &["why"]),
    ];
    let expected = [
        "requirements[0].resource_ids[1]",
        "requirements[1].count",
        "requirements[2].resource_ids",
        "requirements[3].resource_ids",
        "questions[1].key",
        "questions[2].key",
        "questions[2].kind",
        "questions[3].options[1]",
        "questions[4].options",
        "questions[5].options",
    ];
    assert_eq!(wrong_in(v1::EventTypeSpec { requirements, questions, ..event_type() }), expected);
}

#[test]
fn a_list_that_is_too_long_is_one_wrong_field() {
    let requirements = vec![v1::Requirement::default(); 11];
    let questions = vec![v1::Question::default(); 51];
    assert_eq!(wrong_in(v1::EventTypeSpec { requirements, questions, ..event_type() }), ["requirements", "questions"]);
}

fn query(from: &str, to: &str) -> v1::SlotQuery {
    let (from, to) = (from.to_owned(), to.to_owned());
    v1::SlotQuery { event_type_id: ID.to_owned(), from, to, ..v1::SlotQuery::default() }
}

#[test]
fn a_range_of_dates_is_62_days_at_most() {
    assert!(SlotsRequest::try_from(query("2027-03-01", "2027-05-01")).is_ok());
    assert_eq!(wrong(SlotsRequest::try_from(query("2027-03-01", "2027-05-02"))), ["to"]);
    assert_eq!(wrong(SlotsRequest::try_from(query("2027-03-02", "2027-03-01"))), ["to"]);
    assert_eq!(wrong(SlotsRequest::try_from(query("1969-12-31", "+12027-03-01"))), ["from", "to"]);
    let query = v1::SlotQuery {
        duration_minutes: Some(10_081),
        time_zone: "Berlin".to_owned(),
        resource_id: "-".to_owned(),
        ..query("2027-03-01", "2027-04-01")
    };
    assert_eq!(wrong(SlotsRequest::try_from(query)), ["duration_minutes", "time_zone", "resource_id"]);
}

#[test]
fn a_start_is_a_whole_minute_of_a_year_that_people_write() {
    let explain = |seconds, nanos| {
        let start = Some(Timestamp { seconds, nanos });
        ExplainRequest::try_from(v1::ExplainSlotRequest { event_type_id: ID.to_owned(), start, ..Default::default() })
    };
    assert!(explain(0, 0).is_ok());
    for (seconds, nanos) in [
        (1, 0),
        (60, 1),
        (-60, 0),
        (i64::MIN, 0),
        (i64::MAX, i32::MAX),
        (60, -1),
        (253_402_300_800, 0),
        (60, 1_000_000_000),
    ] {
        assert_eq!(wrong(explain(seconds, nanos)), ["start"], "{seconds} {nanos}");
    }
}

#[test]
fn a_batch_names_the_heartbeat() {
    let beat = v1::HeartbeatRequest {
        event_type_id: ID.to_owned(),
        start: Some(Timestamp { seconds: 60, nanos: 0 }),
        session_id: "7d444840-9dc0-41d1-b245-5ffdce74fad2".to_owned(),
        ..v1::HeartbeatRequest::default()
    };
    let guessable = v1::HeartbeatRequest { session_id: ID.to_owned(), data: Some("{".to_owned()), ..beat.clone() };
    let parse = |heartbeats| Vec::<HeartbeatRequest>::try_from(v1::KeepAliveRequest { heartbeats });
    assert_eq!(parse(vec![beat.clone(); 200]).unwrap().len(), 200);
    assert_eq!(wrong(parse(vec![beat.clone(); 201])), ["heartbeats"]);
    assert_eq!(wrong(parse(Vec::new())), ["heartbeats"]);
    assert_eq!(wrong(parse(vec![beat, guessable])), ["heartbeats[1].session_id", "heartbeats[1].data"]);
}

#[test]
fn a_booking_names_its_booker_and_its_answers() {
    let text = |text: &str| v1::Answer { value: Some(v1::answer::Value::Text(text.to_owned())) };
    let answers = BTreeMap::from([
        ("size".to_owned(), v1::Answer { value: None }),
        ("two words".to_owned(), text("x")),
        ("why".to_owned(), text(&"x".repeat(4_001))),
    ]);
    let booker =
        v1::Booker { name: "Ada".to_owned(), email: "ada".to_owned(), phone: "call".to_owned(), ..Default::default() };
    let request = v1::CreateBookingRequest {
        event_type_id: ID.to_owned(),
        start: Some(Timestamp { seconds: 60, nanos: 0 }),
        booker: Some(booker),
        answers,
        ..v1::CreateBookingRequest::default()
    };
    let expected = ["booker.email", "booker.phone", "answers.size", "answers", "answers.why"];
    assert_eq!(wrong(CreateBooking::try_from(request)), expected);
}

#[test]
fn lists_have_pages_of_200_at_most() {
    let list = v1::ListBookingsRequest {
        page_size: Some(201),
        status: "open".to_owned(),
        from: Some(Timestamp { seconds: -1, nanos: 0 }),
        email: "@".to_owned(),
        q: "\n\0".to_owned(),
        ..v1::ListBookingsRequest::default()
    };
    assert_eq!(wrong(ListBookings::try_from(list)), ["status", "from", "email", "q", "page_size"]);
}

#[test]
fn a_room_is_as_a_heartbeat_answered_it() {
    let room = format!("{ID}~20270310T0900Z~30");
    assert_eq!(room.parse::<SlotKey>().unwrap().to_string(), room);
    let leave = v1::LeaveRequest { room: format!("{room}0000"), session_id: String::new() };
    assert_eq!(wrong(PlaceRequest::try_from(leave)), ["room", "session_id"]);
}

#[test]
fn no_debug_output_shows_a_secret() {
    let session_id = "7d444840-9dc0-41d1-b245-5ffdce74fad2";
    let leave = v1::LeaveRequest { room: format!("{ID}~20270310T0900Z~30"), session_id: session_id.to_owned() };
    let get = v1::GetBookingRequest { uid: ID.to_owned(), management_token: session_id.to_owned() };
    let shown = format!("{leave:?} {get:?} {:?}", PlaceRequest::try_from(leave.clone()));
    assert!(!shown.contains(session_id), "{shown}");
}
