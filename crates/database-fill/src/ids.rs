//! Ids: UUIDs of version 7 that tell what they are of and which one, so that whoever filled a database can name its rows.

use uuid::Uuid;

use crate::dialect::Dialect;

/// When what is offered was made: 1 January 2020.
pub(crate) const FOUNDED_MS: i64 = 1_577_836_800_000;

/// What an id is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Organization = 1,
    Schedule,
    Resource,
    EventType,
    ApiKey,
    Booking,
    Presence,
    Cooldown,
}

/// The two groups of digits that say version and kind, and variant and tenant.
fn prefix(kind: Kind, tenant: u8) -> String {
    format!("7{:03x}-8{tenant:03x}", kind as u16)
}

/// The text of the id of this tenant's `n`th thing, as SQL; drawn at `ms`.
pub(crate) fn text(dialect: Dialect, (kind, tenant): (Kind, u8), ms: &str, n: &str) -> String {
    dialect.id_text(&prefix(kind, tenant), ms, n)
}

/// The id of the `n`th thing that this tenant offers.
pub(crate) fn offered(kind: Kind, tenant: u8, n: u64) -> Uuid {
    let (ms, version, variant) = (u128::from(FOUNDED_MS.unsigned_abs()) << 80, 7 << 76, 8 << 60);
    Uuid::from_u128(ms | version | (kind as u128) << 64 | variant | u128::from(tenant) << 48 | u128::from(n))
}
