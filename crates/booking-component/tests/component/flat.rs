//! What a call costs does not depend on what is stored.
//!
//! Each call is made beside few rows and beside a hundred thousand of everything, in the same surroundings, so that it finds and
//! changes the same; the databases themselves count what each statement visits. A statement that visits more beside more finds its
//! rows by walking past others.

mod calls;
mod meter;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use booking_component::store::{POSTGRES_STATEMENTS, statements};

use self::calls::{ByCall, make_each_call};
use self::world::World;

/// Rows of each kind beside which a call is cheap, whatever it does.
const FEW: i64 = 2_000;
/// Rows of each kind beside which it has to cost the same.
const MANY: i64 = 100_000;

/// How much more a statement may visit beside many rows: `times` what it visits beside few, and `more`.
#[derive(Clone, Copy)]
struct Allowance {
    times: u64,
    more: u64,
}

/// An index over more rows is deeper, and pages and notes of rows come and go. A walk over a thousandth of the rows is more than that.
const STEPS: Allowance = Allowance { times: 2, more: 300 };
const ROWS_AND_PAGES: Allowance = Allowance { times: 2, more: 120 };

/// What the statements that are for all have in them.
const FOR_ALL: &[&str] = &[
    "unindexed_bookings",
    "FROM presence AS p WHERE true",
    "SET expires_at = w.expires_at",
    "ORDER BY p.organization_id, p.id",
    "h.presence_id = p.id WHERE p.organization_id = $1",
    "FROM organizations ORDER BY id",
    "INSERT INTO organizations",
    "DELETE FROM api_keys WHERE organization_id",
    "DELETE FROM idempotency WHERE organization_id",
    "DELETE FROM organizations",
    "armed",
    "LOCK TABLE",
    "CROSS JOIN moment",
    "FROM clock",
    "INTO clock",
    "joined_at + $1",
    "expires_at + $1",
    "until_at + $1",
    "created_at + $1",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_costs_no_call_anything_on_sqlite() {
    let (mut few, mut many) = (World::on_sqlite(FEW).await, World::on_sqlite(MANY).await);
    compare((&mut few, &mut many), statements(), STEPS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_stored_costs_no_call_anything_on_postgres() {
    let (mut few, mut many) = (World::on_postgres(FEW).await, World::on_postgres(MANY).await);
    compare((&mut few, &mut many), statements().chain(POSTGRES_STATEMENTS.iter().copied()), ROWS_AND_PAGES).await;
}

/// Never analyzed, as a new database is, and analyzed, as it becomes.
async fn compare(
    (few, many): (&mut World, &mut World),
    known: impl Iterator<Item = &'static str>,
    allowance: Allowance,
) {
    let mut findings = Vec::new();
    let mut ran = BTreeSet::new();
    for state in ["never analyzed", "analyzed"] {
        let (cheap, seen) = (make_each_call(few).await, make_each_call(many).await);
        let found = dearer(&cheap, &seen, allowance);
        findings.extend(found.into_iter().map(|finding| format!("{state}: {finding}")));
        ran.extend(seen.into_iter().flat_map(|(_, statements)| statements.into_keys()));
        few.analyze().await;
        many.analyze().await;
    }
    let unknown: Vec<_> = known.filter(|text| !ran.contains(*text) && !is_for_all(text)).collect();
    assert!(findings.is_empty(), "{} statements walk:\n\n{}", findings.len(), findings.join("\n\n"));
    assert!(unknown.is_empty(), "no call ran:\n\n{}", unknown.join("\n\n"));
}

/// Whether a statement is about all that is stored, or all tenants: at a start, an end, or a move to another database.
fn is_for_all(statement: &str) -> bool {
    FOR_ALL.iter().any(|part| statement.contains(part))
}

/// The statements that visit more beside many rows.
fn dearer(few: &ByCall, many: &ByCall, allowance: Allowance) -> Vec<String> {
    let mut most: BTreeMap<&str, u64> = BTreeMap::new();
    for (statement, visits) in few.iter().flat_map(|(_, statements)| statements) {
        let known = most.entry(statement).or_default();
        *known = (*known).max(visits.each());
    }
    let mut findings = Vec::new();
    for (call, seen) in many {
        for (statement, visits) in seen {
            let cheap = few.iter().filter(|(name, _)| name == call).filter_map(|(_, seen)| seen.get(statement));
            let known = cheap.map(|visits| visits.each()).max();
            let known = known.or_else(|| most.get(statement.as_str()).copied()).unwrap_or_default();
            if visits.each() > known * allowance.times + allowance.more {
                findings.push(format!("{call}: {} instead of {known}\n{statement}", visits.each()));
            }
        }
    }
    findings
}
