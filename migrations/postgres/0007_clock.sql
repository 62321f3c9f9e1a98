-- The clock by which an embedded store's process decides, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- What it showed when it last looked, and when it thought that the machine had started, which is told from other starts by `boot`:
-- a clock that was set while no process ran shows by that. One row, or none: here the database's own clock decides.
CREATE TABLE clock (
    id        BIGINT  NOT NULL PRIMARY KEY CHECK (id = 1),
    seen_at   BIGINT  NOT NULL,
    boot      TEXT COLLATE "C",
    booted_at BIGINT
);
