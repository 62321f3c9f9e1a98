//! Blocks: when resources are closed. Whoever writes one has locked its resource, so that what is decided by it waits.

use booking_domain::block::{Block, BlockSpec};
use booking_domain::id::{BlockId, OrganizationId, ResourceId};
use booking_domain::interval::Interval;
use booking_domain::page::Page;
use booking_domain::request::{BlockRef, ListBlocks};
use booking_domain::schedule::Stamp;
use booking_domain::text::{Name, Prose};
use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::{query, query_as};
use uuid::Uuid;

use super::columns::{At, ResourceRange, id_list, json};
use super::pages::{after_start, page_of, rows_to_read, start_token};
use super::{StoreError, Tx};

const TABLE: &str = "blocks";
const MINUTE_MS: u64 = 60_000;
/// Before the start of all that can be stored.
const FIRST: DateTime<Utc> = DateTime::<Utc>::MIN_UTC;
/// After it.
const LAST: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

rows! {
    struct BlockRow {
        id: Uuid,
        resource_id: Uuid,
        starts_at: At,
        ends_at: At,
        reason: String,
        source: Option<String>,
        external_id: Option<String>,
        created_at: At,
        updated_at: At,
        version: i64,
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.resource_id, b.starts_at, b.ends_at, b.reason, b.source, b.external_id, b.created_at, b.updated_at,
             b.version FROM ",
            $rest
        )
    };
}

