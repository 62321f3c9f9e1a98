-- What is asked for is found by one seek, however much is stored, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- Who still has to wait: what is over stays until it is purged, and is not looked at.
DROP INDEX cooldowns_by_session;
DROP INDEX cooldowns_by_address;
CREATE INDEX cooldowns_by_session ON cooldowns (organization_id, session_hash, until_at);
CREATE INDEX cooldowns_by_address ON cooldowns (organization_id, address, until_at);

-- Intervals by their length: those of one length that overlap a range begin in a range of their own. (None is empty; but only a
-- statement that says so uses these indexes: to a planner without statistics they look good for many another.)
CREATE INDEX presence_by_length ON presence (organization_id, event_type_id, (ends_at - starts_at), starts_at)
    WHERE ends_at - starts_at > 0;

-- Who waits, for whoever looks into the database for that.
CREATE INDEX presence_waiting ON presence (organization_id, event_type_id, starts_at, ends_at) WHERE hold_deadline_at IS NULL;
-- When to look whether a lease has ended: never later than it ends. A renewal leaves it alone, since an index on what each
-- heartbeat changes would make each of them write the index as well; whoever looks and finds a longer lease puts it off.
ALTER TABLE presence_heartbeats ADD COLUMN alarm_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX presence_heartbeats_by_alarm ON presence_heartbeats (alarm_at, organization_id);

-- Claims by their length, likewise. SQLite's twin makes the table anew here, with a key that this one does not need.
DROP INDEX claims_by_start;
CREATE INDEX claims_by_length ON claims (organization_id, resource_id, (ends_at - starts_at), starts_at)
    WHERE ends_at - starts_at > 0;
-- What refuses an overlap is for nothing else either: the primary key finds a claim.
ALTER TABLE claims DROP CONSTRAINT claims_no_overlap;
ALTER TABLE claims ADD CONSTRAINT claims_no_overlap
    EXCLUDE USING gist (organization_id WITH =, resource_id WITH =, unit WITH =, during WITH &&) WHERE (starts_at < ends_at);
