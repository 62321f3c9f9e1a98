//! What several nodes share through one PostgreSQL beside the tables: its clock, its incarnation, the numbers of changes, invalidations.
//!
//! An embedded store has one node, which knows all of that itself: there, nothing is asked and nothing is written.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use booking_domain::hold::SlotKey;
use booking_domain::id::{EventTypeId, OrganizationId, PresenceId, ResourceId};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::PgListener;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::columns::At;
use super::dialect::{Postgres, Reach};
use super::presences::room;
use super::{StoreError, Tx};

/// The channel of invalidations.
const CHANNEL: &str = "holdfast_hints";
/// How long a look at the database may take.
const LOOK: Duration = Duration::from_secs(1);

/// What a transaction decides on, once it has its locks.
pub struct Fence {
    /// The database's time.
    pub now: DateTime<Utc>,
    /// Whether all leases were armed since the database last started. Unless they were, nobody may be taken for late.
    pub armed: bool,
    /// The version of the organization's catalog.
    pub catalog_version: i64,
}

/// What this transaction decides on. Nothing on an embedded store, where nobody else can have changed anything.
///
/// # Errors
/// The database fails.
pub async fn fence(tx: &mut Tx, organization: OrganizationId) -> Result<Option<Fence>, StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(None) };
    let row: Option<(At, bool, i64)> = query_as(FENCE).bind(organization.uuid()).fetch_optional(&mut **tx).await?;
    Ok(row.map(|(now, armed, catalog_version)| Fence { now: now.0, armed, catalog_version }))
}

/// Numbers a change of these event types' rooms or bookings. Their resources are locked, so nobody else numbers one of them now.
///
/// # Errors
/// The database fails.
pub async fn number(
    tx: &mut Tx,
    organization: OrganizationId,
    event_types: &BTreeSet<EventTypeId>,
) -> Result<(), StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    if event_types.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = event_types.iter().map(|id| id.uuid()).collect();
    query(NUMBER).bind(organization.uuid()).bind(ids).execute(&mut **tx).await?;
    Ok(())
}

/// The number of the last change in an event type, as this transaction sees it.
///
/// # Errors
/// The database fails.
pub async fn line_number(
    tx: &mut Tx,
    organization: OrganizationId,
    event_type: EventTypeId,
) -> Result<i64, StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(0) };
    let number = query_scalar(LINE_NUMBER).bind(organization.uuid()).bind(event_type.uuid());
    Ok(number.fetch_optional(&mut **tx).await?.unwrap_or_default())
}

/// A lease as it is now.
pub type Lease = (PresenceId, DateTime<Utc>);

/// The leases of these presences, which nobody can renew until the transaction ends. Nothing on an embedded store, where the
/// process's memory knows them.
///
/// # Errors
/// Another transaction keeps one of the leases for too long, or the database fails.
pub async fn lock_leases(
    tx: &mut Tx,
    organization: OrganizationId,
    presences: &[PresenceId],
) -> Result<Vec<Lease>, StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(Vec::new()) };
    let ids: Vec<Uuid> = presences.iter().map(|id| id.uuid()).collect();
    Ok(leases(query_as(LOCK_LEASES).bind(organization.uuid()).bind(ids).fetch_all(&mut **tx).await?))
}

/// The rooms of these event types in which somebody waits. None on an embedded store, where the process's memory knows them.
///
/// # Errors
/// The database fails, or a row of a room is `Corrupt`.
pub async fn waiting_rooms(
    tx: &mut Tx,
    organization: OrganizationId,
    event_types: &[EventTypeId],
) -> Result<Vec<SlotKey>, StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(Vec::new()) };
    let ids: Vec<Uuid> = event_types.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(Uuid, At, At)> =
        query_as(WAITING_ROOMS).bind(organization.uuid()).bind(ids).fetch_all(&mut **tx).await?;
    rows.into_iter().map(|(event_type, from, to)| room(event_type, from, to)).collect()
}

/// Lets nobody else count by these keys of an organization until the transaction ends. After all other locks, and in one order, so that
/// nobody waits for each other. On an embedded store nobody else writes anyhow.
pub(super) async fn lock_keys(tx: &mut Tx, organization: OrganizationId, keys: &[String]) -> Result<(), StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    if keys.is_empty() {
        return Ok(());
    }
    query(LOCK_KEYS).bind(organization.uuid()).bind(keys).execute(&mut **tx).await?;
    Ok(())
}

