//! Export and import: an organization's rows as JSON, read from one store and written to another.
//!
//! The tables are named here once more, column by column, with what each column holds, since the two databases store it
//! differently; a test compares the list with the tables themselves. Leases and lines stay behind: holds last minutes, and a
//! session that goes on joins again.

use booking_domain::id::OrganizationId;
use futures::TryStreamExt;
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type, query, query_scalar};
use uuid::Uuid;

use crate::store::columns::json;
use crate::store::{StoreError, Tx};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Id,
    Bytes,
    Number,
    Flag,
    Text,
}

/// A table that moves.
#[derive(Debug)]
pub struct Table {
    /// What it is called.
    pub name: &'static str,
    columns: &'static [(&'static str, Kind)],
    /// Which of an organization's rows move.
    which: &'static str,
    /// How many columns, from the left, put its rows into an order.
    key: usize,
}

/// Declares the tables that move: which of an organization's rows, how many columns of the key, and every column.
macro_rules! tables {
    ($($name:ident where $which:literal by $key:literal { $($column:ident $kind:ident,)+ })+) => {
        /// Every table that moves, each after those it refers to.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            columns: &[$((stringify!($column), Kind::$kind)),+],
            which: $which,
            key: $key,
        }),+];
    };
}

tables! {
    organizations where "id = $1" by 1 {
        id Id, slug Text, name Text, accent Text, logo Bytes, booking_caps Text, blocked Text, catalog_version Number,
        created_at Number, updated_at Number, version Number,
    }
    api_keys where "organization_id = $1" by 1 {
        id Id, organization_id Id, role Text, name Text, key_hash Bytes, created_at Number, revoked_at Number,
    }
    resources where "organization_id = $1" by 2 {
        organization_id Id, id Id, name Text, kind Text, time_zone Text, capacity Number, description Text,
        active Flag, claims_version Number, created_at Number, updated_at Number, version Number, schedule_id Id,
    }
    schedules where "organization_id = $1" by 2 {
        organization_id Id, id Id, name Text, hours Text, created_at Number, updated_at Number, version Number,
    }
    event_types where "organization_id = $1" by 2 {
        organization_id Id, id Id, slug Text, title Text, description Text, durations Text,
        slot_interval_minutes Number, buffer_before_minutes Number, buffer_after_minutes Number,
        min_notice_minutes Number, horizon_days Number, schedule_id Id, requirements Text, limits Text,
        requires_confirmation Flag, hold_deadline_minutes Number, location Text, questions Text, active Flag,
        created_at Number, updated_at Number, version Number, cancel_until_minutes Number, move_until_minutes Number,
        reconfirm_moves Flag,
    }
    event_type_resources where "organization_id = $1" by 3 {
        organization_id Id, event_type_id Id, resource_id Id,
    }
    blocks where "organization_id = $1" by 2 {
        organization_id Id, id Id, resource_id Id, starts_at Number, ends_at Number, reach Number, reason Text,
        source Text, external_id Text, created_at Number, updated_at Number, version Number,
    }
    bookings where "organization_id = $1" by 2 {
        organization_id Id, id Id, event_type_id Id, event_type_title Text, status Text, starts_at Number,
        ends_at Number, time_zone Text, booker_name Text, booker_email Text, booker_phone Text, booker_notes Text,
        answers Text, ended_reason Text, management_token_hash Bytes, email_key Text, search_text Text,
        created_at Number, updated_at Number, version Number, staff_notes Text, calendar_sequence Number,
        wanted_resource_id Id,
    }
    booking_resources where "organization_id = $1" by 3 {
        organization_id Id, booking_id Id, resource_id Id, starts_at Number,
    }
    booking_history where "organization_id = $1" by 3 {
        organization_id Id, booking_id Id, number Number, happened_at Number, kind Text, actor Text, starts_at Number,
        ends_at Number, reason Text,
    }
    claims where "organization_id = $1 AND kind = 'booking'" by 4 {
        organization_id Id, resource_id Id, unit Number, starts_at Number, ends_at Number, slot_starts_at Number,
        slot_ends_at Number, kind Text, booking_id Id,
    }
    idempotency where "organization_id = $1" by 3 {
        organization_id Id, call Text, key_hash Bytes, fingerprint Bytes, answer Text, created_at Number,
    }
}

