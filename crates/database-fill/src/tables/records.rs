//! What is kept for a while: keys, cooldowns, and answers to calls that must not be done twice.

use std::ops::Range;

use super::catalog::HOURS;
use super::holds::address;
use crate::ids::Kind;
use crate::layout::SLOT_MINUTES;
use crate::tenant::Tenant;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// When what is offered was made, as answers say it.
const FOUNDED: &str = "2020-01-01T00:00:00Z";
/// Purposes of hashes.
const API_KEY: u32 = 3;
const COOLING_SESSION: u32 = 4;
const CALL: u32 = 5;
const REQUEST: u32 = 6;

impl Tenant {
    /// The statements that write the records of these numbers. Every tenth has outlived its use already.
    pub(crate) fn records(&self, numbers: Range<i64>) -> Vec<String> {
        let rows = self.dialect.numbers(numbers);
        vec![self.cooldowns(&rows), self.answers(&rows)]
    }

    fn cooldowns(&self, rows: &str) -> String {
        let (now_ms, slot_ms) = (self.plan.now_ms, SLOT_MINUTES * MINUTE_MS);
        let (id, event_type) =
            (self.id(Kind::Cooldown, &now_ms.to_string(), "n"), self.offered(Kind::EventType, "n % 4"));
        let starts_at = format!("({} + n / 4 % 100000 * {slot_ms})", self.grid.free().end);
        format!(
            "INSERT INTO cooldowns (organization_id, presence_id, event_type_id, starts_at, ends_at, session_hash, address,
                session_held_ms, address_held_ms, extended, until_at, told)
            SELECT {}, {id}, {event_type}, {starts_at}, {starts_at} + {slot_ms}, {}, {}, 600000, 600000, n % 3 = 0,
                CASE n % 10 WHEN 9 THEN {now_ms} - 1 ELSE {} + n END, n % 2 = 0
            FROM {rows}",
            self.organization_id(),
            self.digest(COOLING_SESSION, "n"),
            address("n"),
            now_ms + self.plan.lasting_ms,
        )
    }

    fn answers(&self, rows: &str) -> String {
        let now_ms = self.plan.now_ms;
        let schedule = self.offered_text(Kind::Schedule, "n % 4");
        let rest = format!(
            r#"","spec":{{"name":"Always","hours":{HOURS}}},"stamp":{{"created_at":"{FOUNDED}","updated_at":"{FOUNDED}","version":1}}}}"#
        );
        format!(
            "INSERT INTO idempotency (organization_id, call, key_hash, fingerprint, answer, created_at)
            SELECT {}, 'create_schedule', {}, {}, '{{\"id\":\"' || {schedule} || '{rest}',
                CASE n % 10 WHEN 9 THEN {now_ms} - 25 * {HOUR_MS} ELSE {now_ms} - n % {HOUR_MS} END
            FROM {rows}",
            self.organization_id(),
            self.digest(CALL, "n"),
            self.digest(REQUEST, "n"),
        )
    }

    /// The statement that writes the keys of these numbers; half of them let nobody in any more.
    pub(crate) fn api_keys(&self, numbers: Range<i64>) -> String {
        format!(
            "INSERT INTO api_keys (id, organization_id, role, name, key_hash, created_at, revoked_at)
            SELECT {}, {}, 'admin', 'Program ' || n, {}, {now_ms} - n, CASE n % 2 WHEN 0 THEN {now_ms} END FROM {}",
            self.offered(Kind::ApiKey, "n"),
            self.organization_id(),
            self.digest(API_KEY, "n"),
            self.dialect.numbers(numbers),
            now_ms = self.plan.now_ms,
        )
    }
}
