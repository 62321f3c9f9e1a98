-- Requests that wait for an answer, for SQLite. The PostgreSQL twin is laid out line for line.
--
-- Who has none by the start is declined: they are looked for in all organizations at once, and there are few of them.
CREATE INDEX bookings_unanswered ON bookings (starts_at, organization_id, id) WHERE status = 'pending';
