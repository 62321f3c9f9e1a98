//! The indexes along which lists of bookings are read, each a statement with the same parameters.

use booking_domain::booking::BookingFilter;

use crate::store::Tx;

/// What each statement gives: a booking on its way, and whether it fits the filter. Which text it has is for the reader to judge.
/// (No `EXISTS`: PostgreSQL may take that for a reason to read all that the resource ever had.)
macro_rules! seen {
    ($list:literal, $from:expr) => {
        concat!(
            "SELECT ", $list, " AS list, b.starts_at, b.id, b.search_text,
             (b.status = $5 OR $5 IS NULL) AND (b.event_type_id = $6 OR $6 IS NULL) AND (b.email_key = $7 OR $7 IS NULL)
             AND ((SELECT q.resource_id FROM booking_resources AS q WHERE q.organization_id = b.organization_id
                AND q.booking_id = b.id AND q.resource_id = $8) IS NOT NULL OR $8 IS NULL) AS fits FROM ",
            $from
        )
    };
}

/// Along an index that begins with what is asked (`$which`) and goes on with a start and an id.
macro_rules! along {
    ($tables:expr, $which:expr, ($start:literal, $id:literal)) => {
        seen!(
            "''",
            concat!(
                $tables,
                " WHERE b.organization_id = $1",
                $which,
                " AND (",
                $start,
                ", ",
                $id,
                ") > ($2, $3) AND ",
                $start,
                " < $4
                 ORDER BY ",
                $start,
                ", ",
                $id,
                " LIMIT $9"
            )
        )
    };
}

macro_rules! along_bookings {
    ($index:literal, $which:literal) => {
        Text {
            sqlite: along!(concat!("bookings AS b INDEXED BY ", $index), $which, ("b.starts_at", "b.id")),
            postgres: along!("bookings AS b", $which, ("b.starts_at", "b.id")),
        }
    };
}

macro_rules! along_resources {
    ($index:literal, $which:literal) => {
        Text {
            sqlite: along_resources!(of concat!("booking_resources AS r INDEXED BY ", $index), $which),
            postgres: along_resources!(of "booking_resources AS r", $which),
        }
    };
    (of $table:expr, $which:literal) => {
        // The page is cut first: then no planner can begin with the bookings.
        seen!(
            "''",
            concat!(
                "(SELECT r.starts_at, r.booking_id FROM ",
                $table,
                " WHERE r.organization_id = $1",
                $which,
                " AND (r.starts_at, r.booking_id) > ($2, $3) AND r.starts_at < $4
                 ORDER BY r.starts_at, r.booking_id LIMIT $9) AS r
                 CROSS JOIN bookings AS b WHERE b.organization_id = $1 AND b.id = r.booking_id
                 ORDER BY r.starts_at, r.booking_id"
            )
        )
    };
}

/// Of each length that there is, bookings that have begun within it before `$10` and so have not ended by then. An event type has
/// at most 20 durations, so there are few lengths; and no more is going on at once than there are units to take.
macro_rules! underway {
    ($index:literal, $of_each_length:expr) => {
        concat!(
            "WITH RECURSIVE lengths (length) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT (
                 SELECT t.ends_at - t.starts_at FROM bookings AS t ",
            $index,
            " WHERE t.organization_id = $1
                   AND t.ends_at - t.starts_at > l.length AND t.ends_at - t.starts_at > 0
                 ORDER BY t.ends_at - t.starts_at LIMIT 1)
             FROM lengths AS l WHERE l.length IS NOT NULL) ",
            seen!("''", concat!("lengths AS l CROSS JOIN ", $of_each_length, " ORDER BY b.starts_at, b.id LIMIT $9"))
        )
    };
}

/// Those of the length `l`. Where the last page ended is no range of an index, so that nobody takes it for the better one.
macro_rules! of_length {
    () => {
        " WHERE b.organization_id = $1 AND b.ends_at - b.starts_at = l.length AND b.ends_at - b.starts_at > 0
            AND b.starts_at > $10 - l.length AND b.starts_at < $10 AND b.starts_at < $4 AND (b.starts_at + 0, b.id) > ($2, $3)"
    };
}