/// Lets nobody write words of bookings until the transaction ends, and waits for those who do. On an embedded store nobody else writes
/// anyhow.
pub(super) async fn hold_off_words(tx: &mut Tx) -> Result<(), StoreError> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    query(HOLD_OFF_WORDS).execute(&mut **tx).await?;
    Ok(())
}

fn leases(rows: Vec<(Uuid, At)>) -> Vec<Lease> {
    rows.into_iter().map(|(id, at)| (PresenceId::new(id), at.0)).collect()
}

/// A presence whose lease shall be renewed.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// Whose.
    pub organization: OrganizationId,
    /// Which presence.
    pub presence: PresenceId,
    /// The number of the last change in its event type that is known to whoever renews it.
    pub number: i64,
}

/// Whose lease or deadline has passed.
#[derive(Debug)]
pub struct Overdue {
    /// Some of them.
    pub presences: BTreeSet<(OrganizationId, PresenceId)>,
    /// Whether there may be more.
    pub more: bool,
}

/// What nodes compare to learn what they missed.
#[derive(Debug, Default)]
pub struct Numbers {
    /// The number of the last change of what each event type's rooms and bookings are like.
    pub lines: Vec<(OrganizationId, EventTypeId, i64)>,
    /// The version of each organization's catalog.
    pub catalogs: Vec<(OrganizationId, i64)>,
}

/// The number of the last change of what is taken of a resource.
pub type ClaimVersion = (OrganizationId, ResourceId, i64);

/// What one look at the database shows.
#[derive(Clone, Copy, Debug)]
pub struct DatabaseStatus {
    /// Its time.
    pub now: DateTime<Utc>,
    /// Whether all leases were armed since it last started.
    pub armed: bool,
    /// Whether it takes writes.
    pub writable: bool,
    /// How long the answer was on its way, there and back.
    pub took: Duration,
}

/// Why all leases are armed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmReason {
    /// The database started anew; whichever node comes first does it.
    Restarted,
    /// This node could not reach the database, and its callers' heartbeats did not either.
    Unreachable,
}

/// The database as the place where nodes meet. Each call is a transaction of its own.
#[derive(Clone, Debug)]
pub struct Nodes {
    postgres: Postgres,
}

impl Nodes {
    pub(super) const fn new(postgres: Postgres) -> Self {
        Self { postgres }
    }

    /// Looks whether the database is there, whether it was thought to be away or not.
    ///
    /// # Errors
    /// It is not there, or does not answer in time.
    pub async fn look(&self) -> Result<DatabaseStatus, StoreError> {
        let look = async {
            let mut connection = self.postgres.pool_even_if_away().acquire().await?;
            // How long it takes to get a connection says nothing about when the answer was given.
            let asked = Instant::now();
            let (now, armed, writable): (At, bool, bool) = query_as(SEEN).fetch_one(&mut *connection).await?;
            Ok(DatabaseStatus { now: now.0, armed, writable, took: asked.elapsed() })
        };
        tokio::time::timeout(LOOK, look).await.unwrap_or(Err(StoreError::Away))
    }

    /// From now on, nobody waits for what the database does not do.
    pub fn note(&self, reach: Reach) {
        self.postgres.note(reach);
    }

    /// Renews leases, and gives those that were. Who is gone, late, or being decided about is not among them, nor anybody around
    /// whom something changed: the caller then has to look again.
    ///
    /// # Errors
    /// `Away`, `ReadOnly`, or the database fails; then no lease is renewed for sure.
    pub async fn renew(&self, beats: &[Beat], ttl: TimeDelta) -> Result<Vec<Lease>, StoreError> {
        let organizations: Vec<Uuid> = beats.iter().map(|beat| beat.organization.uuid()).collect();
        let presences: Vec<Uuid> = beats.iter().map(|beat| beat.presence.uuid()).collect();
        let numbers: Vec<i64> = beats.iter().map(|beat| beat.number).collect();
        let renewal = query_as(RENEW).bind(organizations).bind(presences).bind(numbers).bind(ttl.num_milliseconds());
        Ok(leases(renewal.fetch_all(&self.postgres.pool_to_write()?).await?))
    }

