-- The booking component's tables, for PostgreSQL, in the schema `booking`. The SQLite twin is laid out line for line.
--
-- Instants are epoch milliseconds in UTC, ids are UUIDs, hashes are SHA-256, JSON is text that only the store reads.
-- Every row says whose it is, and every foreign key includes the organization: no row can point into another tenant.
CREATE EXTENSION IF NOT EXISTS btree_gist;
-- What SQLite calls by these names, so that one statement text runs on both.
CREATE FUNCTION json_each(list text) RETURNS TABLE (value json)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$ SELECT value FROM json_array_elements(list::json) $$;
CREATE FUNCTION unhex(digits text) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT decode(digits, 'hex') $$;
CREATE FUNCTION unhex(digits text, hyphen text) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT digits::uuid $$;
CREATE FUNCTION instr(whole text, part text) RETURNS bigint
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT strpos(whole, part)::bigint $$;

-- Tenants. `catalog_version` grows with each change to what the tenant offers, so that caches know when to look again.
CREATE TABLE organizations (
    id              UUID    NOT NULL PRIMARY KEY,
    slug            TEXT COLLATE "C" NOT NULL CONSTRAINT organizations_slug UNIQUE,
    name            TEXT COLLATE "C" NOT NULL,
    catalog_version BIGINT  NOT NULL DEFAULT 0,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    version         BIGINT  NOT NULL
);

-- Keys of programs. A front's key serves every organization, so it names none.
CREATE TABLE api_keys (
    id              UUID    NOT NULL PRIMARY KEY,
    organization_id UUID    REFERENCES organizations (id),
    role            TEXT COLLATE "C" NOT NULL CHECK (role IN ('admin', 'front')),
    name            TEXT COLLATE "C" NOT NULL,
    key_hash        BYTEA   NOT NULL CONSTRAINT api_keys_key_hash UNIQUE,
    created_at      BIGINT  NOT NULL,
    revoked_at      BIGINT,
    CHECK ((role = 'front') = (organization_id IS NULL))
);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, id);

-- Bookable things. `claims_version` is the number of the last change of the resource's claims: lock, fence and sequence in one.
CREATE TABLE resources (
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    id              UUID    NOT NULL CONSTRAINT resources_id UNIQUE,
    name            TEXT COLLATE "C" NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    time_zone       TEXT COLLATE "C" NOT NULL,
    capacity        BIGINT  NOT NULL CHECK (capacity > 0),
    description     TEXT COLLATE "C" NOT NULL,
    active          BOOLEAN NOT NULL,
    claims_version  BIGINT  NOT NULL DEFAULT 0,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    version         BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id)
);

-- Weekly hours in a zone, with date overrides.
CREATE TABLE schedules (
    organization_id UUID    NOT NULL REFERENCES organizations (id),
    id              UUID    NOT NULL CONSTRAINT schedules_id UNIQUE,
    name            TEXT COLLATE "C" NOT NULL,
    hours           TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    version         BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id)
);

-- What is offered.
CREATE TABLE event_types (
    organization_id       UUID    NOT NULL REFERENCES organizations (id),
    id                    UUID    NOT NULL CONSTRAINT event_types_id UNIQUE,
    slug                  TEXT COLLATE "C" NOT NULL,
    title                 TEXT COLLATE "C" NOT NULL,
    description           TEXT COLLATE "C" NOT NULL,
    durations             TEXT COLLATE "C" NOT NULL,
    slot_interval_minutes BIGINT,
    buffer_before_minutes BIGINT  NOT NULL,
    buffer_after_minutes  BIGINT  NOT NULL,
    min_notice_minutes    BIGINT  NOT NULL,
    horizon_days          BIGINT,
    schedule_id           UUID    NOT NULL,
    requirements          TEXT COLLATE "C" NOT NULL,
    limits                TEXT COLLATE "C" NOT NULL,
    requires_confirmation BOOLEAN NOT NULL,
    hold_deadline_minutes BIGINT,
    location              TEXT COLLATE "C",
    questions             TEXT COLLATE "C" NOT NULL,
    active                BOOLEAN NOT NULL,
    created_at            BIGINT  NOT NULL,
    updated_at            BIGINT  NOT NULL,
    version               BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT event_types_slug UNIQUE (organization_id, slug),
    FOREIGN KEY (organization_id, schedule_id) REFERENCES schedules (organization_id, id)
);
CREATE INDEX event_types_by_schedule ON event_types (organization_id, schedule_id);

