-- The resource that a booking was asked for with, for SQLite. The PostgreSQL twin is laid out line for line.
--
-- A move keeps it. No key of another table: what was asked for is remembered of a booking that ended, too, and keeps nobody from
-- deleting a resource.
ALTER TABLE bookings ADD COLUMN wanted_resource_id BLOB;