statements! {
    BUSY = concat!("WITH RECURSIVE ", wanted!("$2": id "resource", number "from_at", number "to_at"), ", ",
        lengths!("resource", "blocks", "resource_id", "t.reach"), "
        SELECT b.resource_id, b.starts_at, b.ends_at FROM lengths AS l CROSS JOIN blocks AS b
        WHERE b.organization_id = l.organization_id AND b.resource_id = l.resource AND b.reach = l.length AND b.reach > 0
          AND b.starts_at > l.from_at - l.length AND b.starts_at < l.to_at AND b.ends_at > l.from_at");
    FIND = select!("blocks AS b WHERE b.organization_id = $1 AND b.id = $2 AND b.resource_id = $3");
    FIND_BY_EXTERNAL_IDS = with_wanted!("$2": text "id"; select!("wanted AS w CROSS JOIN blocks AS b
        WHERE b.organization_id = w.organization_id AND b.external_id = w.id"));
    LIST = select!("blocks AS b WHERE b.organization_id = $1 AND b.resource_id = $2 AND (b.starts_at, b.id) > ($3, $4)
        AND b.starts_at < $5 AND b.ends_at > $6 ORDER BY b.starts_at, b.id LIMIT $7");
    OF_SOURCE = select!("blocks AS b WHERE b.organization_id = $1 AND b.resource_id = $2 AND b.source = $3
        AND b.starts_at >= $4 AND b.starts_at < $5 ORDER BY b.starts_at, b.id");
    COUNT = "SELECT count(*) FROM blocks WHERE organization_id = $1 AND resource_id = $2";
    INSERT = "INSERT INTO blocks (organization_id, id, resource_id, starts_at, ends_at, reach, reason, source, external_id,
            created_at, updated_at, version)
        SELECT $1, unhex(e.value ->> 'id', '-'), unhex(e.value ->> 'resource', '-'),
            CAST(e.value ->> 'starts_at' AS BIGINT), CAST(e.value ->> 'ends_at' AS BIGINT),
            CAST(e.value ->> 'reach' AS BIGINT), e.value ->> 'reason', e.value ->> 'source', e.value ->> 'external_id',
            CAST(e.value ->> 'created_at' AS BIGINT), CAST(e.value ->> 'updated_at' AS BIGINT),
            CAST(e.value ->> 'version' AS BIGINT)
        FROM json_each($2) AS e";
    UPDATE = with_wanted!("$2": id "id", number "starts_at", number "ends_at", number "reach", text "reason",
            text "external_id", number "updated_at", number "version";
        "UPDATE blocks SET starts_at = w.starts_at, ends_at = w.ends_at, reach = w.reach, reason = w.reason,
            external_id = w.external_id, updated_at = w.updated_at, version = w.version
        FROM wanted AS w WHERE blocks.organization_id = w.organization_id AND blocks.id = w.id");
    DELETE = with_wanted!("$2": id "id";
        "DELETE FROM blocks WHERE (organization_id, id) IN (SELECT w.organization_id, w.id FROM wanted AS w)");
}

impl BlockRow {
    fn read(self) -> Result<Block, StoreError> {
        let spec = BlockSpec {
            time: self.starts_at.until(self.ends_at, TABLE)?,
            reason: Prose::stored(self.reason),
            external_id: self.external_id.map(Name::stored),
        };
        Ok(Block {
            id: BlockId::new(self.id),
            resource_id: ResourceId::new(self.resource_id),
            source: self.source.map(Name::stored),
            spec,
            stamp: Stamp { created_at: self.created_at.0, updated_at: self.updated_at.0, version: self.version },
        })
    }
}

/// A block, as the statements take it.
#[derive(Serialize)]
struct Entry<'a> {
    id: BlockId,
    resource: ResourceId,
    starts_at: At,
    ends_at: At,
    reach: u64,
    reason: &'a str,
    source: Option<&'a str>,
    external_id: Option<&'a str>,
    created_at: At,
    updated_at: At,
    version: i64,
}

impl<'a> Entry<'a> {
    fn of(block: &'a Block) -> Self {
        let Block { spec, stamp, .. } = block;
        Self {
            id: block.id,
            resource: block.resource_id,
            starts_at: At(spec.time.start()),
            ends_at: At(spec.time.end()),
            reach: reach_ms(spec.time),
            reason: spec.reason.as_str(),
            source: block.source.as_ref().map(Name::as_str),
            external_id: spec.external_id.as_ref().map(Name::as_str),
            created_at: At(stamp.created_at),
            updated_at: At(stamp.updated_at),
            version: stamp.version,
        }
    }
}

/// The length of a block, rounded up to a power of two of minutes.
fn reach_ms(time: Interval) -> u64 {
    time.minutes().unsigned_abs().next_power_of_two() * MINUTE_MS
}

/// When resources are closed, where that overlaps one of these ranges: each time once, in the order of resource and start.
///
/// # Errors
/// The database fails, or a row is `Corrupt`.
pub async fn busy(
    tx: &mut Tx,
    organization: OrganizationId,
    ranges: &[(ResourceId, Interval)],
) -> Result<Vec<(ResourceId, Interval)>, StoreError> {
    let list = json(&ranges.iter().map(ResourceRange::of).collect::<Vec<_>>())?;
    let rows: Vec<(Uuid, At, At)> = fetch_all!(tx, query_as(BUSY).bind(organization.uuid()).bind(list))?;
    let time = |(resource, from, to): (Uuid, At, At)| Ok((ResourceId::new(resource), from.until(to, TABLE)?));
    let mut busy: Vec<_> = rows.into_iter().map(time).collect::<Result<_, StoreError>>()?;
    busy.sort_unstable();
    busy.dedup();
    Ok(busy)
}

/// One block of a resource.
///
/// # Errors
/// The database fails, or the row is `Corrupt`.
pub async fn find(tx: &mut Tx, organization: OrganizationId, block: BlockRef) -> Result<Option<Block>, StoreError> {
    let (id, resource) = (block.id.uuid(), block.resource_id.uuid());
    let row: Option<BlockRow> = fetch_optional!(tx, query_as(FIND).bind(organization.uuid()).bind(id).bind(resource))?;
    row.map(BlockRow::read).transpose()
}

/// The organization's blocks with these external ids.
///
/// # Errors
/// The database fails, or a row is `Corrupt`.
pub async fn find_by_external_ids(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: impl Iterator<Item = &Name>,
) -> Result<Vec<Block>, StoreError> {
    let ids: Vec<&str> = ids.map(Name::as_str).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<BlockRow> =
        fetch_all!(tx, query_as(FIND_BY_EXTERNAL_IDS).bind(organization.uuid()).bind(id_list(&ids)?))?;
    rows.into_iter().map(BlockRow::read).collect()
}

/// A page of a resource's blocks, in the order of their starts. What ended before those that are asked for is walked past: there are
/// `limits::BLOCKS_PER_RESOURCE` at most.
///
/// # Errors
/// `PageToken` when the list did not give the token out; the database fails, or a row is `Corrupt`.
pub async fn list(tx: &mut Tx, organization: OrganizationId, asked: &ListBlocks) -> Result<Page<Block>, StoreError> {
    let (start, id) = after_start(&asked.page)?.unwrap_or((FIRST, Uuid::nil()));
    let (from, to) = (asked.filter.from.unwrap_or(FIRST), asked.filter.to.unwrap_or(LAST));
    let rows: Vec<BlockRow> = fetch_all!(
        tx,
        query_as(LIST)
            .bind(organization.uuid())
            .bind(asked.resource_id.uuid())
            .bind(At(start))
            .bind(id)
            .bind(At(to))
            .bind(At(from))
            .bind(rows_to_read(&asked.page))
    )?;
    let blocks = rows.into_iter().map(BlockRow::read).collect::<Result<Vec<_>, _>>()?;
    Ok(page_of(blocks, &asked.page, |block| start_token(block.spec.time.start(), block.id.uuid())))
}

/// The blocks of one source that begin in a window.
///
/// # Errors
/// The database fails, or a row is `Corrupt`.
pub async fn of_source(
    tx: &mut Tx,
    organization: OrganizationId,
    (resource, source, window): (ResourceId, &Name, Interval),
) -> Result<Vec<Block>, StoreError> {
    let rows: Vec<BlockRow> = fetch_all!(
        tx,
        query_as(OF_SOURCE)
            .bind(organization.uuid())
            .bind(resource.uuid())
            .bind(source.as_str())
            .bind(At(window.start()))
            .bind(At(window.end()))
    )?;
    rows.into_iter().map(BlockRow::read).collect()
}

/// How many blocks a resource has.
///
/// # Errors
/// The database fails.
pub async fn count(tx: &mut Tx, organization: OrganizationId, resource: ResourceId) -> Result<usize, StoreError> {
    let row: Option<(i64,)> = fetch_optional!(tx, query_as(COUNT).bind(organization.uuid()).bind(resource.uuid()))?;
    Ok(row.and_then(|(count,)| usize::try_from(count).ok()).unwrap_or_default())
}

/// Inserts blocks.
///
/// # Errors
/// `Conflict::Taken` when another one has one of the external ids, `Conflict::Missing` when a resource is not there; or the database
/// fails.
pub async fn insert(tx: &mut Tx, organization: OrganizationId, blocks: &[Block]) -> Result<(), StoreError> {
    if blocks.is_empty() {
        return Ok(());
    }
    let list = json(&blocks.iter().map(Entry::of).collect::<Vec<_>>())?;
    execute!(tx, query(INSERT).bind(organization.uuid()).bind(list)).map(drop)
}

/// Writes what blocks say now, all but what they close and what wrote them.
///
/// # Errors
/// `Conflict::Taken` when another one has one of the external ids; or the database fails.
pub async fn update(tx: &mut Tx, organization: OrganizationId, blocks: &[Block]) -> Result<(), StoreError> {
    if blocks.is_empty() {
        return Ok(());
    }
    let list = json(&blocks.iter().map(Entry::of).collect::<Vec<_>>())?;
    execute!(tx, query(UPDATE).bind(organization.uuid()).bind(list)).map(drop)
}

/// Deletes blocks.
///
/// # Errors
/// The database fails.
pub async fn delete(tx: &mut Tx, organization: OrganizationId, ids: &[BlockId]) -> Result<(), StoreError> {
    if ids.is_empty() {
        return Ok(());
    }
    execute!(tx, query(DELETE).bind(organization.uuid()).bind(id_list(ids)?)).map(drop)
}

#[cfg(test)]
mod tests {
    use booking_domain::limits;

    use super::*;

    #[test]
    fn there_are_22_reaches_and_each_holds_what_it_reaches() {
        let lasting = |minutes| Interval::lasting(DateTime::UNIX_EPOCH, minutes).unwrap();
        let mut reaches: Vec<u64> =
            (0..=limits::BLOCK_MINUTES_MAX.ilog2()).map(|n| reach_ms(lasting(1 << n))).collect();
        reaches.push(reach_ms(lasting(limits::BLOCK_MINUTES_MAX)));
        reaches.dedup();
        assert_eq!(reaches.len(), 22);
        for minutes in [1, 2, 3, 59, 60, 1_440, limits::BLOCK_MINUTES_MAX] {
            let length = u64::from(minutes) * MINUTE_MS;
            assert!((length..2 * length).contains(&reach_ms(lasting(minutes))), "{minutes}");
        }
    }
}
