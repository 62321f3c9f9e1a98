-- Blocks: times for which a resource is closed, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- `source` is the name of what wrote it, for whoever replaces all of one source at once; none where somebody set it by hand. `reach` is
-- the length, rounded up to a power of two of minutes: blocks of one reach that overlap a range begin in a range of their own, and
-- there are 22 reaches at most, where every block may have a length of its own. (None is 0; only a statement that says so uses the
-- index.)
CREATE TABLE blocks (
    organization_id UUID    NOT NULL,
    id              UUID    NOT NULL,
    resource_id     UUID    NOT NULL,
    starts_at       BIGINT  NOT NULL,
    ends_at         BIGINT  NOT NULL,
    reach           BIGINT  NOT NULL,
    reason          TEXT COLLATE "C" NOT NULL,
    source          TEXT COLLATE "C",
    external_id     TEXT COLLATE "C",
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    version         BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= reach),
    FOREIGN KEY (organization_id, resource_id) REFERENCES resources (organization_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX blocks_external_id ON blocks (organization_id, external_id);
CREATE INDEX blocks_by_reach ON blocks (organization_id, resource_id, reach, starts_at, ends_at) WHERE reach > 0;
CREATE INDEX blocks_by_start ON blocks (organization_id, resource_id, starts_at, id);
CREATE INDEX blocks_by_source ON blocks (organization_id, resource_id, source, starts_at, id);