-- The resources that an event type may take: what its requirements say, as rows, so that no resource in use can be deleted.
CREATE TABLE event_type_resources (
    organization_id UUID    NOT NULL,
    event_type_id   UUID    NOT NULL,
    resource_id     UUID    NOT NULL,
    PRIMARY KEY (organization_id, event_type_id, resource_id),
    FOREIGN KEY (organization_id, event_type_id) REFERENCES event_types (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id)
);
CREATE INDEX event_type_resources_by_resource ON event_type_resources (organization_id, resource_id, event_type_id);

-- Sessions in rooms: who stands in which line, and who holds. What changes with every heartbeat is in the next table.
CREATE TABLE presence (
    organization_id    UUID    NOT NULL,
    id                 UUID    NOT NULL,
    event_type_id      UUID    NOT NULL,
    starts_at          BIGINT  NOT NULL,
    ends_at            BIGINT  NOT NULL,
    session_hash       BYTEA   NOT NULL,
    who                TEXT COLLATE "C" NOT NULL,
    address            TEXT COLLATE "C",
    wanted_resource_id UUID,
    data               TEXT COLLATE "C",
    joined_at          BIGINT  NOT NULL,
    hold_deadline_at   BIGINT,
    hold_extended      BOOLEAN NOT NULL,
    hold_version       BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id),
    CONSTRAINT presence_session UNIQUE (organization_id, event_type_id, starts_at, ends_at, session_hash),
    FOREIGN KEY (organization_id, event_type_id) REFERENCES event_types (organization_id, id)
);
CREATE INDEX presence_by_session ON presence (organization_id, session_hash);
CREATE INDEX presence_by_address ON presence (organization_id, address);

-- When each presence ends unless a heartbeat comes: narrow, and with no index but its key, so that renewing is cheap. The room
-- is written out so that a heartbeat is judged by this row alone. A crash may lose these rows: start-up arms everybody again.
CREATE UNLOGGED TABLE presence_heartbeats (
    presence_id     UUID    NOT NULL PRIMARY KEY,
    organization_id UUID    NOT NULL,
    session_hash    BYTEA   NOT NULL,
    event_type_id   UUID    NOT NULL,
    starts_at       BIGINT  NOT NULL,
    ends_at         BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL
) WITH (fillfactor = 50);

-- Bookings. `email_key` and `search_text` are in lower case, for finding.
CREATE TABLE bookings (
    organization_id       UUID    NOT NULL,
    id                    UUID    NOT NULL CONSTRAINT bookings_id UNIQUE,
    event_type_id         UUID    NOT NULL,
    event_type_title      TEXT COLLATE "C" NOT NULL,
    status                TEXT COLLATE "C" NOT NULL,
    starts_at             BIGINT  NOT NULL,
    ends_at               BIGINT  NOT NULL,
    time_zone             TEXT COLLATE "C" NOT NULL,
    booker_name           TEXT COLLATE "C" NOT NULL,
    booker_email          TEXT COLLATE "C" NOT NULL,
    booker_phone          TEXT COLLATE "C",
    booker_notes          TEXT COLLATE "C" NOT NULL,
    answers               TEXT COLLATE "C" NOT NULL,
    ended_reason          TEXT COLLATE "C",
    management_token_hash BYTEA   NOT NULL,
    email_key             TEXT COLLATE "C" NOT NULL,
    search_text           TEXT COLLATE "C" NOT NULL,
    created_at            BIGINT  NOT NULL,
    updated_at            BIGINT  NOT NULL,
    version               BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 604800000),
    FOREIGN KEY (organization_id, event_type_id) REFERENCES event_types (organization_id, id)
);
CREATE INDEX bookings_by_start ON bookings (organization_id, starts_at, id);
CREATE INDEX bookings_by_event_type ON bookings (organization_id, event_type_id, starts_at, id, status, ends_at);
CREATE INDEX bookings_by_email ON bookings (organization_id, email_key, starts_at, id);

