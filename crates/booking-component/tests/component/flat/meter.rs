//! How much each statement visits, counted by the database itself.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use booking_component::store::{Store, StoreSettings, Tx};
use serde_json::Value;
use sqlx::Row;

/// What a statement visited. It counts for itself: SQLite in steps of its virtual machine, PostgreSQL in rows and pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Visits {
    /// How often it ran.
    pub runs: u64,
    /// What all those runs visited.
    pub visited: u64,
}

impl Visits {
    /// What one run visited.
    pub(super) fn each(self) -> u64 {
        self.visited.div_ceil(self.runs.max(1))
    }

    fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.visited += other.visited;
    }
}

/// What each statement visited, by its text.
pub(super) type ByStatement = BTreeMap<String, Visits>;

/// Counts what the statements of a store visit.
pub(super) enum Meter {
    /// Each connection of SQLite keeps the counts of its prepared statements.
    Sqlite { store: Store, before: ByStatement },
    /// PostgreSQL writes the plan of each statement, with what it did, into its log.
    Postgres { log: PathBuf, read: u64 },
}

/// One connection that reads and one that writes: they are asked what they did.
pub(super) const SETTINGS: StoreSettings =
    StoreSettings { readers: 1, connections: 8, patience: std::time::Duration::from_secs(20) };

/// What a database of PostgreSQL is told, so that its log tells what each statement visits. Nobody analyzes anything by himself.
pub(super) const POSTGRES_SETTINGS: [(&str, &str); 7] = [
    ("session_preload_libraries", "auto_explain"),
    ("auto_explain.log_min_duration", "0"),
    ("auto_explain.log_analyze", "on"),
    ("auto_explain.log_buffers", "on"),
    ("auto_explain.log_timing", "off"),
    ("auto_explain.log_nested_statements", "on"),
    ("auto_explain.log_format", "json"),
];

/// How a plan ends in the log.
const END_OF_PLAN: &str = "\n\t}\n";

const SQLITE_COUNTS: &str = "SELECT sql, CAST(SUM(run) AS BIGINT) AS runs, CAST(SUM(nstep) AS BIGINT) AS steps
    FROM sqlite_stmt WHERE sql NOT LIKE '%sqlite_stmt%' GROUP BY sql";

impl Meter {
    /// Begins to count on this store.
    pub(super) async fn on_sqlite(store: Store) -> Self {
        let before = sqlite_counts(&store).await;
        Self::Sqlite { store, before }
    }

    /// Begins to count what this log tells from now on.
    pub(super) fn on_postgres(log: PathBuf) -> Self {
        let read = std::fs::metadata(&log).unwrap().len();
        Self::Postgres { log, read }
    }

    /// What was visited since the last time.
    pub(super) async fn take(&mut self) -> ByStatement {
        match self {
            Self::Sqlite { store, before } => {
                let now = sqlite_counts(store).await;
                let since = now.iter().map(|(statement, now)| {
                    let then = before.get(statement).copied().unwrap_or_default();
                    // A statement that was forgotten meanwhile, and prepared again, has begun to count again.
                    let then = if then.runs > now.runs { Visits::default() } else { then };
                    (statement.clone(), Visits { runs: now.runs - then.runs, visited: now.visited - then.visited })
                });
                let since = since.filter(|(_, visits)| visits.runs > 0).collect();
                *before = now;
                since
            }
            Self::Postgres { log, read } => {
                let mut file = std::fs::File::open(log).unwrap();
                file.seek(SeekFrom::Start(*read)).unwrap();
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                // Somebody may be in the middle of a plan: it is read the next time.
                text.truncate(text.rfind(END_OF_PLAN).map_or(0, |at| at + END_OF_PLAN.len()));
                *read += text.len() as u64;
                plans(&text)
            }
        }
    }
}

async fn sqlite_counts(store: &Store) -> ByStatement {
    let mut counts = ByStatement::new();
    for tx in [store.read().await.unwrap(), store.write().await.unwrap()] {
        let Tx::Sqlite(mut tx) = tx else { panic!("this is not SQLite") };
        for row in sqlx::query(SQLITE_COUNTS).fetch_all(&mut *tx).await.unwrap() {
            let count = |column| u64::try_from(row.get::<i64, _>(column)).unwrap();
            let visits = Visits { runs: count("runs"), visited: count("steps") };
            counts.entry(row.get("sql")).or_default().add(visits);
        }
    }
    counts
}

/// The plans in a log, each of which follows its heading in lines that begin with a tab.
fn plans(log: &str) -> ByStatement {
    let mut counts = ByStatement::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.ends_with("plan:") {
            continue;
        }
        let mut plan = String::new();
        while let Some(line) = lines.next_if(|line| line.starts_with('\t')) {
            plan.push_str(line);
        }
        let plan: Value = serde_json::from_str(&plan).unwrap_or_else(|error| panic!("{error}: {plan}"));
        let statement = plan["Query Text"].as_str().unwrap().to_owned();
        counts
            .entry(statement)
            .or_default()
            .add(Visits { runs: 1, visited: visited(&plan["Plan"]) + pages(&plan["Plan"]) });
    }
    counts
}

/// The pages that were looked at, by the whole plan: what an index is walked through in vain shows in nothing else.
fn pages(plan: &Value) -> u64 {
    ["Shared Hit Blocks", "Shared Read Blocks"].iter().filter_map(|name| plan[*name].as_u64()).sum()
}

/// The rows that a node of a plan, and those below it, gave or looked at in vain.
fn visited(node: &Value) -> u64 {
    let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
    let of_each_loop = number("Actual Rows")
        + number("Rows Removed by Filter")
        + number("Rows Removed by Index Recheck")
        + number("Rows Removed by Join Filter");
    let here = (of_each_loop * number("Actual Loops")) as u64;
    let below = node["Plans"].as_array().into_iter().flatten().map(visited);
    here + below.sum::<u64>()
}
