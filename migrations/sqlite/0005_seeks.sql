-- What is asked for is found by one seek, however much is stored, for SQLite. The PostgreSQL twin is laid out line for line.
--
-- Who still has to wait: what is over stays until it is purged, and is not looked at.
DROP INDEX cooldowns_by_session;
DROP INDEX cooldowns_by_address;
CREATE INDEX cooldowns_by_session ON cooldowns (organization_id, session_hash, until_at);
CREATE INDEX cooldowns_by_address ON cooldowns (organization_id, address, until_at);

-- Intervals by their length: those of one length that overlap a range begin in a range of their own. (None is empty; but only a
-- statement that says so uses these indexes: to a planner without statistics they look good for many another.)
CREATE INDEX presence_by_length ON presence (organization_id, event_type_id, ends_at - starts_at, starts_at)
    WHERE ends_at - starts_at > 0;

-- Who waits, for whoever looks into the database for that: an embedded store's process knows.
--
-- When to look whether a lease has ended: never later than it ends. Noted here, too, so that both stores write the same.
--
ALTER TABLE presence_heartbeats ADD COLUMN alarm_at INTEGER NOT NULL DEFAULT 0;
--

-- Claims by their length, likewise. And no key of theirs begins with the organization: whenever a presence or a booking is written,
-- SQLite looks for claims of it, and without statistics it may take the beginning of any index for as good as the right one: it would
-- look through all that the organization has.
DROP VIEW daily_availability;
DROP TRIGGER claims_insert_refuses_overlap;
DROP TRIGGER claims_update_refuses_overlap;
DROP INDEX claims_by_start;
DROP INDEX claims_by_presence;
DROP INDEX claims_by_booking;
ALTER TABLE claims RENAME TO claims_before;
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
    PRIMARY KEY (resource_id, unit, starts_at),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 777600000),
    CHECK (starts_at <= slot_starts_at AND slot_starts_at < slot_ends_at AND slot_ends_at <= ends_at),
    CHECK (CASE kind WHEN 'hold' THEN presence_id IS NOT NULL AND booking_id IS NULL
                     WHEN 'booking' THEN booking_id IS NOT NULL AND presence_id IS NULL ELSE 1 = 0 END),
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id),
    FOREIGN KEY (organization_id, presence_id) REFERENCES presence (organization_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (organization_id, booking_id) REFERENCES bookings (organization_id, id) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;
INSERT INTO claims SELECT * FROM claims_before;
DROP TABLE claims_before;
CREATE INDEX claims_by_length ON claims (resource_id, ends_at - starts_at, starts_at,
    organization_id, ends_at, unit, slot_starts_at, slot_ends_at, kind, presence_id, booking_id)
    WHERE ends_at - starts_at > 0;
CREATE INDEX claims_by_presence ON claims (presence_id, organization_id, resource_id);
CREATE INDEX claims_by_booking ON claims (booking_id, organization_id, resource_id);

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