-- The resources that a booking takes or took. `starts_at` is the booking's, so that a resource's bookings are read in order.
CREATE TABLE booking_resources (
    organization_id UUID    NOT NULL,
    booking_id      UUID    NOT NULL,
    resource_id     UUID    NOT NULL,
    starts_at       BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, booking_id, resource_id),
    FOREIGN KEY (organization_id, booking_id) REFERENCES bookings (organization_id, id),
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id)
);
CREATE INDEX booking_resources_by_resource ON booking_resources (organization_id, resource_id, starts_at, booking_id);

-- What happened to bookings, in order.
CREATE TABLE booking_history (
    organization_id UUID    NOT NULL,
    booking_id      UUID    NOT NULL,
    number          BIGINT  NOT NULL,
    happened_at     BIGINT  NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    actor           TEXT COLLATE "C" NOT NULL,
    starts_at       BIGINT  NOT NULL,
    ends_at         BIGINT  NOT NULL,
    reason          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, booking_id, number),
    FOREIGN KEY (organization_id, booking_id) REFERENCES bookings (organization_id, id)
);

-- Who has taken which unit of what, when: [starts_at, ends_at) is the slot with its buffers. No two claims of one unit overlap;
-- the database refuses it whatever the code decides. No claim is longer than a week and two days of buffers, which bounds the
-- range in which a reader looks. A hold that becomes a booking keeps its rows. Owners are checked at the end of a transaction,
-- since claims and owners change hands in one.
CREATE TABLE claims (
    organization_id UUID    NOT NULL,
    resource_id     UUID    NOT NULL,
    unit            BIGINT  NOT NULL CHECK (unit > 0),
    starts_at       BIGINT  NOT NULL,
    ends_at         BIGINT  NOT NULL,
    slot_starts_at  BIGINT  NOT NULL,
    slot_ends_at    BIGINT  NOT NULL,
    kind            TEXT COLLATE "C" NOT NULL,
    presence_id     UUID,
    booking_id      UUID,
    during          INT8RANGE NOT NULL GENERATED ALWAYS AS (int8range(starts_at, ends_at)) STORED,
    CONSTRAINT claims_no_overlap
        EXCLUDE USING gist (organization_id WITH =, resource_id WITH =, unit WITH =, during WITH &&),
    PRIMARY KEY (organization_id, resource_id, unit, starts_at),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 777600000),
    CHECK (starts_at <= slot_starts_at AND slot_starts_at < slot_ends_at AND slot_ends_at <= ends_at),
    CHECK (CASE kind WHEN 'hold' THEN presence_id IS NOT NULL AND booking_id IS NULL
                     WHEN 'booking' THEN booking_id IS NOT NULL AND presence_id IS NULL ELSE false END),
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id),
    FOREIGN KEY (organization_id, presence_id) REFERENCES presence (organization_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (organization_id, booking_id) REFERENCES bookings (organization_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX claims_by_start ON claims
    (organization_id, resource_id, starts_at, ends_at, unit, slot_starts_at, slot_ends_at, kind, presence_id, booking_id);
CREATE INDEX claims_by_presence ON claims (organization_id, presence_id, resource_id);
CREATE INDEX claims_by_booking ON claims (organization_id, booking_id, resource_id);

-- Who has to wait after a hold met its deadline.
CREATE TABLE cooldowns (
    organization_id UUID    NOT NULL,
    presence_id     UUID    NOT NULL,
    event_type_id   UUID    NOT NULL,
    starts_at       BIGINT  NOT NULL,
    ends_at         BIGINT  NOT NULL,
    session_hash    BYTEA   NOT NULL,
    address         TEXT COLLATE "C",
    until_at        BIGINT  NOT NULL,
    told            BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, presence_id)
);
CREATE INDEX cooldowns_by_session ON cooldowns (organization_id, session_hash);
CREATE INDEX cooldowns_by_address ON cooldowns (organization_id, address);
CREATE INDEX cooldowns_by_until ON cooldowns (until_at);

-- What was answered to calls that must not be done twice.
CREATE TABLE idempotency (
    organization_id UUID    NOT NULL,
    call            TEXT COLLATE "C" NOT NULL,
    key_hash        BYTEA   NOT NULL,
    fingerprint     BYTEA   NOT NULL,
    answer          TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT  NOT NULL,
    CONSTRAINT idempotency_key UNIQUE (organization_id, call, key_hash)
);
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
