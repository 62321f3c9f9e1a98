//! Export and import: an organization goes from one store to another, whole and verified.
//!
//! What is written is JSON Lines (one JSON value a line, UTF-8): a heading, one line for each row, and a closing line with the
//! number of rows and the SHA-256 of their lines. Whoever reads it accepts nothing without that closing line, and reads back what
//! it wrote before it commits.

pub mod tables;

use std::io::{BufRead, Read, Write};

use booking_domain::id::OrganizationId;
use booking_domain::text::Slug;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::store::bookings::index_arrived;
use crate::store::export_import::tables::{TABLES, Table, insert, is_used, read_all, remove_unused};
use crate::store::{Store, StoreError, Tx, organizations};

/// The version of what is written.
const FORMAT: u32 = 1;
/// Rows inserted by one statement.
const TOGETHER: usize = 500;
/// The longest line that is read, in bytes: a booking with all that one may say in it is far shorter.
const LINE_BYTES: u64 = 4 * 1024 * 1024;

/// Why an organization does not move.
#[derive(Debug, thiserror::Error)]
pub enum ExportImportError {
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] StoreError),
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// There is no such organization.
    #[error("there is no organization `{0}`")]
    NotFound(Slug),
    /// An organization of this name is there already, and in use.
    #[error("the organization `{0}` is there already, with resources, schedules or bookings; nothing was imported")]
    InTheWay(Slug),
    /// A line is none of an export.
    #[error("line {0} is not a line of an export: {1}")]
    Line(usize, String),
    /// What was read is not all that was written, or was changed.
    #[error("the export is incomplete or was changed: {0}; nothing was imported")]
    Incomplete(&'static str),
    /// What arrived is not what was read.
    #[error("what arrived in the store differs from what was read; nothing was imported")]
    Differs,
}

/// What moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// How many rows.
    pub rows: u64,
    /// The SHA-256 of their lines, in hexadecimal digits.
    pub sha256: String,
}

/// A line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// The first.
    Holdfast { format: u32, organization: String },
    /// A row of a table.
    Row { table: String, row: Value },
    /// The last.
    End(Summary),
}

/// Counts and hashes rows as they pass.
#[derive(Default)]
struct Tally {
    rows: u64,
    hash: Sha256,
}

impl Tally {
    fn count(&mut self, line: &str) {
        self.rows += 1;
        self.hash.update(line.as_bytes());
        self.hash.update(b"\n");
    }

    fn summary(self) -> Summary {
        Summary { rows: self.rows, sha256: hex::encode(self.hash.finalize()) }
    }
}

fn line_of(line: &Line) -> Result<String, StoreError> {
    serde_json::to_string(line).map_err(|error| StoreError::Corrupt { table: "export", why: error.to_string() })
}

/// Writes an organization, as it is at one moment.
///
/// # Errors
/// There is no such organization, or it cannot be read or written.
pub async fn export(store: &Store, slug: &Slug, to: &mut (impl Write + Send)) -> Result<Summary, ExportImportError> {
    let mut tx = store.read().await?;
    let found = organizations::find_by_slug(&mut tx, slug).await?;
    let organization = found.ok_or_else(|| ExportImportError::NotFound(slug.clone()))?.id;
    writeln!(to, "{}", line_of(&Line::Holdfast { format: FORMAT, organization: slug.to_string() })?)?;
    let mut failed = Ok(());
    let summary = tally(&mut tx, organization, |line| {
        if failed.is_ok() {
            failed = writeln!(to, "{line}");
        }
    });
    let summary = summary.await?;
    failed?;
    writeln!(to, "{}", line_of(&Line::End(summary.clone()))?)?;
    to.flush()?;
    Ok(summary)
}

/// Passes every row of the organization by, as a line, and tallies them.
async fn tally(
    tx: &mut Tx,
    organization: OrganizationId,
    mut show: impl FnMut(&str) + Send,
) -> Result<Summary, StoreError> {
    let mut tally = Tally::default();
    for table in TABLES {
        let take = |row| {
            let line = line_of(&Line::Row { table: table.name.to_owned(), row })?;
            tally.count(&line);
            show(&line);
            Ok(())
        };
        read_all(tx, (table, organization), take).await?;
    }
    Ok(tally.summary())
}

