-- Several nodes on one database, for PostgreSQL. The SQLite twin is laid out line for line, without what one node does not need.
--
-- The time that decides: the process's own clock.
--
--
-- Which run of which database this is: the process itself.
--
--
--
--

-- When each presence ends unless a heartbeat comes: narrow, and with no index but its key, so that renewing is cheap. The room
-- is written out so that a heartbeat is judged by this row alone. A crash may lose these rows: whoever starts, or sees the
-- database in a new incarnation, arms everybody again.
DROP TABLE presence_heartbeats;
CREATE TABLE presence_heartbeats (
    organization_id BLOB    NOT NULL,
    presence_id     BLOB    NOT NULL,
    session_hash    BLOB    NOT NULL,
    event_type_id   BLOB    NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    PRIMARY KEY (organization_id, presence_id)
) STRICT, WITHOUT ROWID;

-- Who is due, and what is old enough to be forgotten: the organization is part of every index, so that tables can be split by it.
CREATE INDEX presence_by_deadline ON presence (hold_deadline_at, organization_id);
DROP INDEX cooldowns_by_until;
DROP INDEX idempotency_by_created_at;
CREATE INDEX cooldowns_by_until ON cooldowns (until_at, organization_id);
CREATE INDEX idempotency_by_created_at ON idempotency (created_at, organization_id);