    /// Looks at no more than `most` leases that may have ended since then and as many deadlines, and puts those off that have not.
    ///
    /// # Errors
    /// `Away`, `ReadOnly`, or the database fails.
    pub async fn overdue(&self, since: DateTime<Utc>, most: usize) -> Result<Overdue, StoreError> {
        let overdue = query_as(OVERDUE).bind(i64::try_from(most).unwrap_or(i64::MAX)).bind(At(since));
        let rows: Vec<(Uuid, Uuid, bool)> = overdue.fetch_all(&self.postgres.pool_to_write()?).await?;
        let looked_at = rows.len();
        let ended = rows.into_iter().filter(|(_, _, ended)| *ended);
        let presences = ended.map(|(of, id, _)| (OrganizationId::new(of), PresenceId::new(id))).collect();
        Ok(Overdue { presences, more: looked_at >= most })
    }

    /// The numbers of these organizations.
    ///
    /// # Errors
    /// `Away`, or the database fails.
    pub async fn numbers(&self, organizations: &[OrganizationId]) -> Result<Numbers, StoreError> {
        let ids: Vec<Uuid> = organizations.iter().map(|id| id.uuid()).collect();
        let pool = &self.postgres.pool()?;
        let lines: Vec<(Uuid, Uuid, i64)> = query_as(LINES).bind(&ids).fetch_all(pool).await?;
        let catalogs: Vec<(Uuid, i64)> = query_as(CATALOGS).bind(&ids).fetch_all(pool).await?;
        let lines = lines.into_iter().map(|(of, id, number)| (OrganizationId::new(of), EventTypeId::new(id), number));
        let catalogs = catalogs.into_iter().map(|(id, version)| (OrganizationId::new(id), version));
        Ok(Numbers { lines: lines.collect(), catalogs: catalogs.collect() })
    }

    /// The numbers of the last change of what is taken of these resources.
    ///
    /// # Errors
    /// `Away`, or the database fails.
    pub async fn claim_versions(
        &self,
        resources: &BTreeSet<(OrganizationId, ResourceId)>,
    ) -> Result<Vec<ClaimVersion>, StoreError> {
        let (of, ids): (Vec<Uuid>, Vec<Uuid>) = resources.iter().map(|(of, id)| (of.uuid(), id.uuid())).unzip();
        let rows: Vec<(Uuid, Uuid, i64)> =
            query_as(CLAIM_VERSIONS).bind(of).bind(ids).fetch_all(&self.postgres.pool()?).await?;
        let version = |(of, id, version)| (OrganizationId::new(of), ResourceId::new(id), version);
        Ok(rows.into_iter().map(version).collect())
    }