/// Reads an organization into this store. An organization of the same name that was never used gives way to it.
///
/// # Errors
/// The export is damaged, the organization is there already, or the store fails; then nothing is changed.
pub async fn import(store: &Store, from: &mut (impl BufRead + Send)) -> Result<Summary, ExportImportError> {
    let mut lines = Lines { from, number: 0 };
    let slug = match lines.next()? {
        Some((_, Line::Holdfast { format: FORMAT, organization })) => {
            Slug::parse(&organization).map_err(|wrong| ExportImportError::Line(1, wrong.0.to_owned()))?
        }
        Some((_, Line::Holdfast { format, .. })) => {
            return Err(ExportImportError::Line(1, format!("format {format} is not known here")));
        }
        _ => return Err(ExportImportError::Line(1, "it does not begin as an export".to_owned())),
    };
    let mut tx = store.write().await?;
    make_way(&mut tx, &slug).await?;
    let (said, expected) = read_rows(&mut tx, &mut lines).await?;
    let organization =
        organizations::find_by_slug(&mut tx, &slug).await?.ok_or(ExportImportError::Incomplete("no organization"))?;
    index_arrived(&mut tx, organization.id).await?;
    if tally(&mut tx, organization.id, |_| {}).await? != expected {
        return Err(ExportImportError::Differs);
    }
    tx.commit().await?;
    Ok(said)
}

async fn make_way(tx: &mut Tx, slug: &Slug) -> Result<(), ExportImportError> {
    let Some(found) = organizations::find_by_slug(tx, slug).await? else { return Ok(()) };
    if is_used(tx, found.id).await? {
        return Err(ExportImportError::InTheWay(slug.clone()));
    }
    Ok(remove_unused(tx, found.id).await?)
}

/// Inserts every row, and gives what the closing line says of them, if it is true; and what is to be found in the store, which has
/// more columns than an older version wrote.
async fn read_rows<R: BufRead>(tx: &mut Tx, lines: &mut Lines<'_, R>) -> Result<(Summary, Summary), ExportImportError> {
    let (mut tally, mut expected) = (Tally::default(), Tally::default());
    let mut waiting: Vec<Value> = Vec::with_capacity(TOGETHER);
    let mut of: Option<&Table> = None;
    loop {
        let (text, line) = lines.next()?.ok_or(ExportImportError::Incomplete("it ends too early"))?;
        let table = match &line {
            Line::Row { table, .. } => Some(Table::named(table).ok_or_else(|| lines.wrong("an unknown table"))?),
            Line::End(_) => None,
            Line::Holdfast { .. } => return Err(lines.wrong("a second beginning")),
        };
        let changes = of.map(|table| table.name) != table.map(|table| table.name);
        if let Some(full) = of.filter(|_| changes || waiting.len() == TOGETHER) {
            insert(tx, full, &waiting).await.map_err(of_rows)?;
            waiting.clear();
        }
        of = table;
        match line {
            Line::Row { table, row } => {
                tally.count(&text);
                let complete =
                    of.and_then(|table| table.completed(row)).ok_or_else(|| lines.wrong("an unknown column"))?;
                expected.count(&line_of(&Line::Row { table, row: complete.clone() })?);
                waiting.push(complete);
            }
            Line::End(said) if said == tally.summary() => {
                return if lines.is_at_end()? {
                    Ok((said, expected.summary()))
                } else {
                    Err(ExportImportError::Incomplete("something follows its end"))
                };
            }
            _ => return Err(ExportImportError::Incomplete("its rows are not those that it counted")),
        }
    }
}

/// Rows that were written as they were cannot be in each other's way.
fn of_rows(failure: StoreError) -> ExportImportError {
    match failure {
        StoreError::Conflict(_) | StoreError::Overlap => {
            ExportImportError::Incomplete("its rows do not belong together")
        }
        other => ExportImportError::Store(other),
    }
}

/// Reads lines, none longer than `LINE_BYTES`.
struct Lines<'a, R> {
    from: &'a mut R,
    number: usize,
}

impl<R: BufRead> Lines<'_, R> {
    fn next(&mut self) -> Result<Option<(String, Line)>, ExportImportError> {
        let mut text = String::new();
        self.number += 1;
        if self.from.by_ref().take(LINE_BYTES).read_line(&mut text)? == 0 {
            return Ok(None);
        }
        let text = text.trim_end().to_owned();
        let line = serde_json::from_str(&text).map_err(|error| self.wrong(&error.to_string()))?;
        Ok(Some((text, line)))
    }

    fn is_at_end(&mut self) -> Result<bool, ExportImportError> {
        Ok(self.from.fill_buf()?.is_empty())
    }

    fn wrong(&self, why: &str) -> ExportImportError {
        ExportImportError::Line(self.number, why.to_owned())
    }
}
