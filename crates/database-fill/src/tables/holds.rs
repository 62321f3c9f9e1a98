//! Sessions in rooms: those that hold, with their claims, and those that wait in line behind them.

use std::ops::Range;

use crate::ids::Kind;
use crate::layout::{BUFFER_MINUTES, Rows, SLOT_MINUTES, USED};
use crate::tenant::Tenant;

const MINUTE_MS: i64 = 60_000;
/// Where in its cell a hold is.
const MINUTE: i64 = 2 * SLOT_MINUTES;
/// Purposes of hashes.
const SESSION: u32 = 2;
/// Sessions that share an address.
const SESSIONS_PER_ADDRESS: i64 = 8;

impl Tenant {
    /// The statements that write the holds of these numbers. Two of one session: no session holds twice in one event type.
    pub(crate) fn holds(&self, numbers: Range<i64>) -> Vec<String> {
        let places = self.places(numbers, &Standing { first: 0, session: "n / 2", holds: true });
        let mut statements = vec![places];
        statements.extend(self.presences());
        statements.extend(self.hold_claims());
        statements.push("DROP TABLE places".to_owned());
        statements
    }

    /// The statements that write who waits behind the holds of these numbers.
    pub(crate) fn waiting(&self, numbers: Range<i64>) -> Vec<String> {
        let first = self.plan.holds;
        let mut statements = vec![self.places(numbers, &Standing { first, session: "ordinal", holds: false })];
        statements.extend(self.presences());
        statements.push("DROP TABLE places".to_owned());
        statements
    }

    fn places(&self, numbers: Range<i64>, standing: &Standing) -> String {
        let Standing { first, session, holds } = standing;
        let placed = self.grid.place(self.dialect, &Rows { numbers, future: true, minute: MINUTE });
        let joined_at = format!("({} + n + {first})", self.plan.now_ms - self.plan.holds - self.plan.waiting);
        let [event_type_id, resource_id, other_id] =
            [(Kind::EventType, "event_type"), (Kind::Resource, "resource"), (Kind::Resource, "other")]
                .map(|(kind, n)| self.offered(kind, n));
        let lasting = self.plan.now_ms + self.plan.lasting_ms;
        format!(
            "CREATE TEMP TABLE places AS
            SELECT ordinal, {id} AS id, joined_at, event_type_id, starts_at, ends_at, blocked_until, unit, resource_id, other_id,
                takes_two, {session_hash} AS session_hash, session,
                CASE WHEN {holds} THEN {lasting} END AS hold_deadline_at, CASE WHEN {holds} THEN ordinal + 1 ELSE 0 END AS hold_version
            FROM (SELECT sat.*, {session} AS session FROM (SELECT n, n + {first} AS ordinal, {joined_at} AS joined_at,
                {event_type_id} AS event_type_id, {resource_id} AS resource_id, {other_id} AS other_id, other IS NOT NULL AS takes_two,
                starts_at, starts_at + {slot_ms} AS ends_at,
                starts_at + {slot_ms} + CASE WHEN event_type < {USED} THEN 0 ELSE {buffer_ms} END AS blocked_until, unit
                FROM {placed}) AS sat) AS known",
            id = self.id(Kind::Presence, "joined_at", "ordinal"),
            session_hash = self.digest(SESSION, "session"),
            slot_ms = SLOT_MINUTES * MINUTE_MS,
            buffer_ms = BUFFER_MINUTES * MINUTE_MS,
        )
    }

    fn presences(&self) -> [String; 2] {
        let (organization, expires_at) = (self.organization_id(), self.plan.now_ms + self.plan.lasting_ms);
        let address = address("session");
        let presence = format!(
            "INSERT INTO presence (organization_id, id, event_type_id, starts_at, ends_at, session_hash, who, address,
                wanted_resource_id, data, joined_at, hold_deadline_at, hold_extended, hold_version)
            SELECT {organization}, id, event_type_id, starts_at, ends_at, session_hash, 'guest' || (1000000 + ordinal), {address},
                NULL, CASE ordinal % 8 WHEN 0 THEN '{{\"name\":\"Guest ' || ordinal || '\"}}' END, joined_at, hold_deadline_at, false,
                hold_version
            FROM places ORDER BY ordinal"
        );
        let heartbeats = format!(
            "INSERT INTO presence_heartbeats
                (organization_id, presence_id, session_hash, event_type_id, starts_at, ends_at, expires_at)
            SELECT {organization}, id, session_hash, event_type_id, starts_at, ends_at, {expires_at} FROM places ORDER BY ordinal"
        );
        [presence, heartbeats]
    }

    fn hold_claims(&self) -> [String; 2] {
        [("resource_id", "true"), ("other_id", "takes_two")].map(|(resource, which)| {
            format!(
                "INSERT INTO claims (organization_id, resource_id, unit, starts_at, ends_at, slot_starts_at, slot_ends_at, kind, presence_id)
                SELECT {}, {resource}, unit, starts_at, blocked_until, starts_at, ends_at, 'hold', id FROM places WHERE {which}
                ORDER BY ordinal",
                self.organization_id()
            )
        })
    }
}

/// Who stands where.
struct Standing {
    /// The number of the first of them among all who are present.
    first: i64,
    /// The number of the session, as SQL.
    session: &'static str,
    holds: bool,
}

/// The address of the session with the number that this expression gives.
pub(crate) fn address(session: &str) -> String {
    let n = format!("({session}) / {SESSIONS_PER_ADDRESS}");
    format!("'10.' || ({n} / 65536 % 256) || '.' || ({n} / 256 % 256) || '.' || ({n} % 256)")
}
