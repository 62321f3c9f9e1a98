-- What staff keep and say of bookings, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- Notes for themselves; and the revision of what a calendar shows, which is the version where it was not counted yet. (A booking whose
-- booker gave no address has an empty one.)
ALTER TABLE bookings ADD COLUMN staff_notes TEXT COLLATE "C";
ALTER TABLE bookings ADD COLUMN calendar_sequence BIGINT;

-- Until how many minutes before a visit its booker may cancel or move it, and whether what was moved waits for an answer again: it
-- does unless it is said.
ALTER TABLE event_types ADD COLUMN cancel_until_minutes BIGINT;
ALTER TABLE event_types ADD COLUMN move_until_minutes BIGINT;
ALTER TABLE event_types ADD COLUMN reconfirm_moves BOOLEAN;
