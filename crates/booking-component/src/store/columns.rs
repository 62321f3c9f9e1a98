//! Columns that mean the same on both databases, rows of them, and lists of them as JSON.

use std::fmt;

use booking_domain::id::ResourceId;
use booking_domain::interval::Interval;
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use super::StoreError;
use crate::secret::Digest;

/// An instant, stored as epoch milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At(pub(super) DateTime<Utc>);

/// A column type that is stored as another: how it is written, and how it is read.
macro_rules! stored_as {
    ($name:ident, $stored:ty, $write:expr, $read:expr) => {
        impl<DB: Database> Type<DB> for $name
        where
            $stored: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$stored as Type<DB>>::type_info()
            }

            fn compatible(column: &DB::TypeInfo) -> bool {
                <$stored as Type<DB>>::compatible(column)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $name
        where
            $stored: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut <DB as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let write: fn(&Self) -> $stored = $write;
                write(self).encode(buffer)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $name
        where
            $stored: Decode<'r, DB>,
        {
            fn decode(value: <DB as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let read: fn($stored) -> Option<Self> = $read;
                read(<$stored as Decode<DB>>::decode(value)?).ok_or_else(|| "out of range".into())
            }
        }
    };
}

stored_as!(At, i64, |at| at.0.timestamp_millis(), |ms| DateTime::from_timestamp_millis(ms).map(Self));
stored_as!(Digest, Vec<u8>, |digest| digest.0.to_vec(), |bytes| bytes.try_into().ok().map(Self));

impl Serialize for Digest {
    /// As hexadecimal digits, which `unhex` reads on both databases.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.timestamp_millis())
    }
}

impl At {
    /// From when to when, out of two columns.
    pub(super) fn until(self, end: Self, table: &'static str) -> Result<Interval, StoreError> {
        Interval::new(self.0, end.0).sound(table)
    }
}

/// The value as JSON text.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(sqlx::Error::Encode(error.into())))
}

/// The value in JSON text that the store wrote.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(table: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).sound(table)
}

/// An id in a list that is a parameter.
#[derive(Serialize)]
struct Listed<T> {
    id: T,
}

/// These ids as the JSON text that statements take.
pub(super) fn id_list<T: Serialize + Copy>(ids: &[T]) -> Result<String, StoreError> {
    json(&ids.iter().map(|id| Listed { id: *id }).collect::<Vec<_>>())
}

/// A range of one resource, as statements take it.
#[derive(Serialize)]
pub(super) struct ResourceRange {
    resource: ResourceId,
    from_at: At,
    to_at: At,
}

impl ResourceRange {
    pub(super) fn of((resource, range): &(ResourceId, Interval)) -> Self {
        Self { resource: *resource, from_at: At(range.start()), to_at: At(range.end()) }
    }
}

