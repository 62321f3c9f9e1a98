//! What PostgreSQL alone can do: claims inserted under the same constraint, measured by its own benchmark.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{process, server, tools};

const SECONDS: &str = "5";

/// The table of claims with nothing around it, and slots that never overlap.
const TABLE: &str = "CREATE EXTENSION IF NOT EXISTS btree_gist;
    CREATE SEQUENCE slots CACHE 100;
    CREATE TABLE bare_claims (
        organization_id uuid NOT NULL, resource_id uuid NOT NULL, unit bigint NOT NULL, starts_at bigint NOT NULL,
        ends_at bigint NOT NULL, slot_starts_at bigint NOT NULL, slot_ends_at bigint NOT NULL, kind text NOT NULL, owner uuid,
        during int8range NOT NULL GENERATED ALWAYS AS (int8range(starts_at, ends_at)) STORED,
        EXCLUDE USING gist (organization_id WITH =, resource_id WITH =, unit WITH =, during WITH &&),
        PRIMARY KEY (organization_id, resource_id, unit, starts_at))";

/// One claim: each client has a resource of its own.
const CLAIM: &str = "INSERT INTO bare_claims SELECT '01890000-0000-7000-8000-000000000000', md5(:client_id::text)::uuid, 1,
    s * 900000, s * 900000 + 900000, s * 900000, s * 900000 + 900000, 'hold', md5(s::text)::uuid FROM nextval('slots') AS s;
";

/// A database to be measured without a server before it.
pub(super) struct Bare {
    url: String,
    folder: PathBuf,
}

impl Bare {
    /// Makes the table.
    pub(super) fn make(url: String) -> Result<Self> {
        let psql = tools::POSTGRES.beside("psql")?;
        process::output(&mut process::command(&psql, &["-q", "-d", &url, "-c", TABLE]))?;
        let folder = server::throw_away_folder("pgbench")?;
        fs::write(folder.join("claim.sql"), CLAIM)?;
        Ok(Self { url, folder })
    }

    /// Claims a second by so many clients, one transaction each.
    pub(super) fn claims_per_second(&self, clients: usize) -> Result<f64> {
        let (pgbench, clients) = (tools::POSTGRES.beside("pgbench")?, clients.to_string());
        let script = self.folder.join("claim.sql");
        let how = ["--no-vacuum", "--protocol=prepared", "-T", SECONDS, "-j", "2", "-c", &clients, "-f"];
        let mut command = process::command(&pgbench, &how);
        let told = process::output(command.arg(script).arg(&self.url))?;
        rate(&told).with_context(|| format!("pgbench told no rate: {told}"))
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // A folder among the temporary files that stays is no harm.
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// The rate in the line `tps = 1234.5 (without initial connection time)`.
fn rate(told: &str) -> Option<f64> {
    told.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_read_from_the_report() {
        assert_eq!(rate("latency average = 3 ms\ntps = 1234.5 (without initial connection time)\n"), Some(1_234.5));
        assert_eq!(rate("nothing"), None);
    }
}
