-- The booking component's tables, for SQLite. The PostgreSQL twin is laid out line for line.
--
-- Instants are epoch milliseconds in UTC, ids are UUIDs, hashes are SHA-256, JSON is text that only the store reads.
-- Every row says whose it is, and every foreign key includes the organization: no row can point into another tenant.


-- Tenants. `catalog_version` grows with each change to what the tenant offers, so that caches know when to look again.
CREATE TABLE organizations (
    id              BLOB    NOT NULL PRIMARY KEY,
    slug            TEXT    NOT NULL CONSTRAINT organizations_slug UNIQUE,
    name            TEXT    NOT NULL,
    catalog_version INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL
) STRICT;

-- Keys of programs. A front's key serves every organization, so it names none.
CREATE TABLE api_keys (
    id              BLOB    NOT NULL PRIMARY KEY,
    organization_id BLOB    REFERENCES organizations (id),
    role            TEXT    NOT NULL CHECK (role IN ('admin', 'front')),
    name            TEXT    NOT NULL,
    key_hash        BLOB    NOT NULL CONSTRAINT api_keys_key_hash UNIQUE,
    created_at      INTEGER NOT NULL,
    revoked_at      INTEGER,
    CHECK ((role = 'front') = (organization_id IS NULL))
) STRICT;
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, id);