impl Table {
    /// The table with this name, if it moves.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// What its columns are called.
    pub fn column_names(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// A row as `read_all` gives it: what an export of an older version did not have yet is null. Nothing for a row that has more.
    pub fn completed(&self, row: Value) -> Option<Value> {
        let Value::Object(mut fields) = row else { return None };
        let complete: Map<_, _> =
            self.column_names().map(|name| (name.to_owned(), fields.remove(name).unwrap_or(Value::Null))).collect();
        fields.is_empty().then_some(Value::Object(complete))
    }

    fn listed(&self, count: usize) -> String {
        self.column_names().take(count).collect::<Vec<_>>().join(", ")
    }

    fn select(&self) -> String {
        let (columns, key) = (self.listed(self.columns.len()), self.listed(self.key));
        format!("SELECT {columns} FROM {} WHERE {} ORDER BY {key}", self.name, self.which)
    }

    fn insert(&self) -> String {
        let value = |(name, kind): &(&str, Kind)| match kind {
            Kind::Id => format!("unhex(e.value ->> '{name}', '-')"),
            Kind::Bytes => format!("unhex(e.value ->> '{name}')"),
            Kind::Number => format!("CAST(e.value ->> '{name}' AS BIGINT)"),
            Kind::Flag => format!("CAST(e.value ->> '{name}' AS BOOLEAN)"),
            Kind::Text => format!("e.value ->> '{name}'"),
        };
        let values = self.columns.iter().map(value).collect::<Vec<_>>().join(", ");
        let columns = self.listed(self.columns.len());
        format!("INSERT INTO {} ({columns}) SELECT {values} FROM json_each($1) AS e", self.name)
    }

    fn read<R>(&self, row: &R) -> Result<Value, StoreError>
    where
        R: Row,
        for<'i> &'i str: ColumnIndex<R>,
        for<'r> Uuid: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    {
        let mut fields = Map::new();
        for (name, kind) in self.columns {
            let value = match kind {
                Kind::Id => serde_json::to_value(row.try_get::<Option<Uuid>, _>(*name)?),
                Kind::Bytes => serde_json::to_value(row.try_get::<Option<Vec<u8>>, _>(*name)?.map(hex::encode)),
                Kind::Number => serde_json::to_value(row.try_get::<Option<i64>, _>(*name)?),
                Kind::Flag => serde_json::to_value(row.try_get::<Option<bool>, _>(*name)?),
                Kind::Text => serde_json::to_value(row.try_get::<Option<String>, _>(*name)?),
            };
            let unreadable =
                |error: serde_json::Error| StoreError::Corrupt { table: self.name, why: error.to_string() };
            fields.insert((*name).to_owned(), value.map_err(unreadable)?);
        }
        Ok(Value::Object(fields))
    }
}

/// Gives each of the organization's rows in a table to `take`, in the order of their keys, without holding them all.
///
/// # Errors
/// Whatever `take` says; or the database fails.
pub async fn read_all(
    tx: &mut Tx,
    (table, organization): (&Table, OrganizationId),
    mut take: impl FnMut(Value) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    macro_rules! read {
        ($tx:expr) => {{
            let mut rows = query(AssertSqlSafe(table.select())).bind(organization.uuid()).fetch(&mut **$tx);
            while let Some(row) = rows.try_next().await? {
                take(table.read(&row)?)?;
            }
        }};
    }
    match tx {
        Tx::Sqlite(tx) => read!(tx),
        Tx::Postgres(tx) => read!(tx),
    }
    Ok(())
}

/// Inserts rows as `read_all` gives them.
///
/// # Errors
/// `Conflict` when a row is there already, or names one that is not; or the database fails, as when one lacks something.
pub async fn insert(tx: &mut Tx, table: &Table, rows: &[Value]) -> Result<(), StoreError> {
    execute!(tx, query(AssertSqlSafe(table.insert())).bind(json(rows)?)).map(drop)
}

statements! {
    IS_USED = "SELECT EXISTS (SELECT 1 FROM resources WHERE organization_id = $1)
        OR EXISTS (SELECT 1 FROM schedules WHERE organization_id = $1)
        OR EXISTS (SELECT 1 FROM bookings WHERE organization_id = $1)";
    FORGET_KEYS = "DELETE FROM api_keys WHERE organization_id = $1";
    FORGET_ANSWERS = "DELETE FROM idempotency WHERE organization_id = $1";
    FORGET = "DELETE FROM organizations WHERE id = $1";
}

/// Whether the organization offers anything or was ever booked.
///
/// # Errors
/// The database fails.
pub async fn is_used(tx: &mut Tx, organization: OrganizationId) -> Result<bool, StoreError> {
    on!(tx, query_scalar(IS_USED).bind(organization.uuid()), fetch_one, |used| used)
}

/// Removes an organization that is not used, with its keys.
///
/// # Errors
/// `Conflict` when something of it is used after all; or the database fails.
pub async fn remove_unused(tx: &mut Tx, organization: OrganizationId) -> Result<(), StoreError> {
    for statement in [FORGET_KEYS, FORGET_ANSWERS, FORGET] {
        execute!(tx, query(statement).bind(organization.uuid()))?;
    }
    Ok(())
}
