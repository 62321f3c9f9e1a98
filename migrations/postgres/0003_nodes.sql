-- Several nodes on one database, for PostgreSQL. The SQLite twin is laid out line for line, without what one node does not need.
--
-- The time that decides: epoch milliseconds of the database's clock, as it runs (not as the transaction began).
CREATE FUNCTION now_ms() RETURNS bigint
    LANGUAGE sql VOLATILE AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint $$;
-- Which run of which database this is: it changes with each start of the server, and with each promotion.
CREATE FUNCTION current_incarnation() RETURNS text
    LANGUAGE sql VOLATILE AS $$
        SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
            substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), extract(epoch FROM pg_postmaster_start_time())) $$;

-- When each presence ends unless a heartbeat comes: narrow, and with no index but its key, so that renewing is cheap. The room
-- is written out so that a heartbeat is judged by this row alone. A crash may lose these rows: whoever starts, or sees the
-- database in a new incarnation, arms everybody again.
DROP TABLE presence_heartbeats;
CREATE UNLOGGED TABLE presence_heartbeats (
    organization_id UUID    NOT NULL,
    presence_id     UUID    NOT NULL,
    session_hash    BYTEA   NOT NULL,
    event_type_id   UUID    NOT NULL,
    starts_at       BIGINT  NOT NULL,
    ends_at         BIGINT  NOT NULL,
    expires_at      BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, presence_id)
) WITH (fillfactor = 50);

-- Who is due, and what is old enough to be forgotten: the organization is part of every index, so that tables can be split by it.
CREATE INDEX presence_by_deadline ON presence (hold_deadline_at, organization_id);
DROP INDEX cooldowns_by_until;
DROP INDEX idempotency_by_created_at;
CREATE INDEX cooldowns_by_until ON cooldowns (until_at, organization_id);
CREATE INDEX idempotency_by_created_at ON idempotency (created_at, organization_id);

-- The incarnation for which all leases were armed: one row, or none. A crash loses it whenever it loses leases, even if only one
-- process of the server crashed. Nothing expires while it is not the current one.
CREATE UNLOGGED TABLE armed (
    incarnation TEXT COLLATE "C" NOT NULL
);

-- The number of the last change of what an event type's rooms and bookings are like. Nodes compare it to learn what they missed.
CREATE TABLE lines (
    organization_id UUID   NOT NULL,
    event_type_id   UUID   NOT NULL,
    number          BIGINT NOT NULL,
    PRIMARY KEY (organization_id, event_type_id),
    FOREIGN KEY (organization_id, event_type_id) REFERENCES event_types (organization_id, id) ON DELETE CASCADE
) WITH (fillfactor = 50);

-- An id is drawn so that it is the only one. A constraint without the organization would tie the tables to one machine.
ALTER TABLE resources DROP CONSTRAINT resources_id;
ALTER TABLE schedules DROP CONSTRAINT schedules_id;
ALTER TABLE event_types DROP CONSTRAINT event_types_id;
ALTER TABLE bookings DROP CONSTRAINT bookings_id;
CREATE INDEX resources_by_id ON resources (id, organization_id);
CREATE INDEX event_types_by_id ON event_types (id, organization_id);
CREATE INDEX bookings_by_id ON bookings (id, organization_id);