-- Bookable things. `claims_version` is the number of the last change of the resource's claims: lock, fence and sequence in one.
CREATE TABLE resources (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    id              BLOB    NOT NULL CONSTRAINT resources_id UNIQUE,
    name            TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    time_zone       TEXT    NOT NULL,
    capacity        INTEGER NOT NULL CHECK (capacity > 0),
    description     TEXT    NOT NULL,
    active          INTEGER NOT NULL,
    claims_version  INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

-- Weekly hours in a zone, with date overrides.
CREATE TABLE schedules (
    organization_id BLOB    NOT NULL REFERENCES organizations (id),
    id              BLOB    NOT NULL CONSTRAINT schedules_id UNIQUE,
    name            TEXT    NOT NULL,
    hours           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

-- What is offered.
CREATE TABLE event_types (
    organization_id       BLOB    NOT NULL REFERENCES organizations (id),
    id                    BLOB    NOT NULL CONSTRAINT event_types_id UNIQUE,
    slug                  TEXT    NOT NULL,
    title                 TEXT    NOT NULL,
    description           TEXT    NOT NULL,
    durations             TEXT    NOT NULL,
    slot_interval_minutes INTEGER,
    buffer_before_minutes INTEGER NOT NULL,
    buffer_after_minutes  INTEGER NOT NULL,
    min_notice_minutes    INTEGER NOT NULL,
    horizon_days          INTEGER,
    schedule_id           BLOB    NOT NULL,
    requirements          TEXT    NOT NULL,
    limits                TEXT    NOT NULL,
    requires_confirmation INTEGER NOT NULL,
    hold_deadline_minutes INTEGER,
    location              TEXT,
    questions             TEXT    NOT NULL,
    active                INTEGER NOT NULL,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    version               INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT event_types_slug UNIQUE (organization_id, slug),
    FOREIGN KEY (organization_id, schedule_id) REFERENCES schedules (organization_id, id)
) STRICT;
CREATE INDEX event_types_by_schedule ON event_types (organization_id, schedule_id);

-- The resources that an event type may take: what its requirements say, as rows, so that no resource in use can be deleted.
CREATE TABLE event_type_resources (
    organization_id BLOB    NOT NULL,
    event_type_id   BLOB    NOT NULL,
    resource_id     BLOB    NOT NULL,
    PRIMARY KEY (organization_id, event_type_id, resource_id),
    FOREIGN KEY (organization_id, event_type_id) REFERENCES event_types (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_type_resources_by_resource ON event_type_resources (organization_id, resource_id, event_type_id);

-- Sessions in rooms: who stands in which line, and who holds. What changes with every heartbeat is in the next table.
CREATE TABLE presence (
    organization_id    BLOB    NOT NULL,
    id                 BLOB    NOT NULL,
    event_type_id      BLOB    NOT NULL,
    starts_at          INTEGER NOT NULL,
    ends_at            INTEGER NOT NULL,
    session_hash       BLOB    NOT NULL,
    who                TEXT    NOT NULL,
    address            TEXT,
    wanted_resource_id BLOB,
    data               TEXT,
    joined_at          INTEGER NOT NULL,
    hold_deadline_at   INTEGER,
    hold_extended      INTEGER NOT NULL,
    hold_version       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT presence_session UNIQUE (organization_id, event_type_id, starts_at, ends_at, session_hash),
    FOREIGN KEY (organization_id, event_type_id) REFERENCES event_types (organization_id, id)
) STRICT;
CREATE INDEX presence_by_session ON presence (organization_id, session_hash);
CREATE INDEX presence_by_address ON presence (organization_id, address);

-- When each presence ends unless a heartbeat comes: narrow, and with no index but its key, so that renewing is cheap. The room
-- is written out so that a heartbeat is judged by this row alone. A crash may lose these rows: start-up arms everybody again.
CREATE TABLE presence_heartbeats (
    presence_id     BLOB    NOT NULL PRIMARY KEY,
    organization_id BLOB    NOT NULL,
    session_hash    BLOB    NOT NULL,
    event_type_id   BLOB    NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Bookings. `email_key` and `search_text` are in lower case, for finding.
CREATE TABLE bookings (
    organization_id       BLOB    NOT NULL,
    id                    BLOB    NOT NULL CONSTRAINT bookings_id UNIQUE,
    event_type_id         BLOB    NOT NULL,
    event_type_title      TEXT    NOT NULL,
    status                TEXT    NOT NULL,
    starts_at             INTEGER NOT NULL,
    ends_at               INTEGER NOT NULL,
    time_zone             TEXT    NOT NULL,
    booker_name           TEXT    NOT NULL,
    booker_email          TEXT    NOT NULL,
    booker_phone          TEXT,
    booker_notes          TEXT    NOT NULL,
    answers               TEXT    NOT NULL,
    ended_reason          TEXT,
    management_token_hash BLOB    NOT NULL,
    email_key             TEXT    NOT NULL,
    search_text           TEXT    NOT NULL,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    version               INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 604800000),
    FOREIGN KEY (organization_id, event_type_id) REFERENCES event_types (organization_id, id)
) STRICT;
CREATE INDEX bookings_by_start ON bookings (organization_id, starts_at, id);
CREATE INDEX bookings_by_event_type ON bookings (organization_id, event_type_id, starts_at, id, status, ends_at);
CREATE INDEX bookings_by_email ON bookings (organization_id, email_key, starts_at, id);

-- The resources that a booking takes or took. `starts_at` is the booking's, so that a resource's bookings are read in order.
CREATE TABLE booking_resources (
    organization_id BLOB    NOT NULL,
    booking_id      BLOB    NOT NULL,
    resource_id     BLOB    NOT NULL,
    starts_at       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, booking_id, resource_id),
    FOREIGN KEY (organization_id, booking_id) REFERENCES bookings (organization_id, id),
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_resources_by_resource ON booking_resources (organization_id, resource_id, starts_at, booking_id);

-- What happened to bookings, in order.
CREATE TABLE booking_history (
    organization_id BLOB    NOT NULL,
    booking_id      BLOB    NOT NULL,
    number          INTEGER NOT NULL,
    happened_at     INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    actor           TEXT    NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    PRIMARY KEY (organization_id, booking_id, number),
    FOREIGN KEY (organization_id, booking_id) REFERENCES bookings (organization_id, id)
) STRICT, WITHOUT ROWID;

-- Who has taken which unit of what, when: [starts_at, ends_at) is the slot with its buffers. No two claims of one unit overlap;
-- the database refuses it whatever the code decides. No claim is longer than a week and two days of buffers, which bounds the
-- range in which a reader looks. A hold that becomes a booking keeps its rows. Owners are checked at the end of a transaction,
-- since claims and owners change hands in one.
CREATE TABLE claims (
    organization_id BLOB    NOT NULL,
    resource_id     BLOB    NOT NULL,
    unit            INTEGER NOT NULL CHECK (unit > 0),
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    slot_starts_at  INTEGER NOT NULL,
    slot_ends_at    INTEGER NOT NULL,
    kind            TEXT    NOT NULL,
    presence_id     BLOB,
    booking_id      BLOB,

    PRIMARY KEY (organization_id, resource_id, unit, starts_at),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 777600000),
    CHECK (starts_at <= slot_starts_at AND slot_starts_at < slot_ends_at AND slot_ends_at <= ends_at),
    CHECK (CASE kind WHEN 'hold' THEN presence_id IS NOT NULL AND booking_id IS NULL
                     WHEN 'booking' THEN booking_id IS NOT NULL AND presence_id IS NULL ELSE 1 = 0 END),
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id),
    FOREIGN KEY (organization_id, presence_id) REFERENCES presence (organization_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (organization_id, booking_id) REFERENCES bookings (organization_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
CREATE INDEX claims_by_start ON claims
    (organization_id, resource_id, starts_at, ends_at, unit, slot_starts_at, slot_ends_at, kind, presence_id, booking_id);
CREATE INDEX claims_by_presence ON claims (organization_id, presence_id, resource_id);
CREATE INDEX claims_by_booking ON claims (organization_id, booking_id, resource_id);

-- Claims of one unit never overlap, so one seek is exact: the claim with the greatest start before the new end must end by the
-- new start.
CREATE TRIGGER claims_insert_refuses_overlap BEFORE INSERT ON claims
WHEN NEW.starts_at < (
    SELECT other.ends_at FROM claims AS other
    WHERE other.organization_id = NEW.organization_id AND other.resource_id = NEW.resource_id
      AND other.unit = NEW.unit AND other.starts_at < NEW.ends_at
    ORDER BY other.starts_at DESC LIMIT 1)
BEGIN
    SELECT RAISE(ABORT, 'claims_no_overlap');
END;
CREATE TRIGGER claims_update_refuses_overlap
BEFORE UPDATE OF organization_id, resource_id, unit, starts_at, ends_at ON claims
WHEN NEW.starts_at < (
    SELECT other.ends_at FROM claims AS other
    WHERE other.organization_id = NEW.organization_id AND other.resource_id = NEW.resource_id
      AND other.unit = NEW.unit AND other.starts_at < NEW.ends_at
      AND (other.organization_id <> OLD.organization_id OR other.resource_id <> OLD.resource_id
           OR other.unit <> OLD.unit OR other.starts_at <> OLD.starts_at)
    ORDER BY other.starts_at DESC LIMIT 1)
BEGIN
    SELECT RAISE(ABORT, 'claims_no_overlap');
END;

-- Who has to wait after a hold met its deadline.
CREATE TABLE cooldowns (
    organization_id BLOB    NOT NULL,
    presence_id     BLOB    NOT NULL,
    event_type_id   BLOB    NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    session_hash    BLOB    NOT NULL,
    address         TEXT,
    until_at        INTEGER NOT NULL,
    told            INTEGER NOT NULL,
    PRIMARY KEY (organization_id, presence_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cooldowns_by_session ON cooldowns (organization_id, session_hash);
CREATE INDEX cooldowns_by_address ON cooldowns (organization_id, address);
CREATE INDEX cooldowns_by_until ON cooldowns (until_at);

-- What was answered to calls that must not be done twice.
CREATE TABLE idempotency (
    organization_id BLOB    NOT NULL,
    call            TEXT    NOT NULL,
    key_hash        BLOB    NOT NULL,
    fingerprint     BLOB    NOT NULL,
    answer          TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    CONSTRAINT idempotency_key UNIQUE (organization_id, call, key_hash)
) STRICT;
CREATE INDEX idempotency_by_created_at ON idempotency (created_at);

-- Minutes booked and held of each resource on each UTC day (days since 1970-01-01), without buffers. A slot is at most a week
-- long, so it touches at most eight days.
CREATE VIEW daily_availability AS
SELECT organization_id, resource_id, day,
       CAST(SUM(CASE kind WHEN 'booking' THEN minutes ELSE 0 END) AS BIGINT) AS minutes_booked,
       CAST(SUM(CASE kind WHEN 'hold' THEN minutes ELSE 0 END) AS BIGINT) AS minutes_held
FROM (
    SELECT organization_id, resource_id, kind, slot_starts_at / 86400000 + n AS day,
           (CASE WHEN slot_ends_at < (slot_starts_at / 86400000 + n + 1) * 86400000
                 THEN slot_ends_at ELSE (slot_starts_at / 86400000 + n + 1) * 86400000 END
          - CASE WHEN n = 0 THEN slot_starts_at ELSE (slot_starts_at / 86400000 + n) * 86400000 END) / 60000 AS minutes
    FROM claims
    CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) AS days
    WHERE (slot_starts_at / 86400000 + n) * 86400000 < slot_ends_at
) AS parts
GROUP BY organization_id, resource_id, day;
