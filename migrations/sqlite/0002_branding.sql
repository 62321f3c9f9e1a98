-- How an organization shows itself, for SQLite. The PostgreSQL twin is laid out line for line.
--
-- `accent` is `#rrggbb`; `logo` is a small PNG, JPEG or WebP image, whose first bytes say which.
ALTER TABLE organizations ADD COLUMN accent TEXT;
ALTER TABLE organizations ADD COLUMN logo   BLOB CHECK (length(logo) <= 32768);
