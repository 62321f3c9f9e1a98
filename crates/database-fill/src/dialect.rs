//! What the two databases say differently, as pieces of a statement that is otherwise one text.

use std::ops::Range;

use uuid::Uuid;

/// A database's way of saying things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Rows `n` of these numbers, as a table of a `FROM`.
    pub(crate) fn numbers(self, Range { start, end }: Range<i64>) -> String {
        match self {
            Self::Sqlite => format!(
                "(WITH RECURSIVE numbers (n) AS (SELECT {start} UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {end})
                 SELECT n FROM numbers WHERE n < {end}) AS numbers"
            ),
            Self::Postgres => format!("generate_series({start}::bigint, {end}::bigint - 1) AS numbers (n)"),
        }
    }

    /// A number as so many hexadecimal digits.
    fn hex(self, number: &str, digits: u8) -> String {
        match self {
            Self::Sqlite => format!("printf('%0{digits}x', {number})"),
            Self::Postgres => format!("lpad(to_hex({number}), {digits}, '0')"),
        }
    }

    /// The text of an id as `crate::ids` makes them, of the moment and the number that these expressions give.
    pub(crate) fn id_text(self, prefix: &str, ms: &str, n: &str) -> String {
        let (high, low) = (self.hex(&format!("({ms}) / 65536"), 8), self.hex(&format!("({ms}) % 65536"), 4));
        format!("{high} || '-' || {low} || '-{prefix}-' || {}", self.hex(n, 12))
    }

    /// The id that this text is.
    pub(crate) fn id_of(self, text: &str) -> String {
        match self {
            Self::Sqlite => format!("unhex({text}, '-')"),
            Self::Postgres => format!("({text})::uuid"),
        }
    }

    /// An id, written out.
    pub(crate) fn id(self, id: Uuid) -> String {
        match self {
            Self::Sqlite => format!("x'{}'", id.simple()),
            Self::Postgres => format!("'{id}'::uuid"),
        }
    }

    /// 32 bytes that look random and differ for each purpose and number: what a hash is like.
    pub(crate) fn digest(self, purpose: u32, n: &str) -> String {
        let part = |factor: u32| {
            let mixed = format!("(({n}) * {factor} + {purpose} * 2246822519) % 4294967296");
            self.hex(&mixed, 8)
        };
        let parts = [2_654_435_761, 3_266_489_917, 668_265_263, 374_761_393, 1_597_334_677, 2_870_177_451].map(part);
        let digits =
            format!("{} || {}", parts.join(" || "), self.hex(&format!("({n}) + {purpose} * 1099511627776"), 16));
        match self {
            Self::Sqlite => format!("unhex({digits})"),
            Self::Postgres => format!("decode({digits}, 'hex')"),
        }
    }
}
