-- How an organization shows itself, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- `accent` is `#rrggbb`; `logo` is a small PNG, JPEG or WebP image, whose first bytes say which.
ALTER TABLE organizations ADD COLUMN accent TEXT COLLATE "C";
ALTER TABLE organizations ADD COLUMN logo   BYTEA CHECK (length(logo) <= 32768);
