-- What staff keep and say of bookings, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- Notes for themselves; and the revision of what a calendar shows, which is the version where it was not counted yet. (A booking whose
-- booker gave no address has an empty one.)
ALTER TABLE bookings ADD COLUMN staff_notes TEXT;
ALTER TABLE bookings ADD COLUMN calendar_sequence BIGINT;
