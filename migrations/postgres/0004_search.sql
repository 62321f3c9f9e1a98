-- Lists of bookings under every filter and by words, for PostgreSQL. The SQLite twin is laid out line for line.
--
-- An index for each filter, and for each with a status, in the order of lists: a page is read from where the last one ended.
CREATE INDEX bookings_by_status ON bookings (organization_id, status, starts_at, id);
CREATE INDEX bookings_by_event_type_and_status ON bookings (organization_id, event_type_id, status, starts_at, id);
CREATE INDEX bookings_by_email_and_status ON bookings (organization_id, email_key, status, starts_at, id);
-- What is going on at an instant: bookings of one length that have not ended then began within that length before it.
--
CREATE INDEX bookings_by_length ON bookings (organization_id, (ends_at - starts_at), starts_at, id);

-- The status is the booking's, as its start is. Whoever takes a resource may say it; otherwise it is looked up.
ALTER TABLE booking_resources ADD COLUMN status TEXT COLLATE "C";
UPDATE booking_resources SET status = (
    SELECT b.status FROM bookings AS b WHERE b.organization_id = booking_resources.organization_id AND b.id = booking_id);
CREATE INDEX booking_resources_by_status ON booking_resources (organization_id, resource_id, status, starts_at, booking_id);
CREATE FUNCTION look_up_status() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.status := (SELECT b.status FROM bookings AS b WHERE b.organization_id = NEW.organization_id AND b.id = NEW.booking_id);
    RETURN NEW;
END $$;
CREATE TRIGGER booking_resources_look_up_status BEFORE INSERT ON booking_resources
FOR EACH ROW WHEN (NEW.status IS NULL) EXECUTE FUNCTION look_up_status();
CREATE FUNCTION pass_on_status() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE booking_resources SET status = NEW.status WHERE organization_id = NEW.organization_id AND booking_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER bookings_pass_on_status AFTER UPDATE OF status ON bookings
FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION pass_on_status();

-- Which bookings have a word in their `search_text`, in the order of lists. Words are what the store makes of a text; a few rows
-- for each booking, whatever else is stored.
CREATE TABLE booking_words (
    organization_id UUID             NOT NULL,
    word            TEXT COLLATE "C" NOT NULL,
    starts_at       BIGINT           NOT NULL,
    booking_id      UUID             NOT NULL,
    PRIMARY KEY (organization_id, word, starts_at, booking_id)
);
-- Every word that ever stood in a booking, by each of its ends: what contains `love` has an end that begins with it.
CREATE TABLE word_suffixes (
    organization_id UUID             NOT NULL,
    suffix          TEXT COLLATE "C" NOT NULL,
    word            TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, suffix, word)
);
-- Bookings whose words are not written yet: what arrived otherwise than by being booked. They are written before anybody asks.
CREATE TABLE unindexed_bookings (
    organization_id UUID NOT NULL,
    booking_id      UUID NOT NULL,
    PRIMARY KEY (organization_id, booking_id)
);
INSERT INTO unindexed_bookings (organization_id, booking_id) SELECT organization_id, id FROM bookings;