/// Takes what the store itself wrote: if it cannot be read back, the row is corrupt.
pub(super) trait Sound<T> {
    /// The value, or which table holds an unreadable row.
    fn sound(self, table: &'static str) -> Result<T, StoreError>;
}

impl<T, E: fmt::Display> Sound<T> for Result<T, E> {
    fn sound(self, table: &'static str) -> Result<T, StoreError> {
        self.map_err(|error| StoreError::Corrupt { table, why: error.to_string() })
    }
}

impl<T> Sound<T> for Option<T> {
    fn sound(self, table: &'static str) -> Result<T, StoreError> {
        self.ok_or_else(|| StoreError::Corrupt { table, why: "an unknown value".to_owned() })
    }
}

/// A column of a list that is a parameter: `e.value` is one entry, in JSON.
macro_rules! column {
    (id $name:literal) => {
        concat!("unhex(e.value ->> '", $name, "', '-')")
    };
    (bytes $name:literal) => {
        concat!("unhex(e.value ->> '", $name, "')")
    };
    (number $name:literal) => {
        concat!("CAST(e.value ->> '", $name, "' AS BIGINT)")
    };
    (flag $name:literal) => {
        concat!("CAST(e.value ->> '", $name, "' AS BOOLEAN)")
    };
    (text $name:literal) => {
        concat!("e.value ->> '", $name, "'")
    };
}

/// A list that is a parameter, as rows of typed columns: `wanted!("$2": id "booking_id")` reads `[{"booking_id": "…"}, …]`.
///
/// Each entry is read once, whatever it is compared with. And each row has its organization: an `organization_id = $1` beside the
/// list would let SQLite, which knows nothing of how much an organization has, walk through all of that instead of seeking what
/// the list names.
macro_rules! wanted {
    ($list:literal: $($kind:ident $name:literal),+) => {
        wanted!("wanted", $list: $($kind $name),+)
    };
    ($called:literal, $list:literal: $($kind:ident $name:literal),+) => {
        concat!(
            $called, " AS MATERIALIZED (SELECT o.id AS organization_id",
            $(", ", column!($kind $name), " AS ", $name,)+
            " FROM organizations AS o CROSS JOIN json_each(", $list, ") AS e WHERE o.id = $1)"
        )
    };
}

/// A statement over such a list.
macro_rules! with_wanted {
    ($list:literal: $($kind:ident $name:literal),+; $statement:expr) => {
        concat!("WITH ", wanted!($list: $($kind $name),+), " ", $statement)
    };
}

/// Which lengths the intervals of a table have, for each wanted owner: from each to the next greater one, a seek each.
///
/// Intervals of one length that overlap `[from_at, to_at)` begin in `(from_at - length, to_at)`: a range of an index, with nothing
/// in it that does not overlap. Without the length one would have to reach back by the longest interval there could be, a week and
/// two days, and walk through all that began since. There are few lengths: an event type has at most 20 durations. Where each interval
/// may have a length of its own, a column has it rounded up to one of a few.
macro_rules! lengths {
    ($owner:literal, $table:literal, $column:literal) => {
        lengths!($owner, $table, $column, "t.ends_at - t.starts_at")
    };
    ($owner:literal, $table:literal, $column:literal, $length:literal) => {
        concat!(
            "lengths AS (SELECT w.organization_id, w.",
            $owner,
            ", w.from_at, w.to_at, CAST(0 AS BIGINT) AS length FROM wanted AS w
             UNION ALL SELECT l.organization_id, l.",
            $owner,
            ", l.from_at, l.to_at, (
                 SELECT ",
            $length,
            " FROM ",
            $table,
            " AS t
                 WHERE t.organization_id = l.organization_id AND t.",
            $column,
            " = l.",
            $owner,
            " AND ",
            $length,
            " > l.length AND ",
            $length,
            " > 0
                 ORDER BY ",
            $length,
            " LIMIT 1)
             FROM lengths AS l WHERE l.length IS NOT NULL)"
        )
    };
}

/// Declares the statements of a file, each a constant text, and collects them for the test that prepares each on both databases.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        statements!(STATEMENTS: $($(#[$doc])* $name = $text;)+);
    };
    ($list:ident: $($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* const $name: &str = $text;)+
        /// Every statement of this file.
        pub(in crate::store) const $list: &[&str] = &[$($name),+];
    };
}

/// Declares rows as a statement returns them; columns are found by name.
macro_rules! rows {
    ($($(#[$doc:meta])* struct $name:ident { $($column:ident: $type:ty,)+ })+) => {$(
        $(#[$doc])*
        pub(in crate::store) struct $name { $(pub(in crate::store) $column: $type,)+ }

        impl sqlx::FromRow<'_, sqlx::sqlite::SqliteRow> for $name {
            fn from_row(row: &sqlx::sqlite::SqliteRow) -> sqlx::Result<Self> {
                use sqlx::Row;
                Ok(Self { $($column: row.try_get(stringify!($column))?,)+ })
            }
        }

        impl sqlx::FromRow<'_, sqlx::postgres::PgRow> for $name {
            fn from_row(row: &sqlx::postgres::PgRow) -> sqlx::Result<Self> {
                use sqlx::Row;
                Ok(Self { $($column: row.try_get(stringify!($column))?,)+ })
            }
        }
    )+};
}
