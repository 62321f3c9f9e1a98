//! `holdfast export` and `holdfast import`: an organization moves from one database to another.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use booking_component::store::export_import::{ExportImportError, Summary, export, import};
use booking_component::{open_and_lock_store, open_store};
use booking_domain::text::Slug;

use crate::cli::{Export, Import};

/// What can go wrong; it ends the program, and is only shown.
type Failure = Box<dyn std::error::Error>;

/// Exports an organization, and says what was written.
///
/// # Errors
/// The file is there already, there is no such organization, or something cannot be read or written.
pub async fn run_export(asked: Export) -> Result<String, Failure> {
    let store = open_store(&asked.database.database_url).await?;
    let slug = Slug::parse(&asked.organization)?;
    let moved = match &asked.output {
        Some(path) => export(&store, &slug, &mut BufWriter::new(private(path).map_err(at(path))?)).await,
        None => export(&store, &slug, &mut BufWriter::new(std::io::stdout())).await,
    };
    store.close().await;
    told("exported", moved)
}

/// Imports an organization, and says what arrived.
///
/// # Errors
/// What is read is no whole export, the organization is there already, or the database fails; then nothing is changed.
pub async fn run_import(asked: Import) -> Result<String, Failure> {
    // A server that works on the same file would go on with what it remembers of it.
    let store = open_and_lock_store(&asked.database.database_url).await?;
    let moved = match &asked.input {
        Some(path) => import(&store, &mut BufReader::new(File::open(path).map_err(at(path))?)).await,
        None => import(&store, &mut BufReader::new(std::io::stdin())).await,
    };
    store.close().await;
    told("imported and verified", moved)
}

/// A new file that its owner alone can read: an export holds what people have said.
fn private(path: &Path) -> Result<File, std::io::Error> {
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> String {
    move |error| format!("{}: {error}", path.display())
}

fn told(what: &str, moved: Result<Summary, ExportImportError>) -> Result<String, Failure> {
    let Summary { rows, sha256 } = moved?;
    Ok(format!("{what}: {rows} rows, sha256 {sha256}\n"))
}