    /// Gives every presence a full ttl from now on, but for those that last for a fixed term; whether it had to be done.
    ///
    /// # Errors
    /// The database fails, or takes no writes.
    pub async fn arm(&self, ttl: TimeDelta, why: ArmReason) -> Result<bool, StoreError> {
        let mut tx = self.postgres.pool_even_if_away().begin().await?;
        query(LOCK_ARMED).execute(&mut *tx).await?;
        let is_armed: bool = query_scalar(IS_ARMED).fetch_one(&mut *tx).await?;
        if is_armed && why == ArmReason::Restarted {
            return Ok(false);
        }
        query(ARM).bind(ttl.num_milliseconds()).execute(&mut *tx).await?;
        query(DISARM).execute(&mut *tx).await?;
        query(ARMED).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Passes invalidations to every node that listens. In a transaction that writes nothing: in another, it would hold up every commit.
    ///
    /// # Errors
    /// `Away`, or the database fails.
    pub async fn notify(&self, invalidations: &[String]) -> Result<(), StoreError> {
        query(NOTIFY).bind(CHANNEL).bind(invalidations).execute(&self.postgres.pool()?).await?;
        Ok(())
    }

    /// Listens for invalidations.
    ///
    /// # Errors
    /// `Away`, or there is no connection to be had.
    pub async fn listen(&self) -> Result<InvalidationListener, StoreError> {
        let mut listener = PgListener::connect_with(&self.postgres.pool()?).await?;
        listener.listen(CHANNEL).await?;
        Ok(InvalidationListener(listener))
    }
}

/// Receives invalidations.
pub struct InvalidationListener(PgListener);

impl InvalidationListener {
    /// The next invalidation; nothing when some may have been lost.
    ///
    /// # Errors
    /// The connection is lost for good.
    pub async fn next(&mut self) -> Result<Option<String>, StoreError> {
        Ok(self.0.try_recv().await?.map(|heard| heard.payload().to_owned()))
    }
}

statements! {
    FENCE = "SELECT now_ms(), EXISTS (SELECT FROM armed WHERE incarnation = current_incarnation()), o.catalog_version
    FROM organizations AS o WHERE o.id = $1";
    SEEN = "SELECT now_ms(), EXISTS (SELECT FROM armed WHERE incarnation = current_incarnation()),
    NOT current_setting('transaction_read_only')::boolean";
    NUMBER = "INSERT INTO lines (organization_id, event_type_id, number)
    SELECT $1, e.id, 1 FROM unnest($2::uuid[]) AS e (id) ORDER BY e.id
    ON CONFLICT (organization_id, event_type_id) DO UPDATE SET number = lines.number + 1";
    LINES = "SELECT organization_id, event_type_id, number FROM lines WHERE organization_id = ANY ($1)";
    CATALOGS = "SELECT id, catalog_version FROM organizations WHERE id = ANY ($1)";
    CLAIM_VERSIONS = "SELECT r.organization_id, r.id, r.claims_version
    FROM unnest($1::uuid[], $2::uuid[]) AS w (organization_id, id) JOIN resources AS r USING (organization_id, id)";
    LINE_NUMBER = "SELECT number FROM lines WHERE organization_id = $1 AND event_type_id = $2";
    RENEW = "UPDATE presence_heartbeats AS h SET expires_at = GREATEST(h.expires_at, (SELECT now_ms()) + $4)
    FROM (SELECT p.organization_id, p.presence_id
        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS w (organization_id, presence_id, number)
        JOIN presence_heartbeats AS p USING (organization_id, presence_id)
        JOIN lines AS l USING (organization_id, event_type_id, number)
        WHERE p.expires_at > (SELECT now_ms())
        ORDER BY p.organization_id, p.presence_id FOR NO KEY UPDATE OF p SKIP LOCKED) AS mine
    WHERE h.organization_id = mine.organization_id AND h.presence_id = mine.presence_id
    RETURNING h.presence_id, h.expires_at";
    HOLD_OFF_WORDS = "LOCK TABLE booking_words IN SHARE ROW EXCLUSIVE MODE";
    LOCK_KEYS = "SELECT pg_advisory_xact_lock(k.key) FROM (
        SELECT DISTINCT hashtextextended($1::uuid::text || k, 0) AS key FROM unnest($2::text[]) AS k ORDER BY key OFFSET 0) AS k";
    LOCK_LEASES = "SELECT presence_id, expires_at FROM presence_heartbeats
    WHERE organization_id = $1 AND presence_id = ANY ($2) ORDER BY presence_id FOR NO KEY UPDATE";
    WAITING_ROOMS = "SELECT DISTINCT event_type_id, starts_at, ends_at FROM presence
    WHERE organization_id = $1 AND event_type_id = ANY ($2) AND hold_deadline_at IS NULL";
    OVERDUE = "WITH moment AS MATERIALIZED (SELECT now_ms() AS now),
    due AS MATERIALIZED (SELECT organization_id, presence_id, expires_at FROM presence_heartbeats
        WHERE alarm_at >= $2 AND alarm_at <= (SELECT now FROM moment) ORDER BY alarm_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED),
    put_off AS (UPDATE presence_heartbeats AS h SET alarm_at = due.expires_at FROM due
        WHERE h.organization_id = due.organization_id AND h.presence_id = due.presence_id
          AND due.expires_at > (SELECT now FROM moment))
    SELECT organization_id, presence_id, expires_at <= (SELECT now FROM moment) FROM due
    UNION ALL (SELECT organization_id, id, true FROM presence WHERE hold_deadline_at <= (SELECT now FROM moment)
        ORDER BY hold_deadline_at LIMIT $1)";
    LOCK_ARMED = "LOCK TABLE armed IN EXCLUSIVE MODE";
    IS_ARMED = "SELECT EXISTS (SELECT FROM armed WHERE incarnation = current_incarnation())";
    ARM = "WITH moment AS MATERIALIZED (SELECT now_ms() + $1 AS until)
    INSERT INTO presence_heartbeats (organization_id, presence_id, session_hash, event_type_id, starts_at, ends_at,
        expires_at, alarm_at)
    SELECT organization_id, id, session_hash, event_type_id, starts_at, ends_at, COALESCE(fixed_until, until),
        COALESCE(fixed_until, until) FROM presence CROSS JOIN moment
    ORDER BY organization_id, id
    ON CONFLICT (organization_id, presence_id) DO UPDATE SET expires_at = excluded.expires_at";
    DISARM = "DELETE FROM armed";
    ARMED = "INSERT INTO armed VALUES (current_incarnation())";
    NOTIFY = "SELECT pg_notify($1, invalidation) FROM unnest($2::text[]) AS h (invalidation)";
}
