-- What keeps anybody from taking too much, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- How long a session, and its address, will have held overlapping times by the deadline of its hold.
ALTER TABLE presence ADD COLUMN session_held_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE presence ADD COLUMN address_held_ms BIGINT NOT NULL DEFAULT 0;
-- And how long they had when a hold ended: every hold that became no booking counts for a while. What was written before, or by a
-- node of an older version, met its deadline: there is nothing left for anybody.
ALTER TABLE cooldowns ADD COLUMN session_held_ms BIGINT NOT NULL DEFAULT 86400000;
ALTER TABLE cooldowns ADD COLUMN address_held_ms BIGINT NOT NULL DEFAULT 86400000;
ALTER TABLE cooldowns ADD COLUMN extended BOOLEAN NOT NULL DEFAULT false;

-- How much the public may book, and whom an organization does not serve, in JSON; the usual, and nobody, where it is not said.
ALTER TABLE organizations ADD COLUMN booking_caps TEXT COLLATE "C";
ALTER TABLE organizations ADD COLUMN blocked TEXT COLLATE "C";

-- What the public has booked lately, for as long as some cap counts it: until a booking is over, and a day after it was made. Then
-- the row is gone, and with it where the booker came from.
CREATE TABLE public_bookings (
    organization_id UUID    NOT NULL,
    booking_id      UUID    NOT NULL,
    email_key       TEXT COLLATE "C" NOT NULL,
    address         TEXT COLLATE "C",
    made_at         BIGINT  NOT NULL,
    open_until      BIGINT  NOT NULL,
    kept_until      BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, booking_id)
);
CREATE INDEX public_bookings_open_by_email ON public_bookings (organization_id, email_key, open_until);
CREATE INDEX public_bookings_made_by_email ON public_bookings (organization_id, email_key, made_at);
CREATE INDEX public_bookings_open_by_address ON public_bookings (organization_id, address, open_until);
CREATE INDEX public_bookings_made_by_address ON public_bookings (organization_id, address, made_at);
CREATE INDEX public_bookings_by_kept_until ON public_bookings (kept_until, organization_id);
