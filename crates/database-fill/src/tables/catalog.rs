//! What is offered: schedules, resources, event types, and which resources these may take.

use crate::dialect::Dialect;
use crate::ids::{self, FOUNDED_MS, Kind};
use crate::layout::{BUFFER_MINUTES, HORIZON_DAYS, SLOT_MINUTES, UNITS, USED};
use crate::names::{CONFIRMED, PLAIN};
use crate::tenant::Tenant;

/// An event type that tests and benches use.
struct Used {
    slug: &'static str,
    title: &'static str,
    requires_confirmation: bool,
    /// One room out of each of these.
    needs: &'static [&'static [u64]],
}

const USED_EVENT_TYPES: [Used; USED as usize] = [
    Used { slug: PLAIN, title: "Consultation", requires_confirmation: false, needs: &[&[0]] },
    Used { slug: CONFIRMED, title: "Portrait session", requires_confirmation: true, needs: &[&[1]] },
    Used { slug: "fill-pair", title: "Two rooms", requires_confirmation: false, needs: &[&[2], &[3]] },
    Used { slug: "fill-any", title: "Any room", requires_confirmation: false, needs: &[&[0, 1, 2, 3]] },
];

/// Open day and night on every day.
pub(crate) const HOURS: &str = r#"{"time_zone":"UTC","weekly":[[{"start":0,"end":1440}],[{"start":0,"end":1440}],[{"start":0,"end":1440}],[{"start":0,"end":1440}],[{"start":0,"end":1440}],[{"start":0,"end":1440}],[{"start":0,"end":1440}]],"overrides":{}}"#;
const LIMITS: &str = r#"{"per_day":null,"per_week":null,"per_month":null}"#;
const QUESTIONS: &str = r#"[{"key":"people","label":"How many come?","kind":"text","required":false,"options":[]}]"#;
const LOCATION: &str = r#"{"kind":"in_person","value":"Upstairs"}"#;

impl Tenant {
    /// The statements that write everything that is offered beside the event types that are used, for these numbers.
    pub(crate) fn catalog(&self, numbers: std::ops::Range<i64>) -> String {
        let (organization, rows) = (self.organization_id(), self.dialect.numbers(numbers));
        let [schedule, resource, event_type] =
            [Kind::Schedule, Kind::Resource, Kind::EventType].map(|kind| self.offered(kind, &format!("n + {USED}")));
        let resource_text = self.offered_text(Kind::Resource, &format!("n + {USED}"));
        format!(
            "INSERT INTO schedules (organization_id, id, name, hours, created_at, updated_at, version)
            SELECT {organization}, {schedule}, 'Hours ' || n, '{HOURS}', {FOUNDED_MS}, {FOUNDED_MS}, 1 FROM {rows};
            INSERT INTO resources (organization_id, id, name, kind, time_zone, capacity, description, active, claims_version,
                created_at, updated_at, version)
            SELECT {organization}, {resource}, 'Bench ' || n, 'equipment', 'UTC', {UNITS}, '', true, {}, {FOUNDED_MS}, {FOUNDED_MS}, 1
            FROM {rows};
            INSERT INTO event_types (organization_id, id, slug, title, description, durations, slot_interval_minutes,
                buffer_before_minutes, buffer_after_minutes, min_notice_minutes, horizon_days, schedule_id, requirements, limits,
                requires_confirmation, hold_deadline_minutes, location, questions, active, created_at, updated_at, version)
            SELECT {organization}, {event_type}, 'fill-' || n, 'Workshop ' || n, '', '[{SLOT_MINUTES}]', NULL, 0, {BUFFER_MINUTES}, 0,
                {HORIZON_DAYS}, {schedule}, '[{{\"count\":1,\"resource_ids\":[\"' || {resource_text} || '\"]}}]', '{LIMITS}', false, NULL, NULL, '[]',
                true, {FOUNDED_MS}, {FOUNDED_MS}, 1
            FROM {rows};
            INSERT INTO event_type_resources (organization_id, event_type_id, resource_id)
            SELECT {organization}, {event_type}, {resource} FROM {rows};
            INSERT INTO blocks (organization_id, id, resource_id, starts_at, ends_at, reach, reason, source, external_id, created_at,
                updated_at, version)
            SELECT {organization}, {resource}, {resource}, {FOUNDED_MS}, {FOUNDED_MS} + 3600000, 3840000, 'Setting up', NULL,
                'setup-' || n, {FOUNDED_MS}, {FOUNDED_MS}, 1
            FROM {rows};",
            self.last_version(),
        )
    }

