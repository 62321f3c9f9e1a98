-- What a session wants in a room, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- The booking that shall move there, of whose units those in `kept_units` (pairs of a resource and a unit, in JSON) serve it as they
-- are; and the rules that an operator set aside for it, in JSON. No booking that moves is looked for by anything else.
ALTER TABLE presence ADD COLUMN moving_booking_id UUID;
ALTER TABLE presence ADD COLUMN kept_units TEXT COLLATE "C";
ALTER TABLE presence ADD COLUMN allowed TEXT COLLATE "C";
CREATE INDEX presence_by_moving ON presence (organization_id, moving_booking_id) WHERE moving_booking_id IS NOT NULL;
-- Until when it lasts without a heartbeat, if for a fixed term, and whether an operator said so.
ALTER TABLE presence ADD COLUMN fixed_until BIGINT;
ALTER TABLE presence ADD COLUMN fixed_by_operator BOOLEAN NOT NULL DEFAULT false;
-- Why an operator released it, where one did.
ALTER TABLE cooldowns ADD COLUMN released_reason TEXT COLLATE "C";
