-- The clock by which an embedded store's process decides, for SQLite. The PostgreSQL twin is laid out line for line.
--
-- What it showed when it last looked, and when it thought that the machine had started, which is told from other starts by `boot`:
-- a clock that was set while no process ran shows by that. One row, or none.
CREATE TABLE clock (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seen_at   INTEGER NOT NULL,
    boot      TEXT,
    booted_at INTEGER
) STRICT;