    /// The statements that write what tests and benches use: a schedule, a room for each of `USED`, and the event types.
    pub(crate) fn used(&self) -> String {
        let organization = self.organization_id();
        let [schedule, resource] = [Kind::Schedule, Kind::Resource].map(|kind| self.offered(kind, "n"));
        let rooms = self.dialect.numbers(0..USED);
        let mut text = format!(
            "INSERT INTO schedules (organization_id, id, name, hours, created_at, updated_at, version)
            SELECT {organization}, {schedule}, 'Always', '{HOURS}', {FOUNDED_MS}, {FOUNDED_MS}, 1 FROM {};
            INSERT INTO resources (organization_id, id, name, kind, time_zone, capacity, description, active, claims_version,
                created_at, updated_at, version)
            SELECT {organization}, {resource}, 'Room ' || (n + 1), 'room', 'UTC', 1, 'Upstairs', true, {}, {FOUNDED_MS}, {FOUNDED_MS}, 1
            FROM {rooms};",
            self.dialect.numbers(0..1),
            self.last_version(),
        );
        for (n, used) in (0..).zip(&USED_EVENT_TYPES) {
            text.push_str(&self.used_event_type(n, used));
        }
        text
    }

    fn used_event_type(&self, n: u64, used: &Used) -> String {
        let Used { slug, title, requires_confirmation, needs } = used;
        let id = |kind, n| self.dialect.id(ids::offered(kind, self.number, n));
        let (organization, event_type, schedule) =
            (self.organization_id(), id(Kind::EventType, n), id(Kind::Schedule, 0));
        let room = |room: &u64| format!("({organization}, {event_type}, {})", id(Kind::Resource, *room));
        let rooms = needs.iter().copied().flatten().map(room).collect::<Vec<_>>().join(", ");
        format!(
            "INSERT INTO event_types (organization_id, id, slug, title, description, durations, slot_interval_minutes,
                buffer_before_minutes, buffer_after_minutes, min_notice_minutes, horizon_days, schedule_id, requirements, limits,
                requires_confirmation, hold_deadline_minutes, location, questions, active, created_at, updated_at, version)
            VALUES ({organization}, {event_type}, '{slug}', '{title}', 'Half an hour, or a whole one.', '[30,60]', 30, 0, 0, 0, {HORIZON_DAYS},
                {schedule}, '{}', '{LIMITS}', {requires_confirmation}, NULL, '{LOCATION}', '{QUESTIONS}', true, {FOUNDED_MS},
                {FOUNDED_MS}, 1);
            INSERT INTO event_type_resources (organization_id, event_type_id, resource_id) VALUES {rooms};",
            self.requirements(needs),
        )
    }

    /// What an event type needs, as the store writes it.
    fn requirements(&self, needs: &[&[u64]]) -> String {
        let room = |room: &u64| format!("\"{}\"", ids::offered(Kind::Resource, self.number, *room));
        let need = |rooms: &&[u64]| {
            let rooms = rooms.iter().map(room).collect::<Vec<_>>().join(",");
            format!(r#"{{"count":1,"resource_ids":[{rooms}]}}"#)
        };
        format!("[{}]", needs.iter().map(need).collect::<Vec<_>>().join(","))
    }

    /// The statements that number what changed: what is offered, and where several nodes meet, each event type's rooms and bookings.
    pub(crate) fn numbers_of_changes(&self) -> Vec<String> {
        let (organization, changes) = (self.organization_id(), self.last_version());
        let catalog =
            format!("UPDATE organizations SET catalog_version = catalog_version + 1 WHERE id = {organization}");
        let lines = format!(
            "INSERT INTO lines (organization_id, event_type_id, number)
            SELECT organization_id, id, {changes} FROM event_types WHERE organization_id = {organization}
            ON CONFLICT DO NOTHING"
        );
        match self.dialect {
            Dialect::Sqlite => vec![catalog],
            Dialect::Postgres => vec![catalog, lines],
        }
    }
}