/// The next bookings with the word `w`.
macro_rules! next_of_word {
    () => {
        "SELECT p.starts_at, p.booking_id FROM booking_words AS p
         WHERE p.organization_id = $1 AND p.word = w.value ->> 'id' AND (p.starts_at, p.booking_id) > ($2, $3) AND p.starts_at < $4
         ORDER BY p.starts_at, p.booking_id LIMIT $9"
    };
}

/// Of each word in `$10`, the next bookings: a list for each.
macro_rules! by_words {
    ($next:expr, $id:literal) => {
        seen!(
            "w.value ->> 'id'",
            concat!(
                "json_each($10) AS w CROSS JOIN ",
                $next,
                " CROSS JOIN bookings AS b WHERE b.organization_id = $1 AND b.id = ",
                $id
            )
        )
    };
}

/// A statement, for each database. SQLite is told which index to read along: it takes a range of starts for as narrow as a rare
/// status or an unknown address.
pub(in crate::store) struct Text {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Text {
    /// For the database of this transaction.
    pub(super) const fn on(&self, tx: &Tx) -> &'static str {
        match tx {
            Tx::Sqlite(_) => self.sqlite,
            Tx::Postgres(_) => self.postgres,
        }
    }
}

macro_rules! texts {
    ($($name:ident = $text:expr;)+) => {
        $(pub(super) static $name: Text = $text;)+
        /// The statements for SQLite.
        pub const SQLITE_LISTS: &[&str] = &[$(const { $text }.sqlite),+];
        /// The same for PostgreSQL.
        pub const POSTGRES_LISTS: &[&str] = &[$(const { $text }.postgres),+];
    };
}

texts! {
    BY_START = along_bookings!("bookings_by_start", "");
    BY_STATUS = along_bookings!("bookings_by_status", " AND b.status = $5");
    BY_EVENT_TYPE = along_bookings!("bookings_by_event_type", " AND b.event_type_id = $6");
    BY_EVENT_TYPE_AND_STATUS =
        along_bookings!("bookings_by_event_type_and_status", " AND b.event_type_id = $6 AND b.status = $5");
    BY_EMAIL = along_bookings!("bookings_by_email", " AND b.email_key = $7");
    BY_EMAIL_AND_STATUS = along_bookings!("bookings_by_email_and_status", " AND b.email_key = $7 AND b.status = $5");
    BY_RESOURCE = along_resources!("booking_resources_by_resource", " AND r.resource_id = $8");
    BY_RESOURCE_AND_STATUS =
        along_resources!("booking_resources_by_status", " AND r.resource_id = $8 AND r.status = $5");
    UNDERWAY = Text {
        sqlite: underway!(
            "INDEXED BY bookings_by_length",
            concat!("bookings AS b INDEXED BY bookings_by_length", of_length!())
        ),
        postgres: underway!(
            "",
            concat!(
                "LATERAL (SELECT b.* FROM bookings AS b", of_length!(), " ORDER BY b.starts_at, b.id LIMIT $9) AS b"
            )
        ),
    };
    BY_WORDS = Text {
        // No subquery of a `FROM` sees what stands beside it, but the argument of a function does.
        sqlite: by_words!(
            concat!(
                "json_each((SELECT json_group_array(json_array(p.starts_at, hex(p.booking_id)))
                 FROM (", next_of_word!(), ") AS p)) AS e"
            ),
            "unhex(e.value ->> 1)"
        ),
        postgres: by_words!(concat!("LATERAL (", next_of_word!(), ") AS p"), "p.booking_id"),
    };
}

/// The statements whose indexes begin with what the filter asks: one for each thing it names, with the status beside it.
pub(super) fn along(filter: &BookingFilter) -> Vec<&'static Text> {
    let choose =
        |named: bool, alone, with_status| named.then_some(if filter.status.is_some() { with_status } else { alone });
    let named = [
        choose(filter.email.is_some(), &BY_EMAIL, &BY_EMAIL_AND_STATUS),
        choose(filter.resource_id.is_some(), &BY_RESOURCE, &BY_RESOURCE_AND_STATUS),
        choose(filter.event_type_id.is_some(), &BY_EVENT_TYPE, &BY_EVENT_TYPE_AND_STATUS),
    ];
    let named: Vec<_> = named.into_iter().flatten().collect();
    if named.is_empty() { choose(true, &BY_START, &BY_STATUS).into_iter().collect() } else { named }
}
