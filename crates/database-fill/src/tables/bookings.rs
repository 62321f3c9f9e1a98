//! Bookings of every status, with what they take, what happened to them, and the claims of those that still have some.

use std::ops::Range;

use crate::ids::Kind;
use crate::layout::{BUFFER_MINUTES, Rows, SLOT_MINUTES, USED};
use crate::names::{self, RARE_BOOKING, RARE_EMAIL, RARE_NAME, REGULAR_EMAIL, REGULAR_NAME};
use crate::tables::holds::address;
use crate::tenant::Tenant;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// Purposes of hashes.
const TOKEN: u32 = 1;

impl Tenant {
    /// The statements that write the bookings of these numbers.
    pub(crate) fn bookings(&self, numbers: Range<i64>) -> Vec<String> {
        let rows = Rows { numbers, future: false, minute: 0 };
        let mut statements = vec![self.drafts(&rows), self.booking_rows()];
        statements.extend(self.booking_resources());
        statements.push(self.unindexed_bookings());
        statements.extend(self.booking_history());
        statements.extend(self.booking_claims());
        statements.push(self.public_bookings());
        statements.push("DROP TABLE drafts".to_owned());
        statements
    }

    /// What is decided about each booking, for the statements that follow.
    fn drafts(&self, rows: &Rows) -> String {
        let (now_ms, slot_ms) = (self.plan.now_ms, SLOT_MINUTES * MINUTE_MS);
        let placed = self.grid.place(self.dialect, rows);
        let [event_type_id, resource_id, other_id] =
            [(Kind::EventType, "event_type"), (Kind::Resource, "resource"), (Kind::Resource, "other")]
                .map(|(kind, n)| self.offered(kind, n));
        let id = self.id(Kind::Booking, "created_at", "n");
        format!(
            "CREATE TEMP TABLE drafts AS
            SELECT n, event_type, starts_at, starts_at + {slot_ms} AS ends_at,
                starts_at + {slot_ms} + CASE WHEN event_type < {USED} THEN 0 ELSE {} END AS blocked_until, unit,
                {event_type_id} AS event_type_id, {resource_id} AS resource_id, other IS NOT NULL AS takes_two, {other_id} AS other_id,
                {id} AS id, status, moved, created_at,
                CASE WHEN status IN ('cancelled', 'declined', 'completed', 'no_show') THEN 1
                    WHEN status = 'confirmed' AND event_type = 1 THEN 1 ELSE 0 END AS settled,
                CASE WHEN status IN ('completed', 'no_show') THEN starts_at + {slot_ms} ELSE created_at + 2 * {DAY_MS} END AS settled_at
            FROM (SELECT placed.*,
                CASE WHEN n % 16 = 3 THEN 1 ELSE 0 END AS moved,
                CASE side WHEN 0 THEN starts_at - {} ELSE {} + n % {DAY_MS} END AS created_at,
                CASE WHEN n * 40503 % 100 < 12 THEN 'cancelled'
                    WHEN event_type = 1 AND n * 40503 % 100 < 20 THEN 'declined'
                    WHEN side = 0 AND n * 40503 % 100 < 48 THEN 'completed'
                    WHEN side = 0 AND n * 40503 % 100 < 50 THEN 'no_show'
                    WHEN side = 1 AND event_type = 1 AND n * 40503 % 100 < 45 THEN 'pending' ELSE 'confirmed' END AS status
                FROM {placed}) AS decided",
            BUFFER_MINUTES * MINUTE_MS,
            20 * DAY_MS,
            now_ms - 30 * DAY_MS,
        )
    }

