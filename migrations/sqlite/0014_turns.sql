-- The last claim of a resource before some time, for SQLite: whose turn it is. The PostgreSQL twin is laid out line for line.
--
-- By when the appointments begin, and not what they block: buffers are nobody's turn. (None is empty; but only a statement that says
-- so uses this index.)
CREATE INDEX claims_by_turn ON claims (resource_id, slot_starts_at, unit, starts_at)
    WHERE slot_starts_at < slot_ends_at;
