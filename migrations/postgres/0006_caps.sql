-- What keeps anybody from taking too much, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- How long a session, and its address, will have held overlapping times by the deadline of its hold.
ALTER TABLE presence ADD COLUMN session_held_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE presence ADD COLUMN address_held_ms BIGINT NOT NULL DEFAULT 0;
-- And how long they had when a hold ended: every hold that became no booking counts for a while. What was written before, or by a
-- node of an older version, met its deadline: there is nothing left for anybody.
ALTER TABLE cooldowns ADD COLUMN session_held_ms BIGINT NOT NULL DEFAULT 86400000;
ALTER TABLE cooldowns ADD COLUMN address_held_ms BIGINT NOT NULL DEFAULT 86400000;
ALTER TABLE cooldowns ADD COLUMN extended BOOLEAN NOT NULL DEFAULT false;