    fn booking_rows(&self) -> String {
        let (organization, token) = (self.organization_id(), self.digest(TOKEN, "n"));
        format!(
            "INSERT INTO bookings (organization_id, id, event_type_id, event_type_title, status, starts_at, ends_at, time_zone,
                booker_name, booker_email, booker_phone, booker_notes, answers, ended_reason, management_token_hash, email_key,
                search_text, created_at, updated_at, version)
            SELECT {organization}, b.id, b.event_type_id, b.title, b.status, b.starts_at, b.ends_at,
                CASE b.n % 3 WHEN 0 THEN 'Europe/Berlin' WHEN 1 THEN 'America/New_York' ELSE 'Asia/Kolkata' END, b.name, b.email,
                CASE b.n % 4 WHEN 0 THEN '+49 30 ' || (1000000 + b.n) END, CASE b.n % 8 WHEN 1 THEN 'By the back door, please.' ELSE '' END,
                CASE WHEN b.event_type < {USED} AND b.n % 3 = 0 THEN '{{\"people\":\"' || (b.n % 7 + 1) || '\"}}' ELSE '{{}}' END,
                CASE b.status WHEN 'cancelled' THEN 'Something came up.' END, {token}, lower(b.email),
                lower(b.name || '{newline}' || b.email || '{newline}' || b.title), b.created_at,
                CASE WHEN b.settled = 1 THEN b.settled_at ELSE b.created_at + b.moved * {DAY_MS} END, 1 + b.moved + b.settled
            FROM (SELECT d.*, t.title,
                CASE WHEN d.n = {RARE_BOOKING} THEN '{RARE_NAME}' WHEN d.n % 64 = 5 THEN '{REGULAR_NAME}'
                    ELSE given.word || ' ' || beginning.word || ending.word END AS name,
                CASE WHEN d.n = {RARE_BOOKING} THEN '{RARE_EMAIL}' WHEN d.n % 64 = 5 THEN '{REGULAR_EMAIL}'
                    ELSE given.mail || '.' || beginning.mail || ending.mail || (d.n / 4) || '@'
                        || CASE d.n / 4 % 4 WHEN 0 THEN 'mail' WHEN 1 THEN 'post' WHEN 2 THEN 'letters' ELSE 'inbox' END
                        || '.example' END AS email
                FROM drafts AS d {}
                JOIN event_types AS t ON t.organization_id = {organization} AND t.id = d.event_type_id) AS b
            ORDER BY b.n",
            names::joins("d.n / 4"),
            newline = '\n',
        )
    }

    fn booking_resources(&self) -> Vec<String> {
        self.each_taken(|resource, which| {
            format!(
                "INSERT INTO booking_resources (organization_id, booking_id, resource_id, starts_at)
                SELECT {}, id, {resource}, starts_at FROM drafts WHERE {which} ORDER BY n",
                self.organization_id()
            )
        })
    }

    /// Everybody has booked by themselves, some long ago: what is over has not been forgotten yet.
    fn public_bookings(&self) -> String {
        format!(
            "INSERT INTO public_bookings (organization_id, booking_id, email_key, address, made_at, open_until, kept_until)
            SELECT b.organization_id, b.id, b.email_key, {}, b.created_at, b.ends_at, b.ends_at
            FROM drafts AS d JOIN bookings AS b ON b.organization_id = {} AND b.id = d.id",
            address("d.n"),
            self.organization_id(),
        )
    }

    /// Which words they have is for the store to say, when it is migrated next.
    fn unindexed_bookings(&self) -> String {
        let organization = self.organization_id();
        format!("INSERT INTO unindexed_bookings (organization_id, booking_id) SELECT {organization}, id FROM drafts")
    }

    fn booking_claims(&self) -> Vec<String> {
        self.each_taken(|resource, which| {
            format!(
                "INSERT INTO claims (organization_id, resource_id, unit, starts_at, ends_at, slot_starts_at, slot_ends_at, kind, booking_id)
                SELECT {}, {resource}, unit, starts_at, blocked_until, starts_at, ends_at, 'booking', id FROM drafts
                WHERE {which} AND status NOT IN ('cancelled', 'declined') ORDER BY n",
                self.organization_id()
            )
        })
    }

    /// The statement for the first resource of each booking, and for the second of those that take two.
    fn each_taken(&self, statement: impl Fn(&str, &str) -> String) -> Vec<String> {
        vec![statement("resource_id", "true"), statement("other_id", "takes_two")]
    }

    fn booking_history(&self) -> Vec<String> {
        let entry = |number: &str, at: &str, kind: &str, slot: i64, which: &str| {
            format!(
                "INSERT INTO booking_history (organization_id, booking_id, number, happened_at, kind, actor, starts_at, ends_at, reason)
                SELECT {}, id, {number}, {at}, {kind}, starts_at + {slot}, ends_at + {slot},
                    CASE WHEN status = 'cancelled' AND {number} > 1 + moved THEN 'Something came up.' ELSE '' END
                FROM drafts WHERE {which} ORDER BY n",
                self.organization_id()
            )
        };
        let settled = "status, CASE status WHEN 'cancelled' THEN 'booker' ELSE 'operator' END";
        vec![
            // Whoever moved had booked two days earlier.
            entry("1", "created_at", "'created', 'booker'", 0, "moved = 0"),
            entry("1", "created_at", "'created', 'booker'", -2 * DAY_MS, "moved = 1"),
            entry("2", &format!("created_at + {DAY_MS}"), "'rescheduled', 'booker'", 0, "moved = 1"),
            entry("2 + moved", "settled_at", settled, 0, "settled = 1"),
        ]
    }
}
