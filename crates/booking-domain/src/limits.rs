//! Every bound in one place, each with its reason.

/// Default length of a list's page.
pub const PAGE_SIZE_DEFAULT: u32 = 50;
/// Longest page: what a person scrolls through, and a program asks for in a few milliseconds.
pub const PAGE_SIZE_MAX: u32 = 200;
/// Most bytes of a page, as a message: a page ends before it is longer, if it has an entry at all. A quarter of what one gRPC
/// message may have, so that the one entry that is longer by itself still fits.
pub const PAGE_BYTES: usize = 1024 * 1024;

/// Most rows that each index is asked for at a time when a page is looked for. Where no index leads to what a filter and a search
/// have in common, the page ends there, and the next one goes on: some tens of milliseconds.
pub const LIST_ROWS: usize = 5_000;

/// Longest name or title, in characters: what fits a heading and a notification.
pub const NAME_CHARS: usize = 200;
/// Longest description, note or reason, in characters: a page of text.
pub const TEXT_CHARS: usize = 4_000;
/// Longest slug, in bytes: one label of a host name (RFC 1035, 2.3.4).
pub const SLUG_BYTES: usize = 63;
/// Longest e-mail address, in bytes (RFC 5321, 4.5.3.1, minus the angle brackets).
pub const EMAIL_BYTES: usize = 254;
/// Largest logo, in bytes: sharp at the size in which it is shown, and in base64 well within a request. The databases
/// hold to it too.
pub const LOGO_BYTES: usize = 32 * 1024;
/// Longest JSON that a session may show to its room, in bytes.
pub const DATA_BYTES: usize = 1_024;
/// Longest report of a page that fell over, in bytes: what was said of one error, with room for its escapes.
pub const PAGE_ERROR_BYTES: usize = 2 * 1024;
/// Longest name of an error in a page, in characters: longer ones name nothing.
pub const PAGE_ERROR_NAME_CHARS: usize = 64;
/// Longest message of an error in a page, in characters: what fits one line of a log.
pub const PAGE_ERROR_MESSAGE_CHARS: usize = 300;
/// Longest place of an error in a page, in characters: the path of a script, with line and column.
pub const PAGE_ERROR_PLACE_CHARS: usize = 160;
/// Longest idempotency key, in bytes.
pub const IDEMPOTENCY_KEY_BYTES: usize = 255;
/// How long an idempotent answer is kept, in hours.
pub const IDEMPOTENCY_HOURS: i64 = 24;

/// Most units of one resource: a unit is a row to look at.
pub const CAPACITY_MAX: u32 = 10_000;
/// Longest duration, in minutes: a week.
pub const DURATION_MINUTES_MAX: u32 = 7 * 24 * 60;
/// Longest buffer, in minutes: a day.
pub const BUFFER_MINUTES_MAX: u32 = 24 * 60;
/// Longest notice, in minutes: a year.
pub const NOTICE_MINUTES_MAX: u32 = 366 * 24 * 60;
/// Longest time before a visit from which on its booker may not cancel or move it, in minutes: a year.
pub const CHANGE_UNTIL_MINUTES_MAX: u32 = 366 * 24 * 60;
/// The horizon in days where none is said: a year.
pub const HORIZON_DAYS: u32 = 365;
/// Furthest horizon, in days: two years.
pub const HORIZON_DAYS_MAX: u32 = 731;
/// Largest limit for a day, week or month: more is as good as none.
pub const PERIOD_LIMIT_MAX: u32 = 1_000_000;
/// Longest hold deadline that an event type may ask for, in minutes: a day.
pub const HOLD_DEADLINE_MINUTES_MAX: u32 = 24 * 60;
/// Most durations of one event type.
pub const DURATIONS: usize = 20;
/// Most requirements of one event type.
pub const REQUIREMENTS: usize = 10;
/// Most resources in one requirement.
pub const REQUIREMENT_RESOURCES: usize = 100;
/// Most questions of one event type.
pub const QUESTIONS: usize = 50;
/// Most options of one question.
pub const QUESTION_OPTIONS: usize = 100;
/// Most characters of all labels and options of an event type's questions: 5,000 options of twenty each. However they are written, they
/// fit a request of an operator.
pub const QUESTIONS_CHARS: usize = 100_000;
/// Most characters of all answers of a booking: an average of 320. With all else that a booker may say, they fit a request of the public.
pub const ANSWERS_CHARS: usize = 16_000;
/// Most weekly windows of a schedule.
pub const WEEKLY_WINDOWS: usize = 7 * 24;
/// Most date overrides of a schedule: two years of days.
pub const OVERRIDES: usize = 731;
/// Most windows in one override.
pub const OVERRIDE_WINDOWS: usize = 24;
/// Longest block, in minutes: as far ahead as anything can be booked. What is closed for longer is switched off.
pub const BLOCK_MINUTES_MAX: u32 = 731 * 24 * 60;
/// Longest reason of a block, in characters: a line in somebody's calendar.
pub const BLOCK_REASON_CHARS: usize = 200;
/// Most blocks of one resource, over all time: seven a day for two years. All of them are read to make a page of a list, at worst.
pub const BLOCKS_PER_RESOURCE: usize = 5_000;
/// Most blocks in one replacement: a month of a calendar that is full. As long as they can be, they fit the longest body.
pub const BLOCKS_PER_CALL: usize = 500;
/// Most holds, people who wait, and bookings that are read to say what a change concerns.
pub const AFFECTED_READ: usize = 1_000;
/// Most bookings that are named as concerned by a change: as many as somebody looks through.
pub const AFFECTED_BOOKINGS: usize = 100;

/// Longest range of days that one availability question may span.
pub const RANGE_DAYS_MAX: i64 = 62;
/// Longest range of days of a preview: what is gone, what is new and all that would be there fit one answer together.
pub const PREVIEW_DAYS_MAX: i64 = 20;
/// Most slots of the same time that a list counts: "99 and more". Whoever chooses a time asks whether few or many are left.
pub const REMAINING_MAX: u32 = 99;
/// Fewest slots of the same time that a list counts up to, however large the event type and however much of it is taken: enough to
/// tell few from many.
pub const REMAINING_LEAST: u32 = 5;
/// Most steps of some nanoseconds that one list takes to count what remains where requirements share resources or choose several
/// that have several units; some tens of milliseconds. 99 of each time, unless thousands of claims meet hundreds of resources.
pub const COUNTING_WORK: u64 = 20_000_000;
/// Most steps of some nanoseconds that one list of slots may take: several times what the largest event type takes for 62 days with
/// 20,000 claims. Beyond it, a question is refused by name.
pub const LISTING_WORK: u64 = 500_000_000;
/// Most alternatives offered with a refusal.
pub const ALTERNATIVES: usize = 5;
/// How far alternatives are looked for on either side, in days; further ahead only where all of these are taken.
pub const ALTERNATIVES_DAYS: u32 = 14;

/// Most of the next free times that are told at once: what somebody reads out on the telephone.
pub const NEXT_SLOTS: u32 = 10;
/// How far the next free times are looked for at a time, in days: whoever asks mostly has them at once.
pub const NEXT_SLOTS_DAYS: u32 = 7;

/// Most live presences of one session, over all event types.
pub const PRESENCES_PER_SESSION: u32 = 5;
/// Most live presences of one address unless set otherwise: a household or an office, each of whom looks at a few times.
pub const PRESENCES_PER_ADDRESS: u32 = 20;
/// Most sessions of one address that wait in one line unless set otherwise: a family that wants the same time.
pub const WAITING_PER_ADDRESS: u32 = 3;
/// Most holds of one session that ended within a cooldown: one a second is nobody who chooses, and each is a row to read.
pub const ENDED_HOLDS_PER_SESSION: usize = 60;
/// The same for one address: as many as its presences can make in the hands of people.
pub const ENDED_HOLDS_PER_ADDRESS: usize = 300;
/// How long a booking counts as made lately, in hours.
pub const BOOKING_DAY_HOURS: i64 = 24;
/// Largest cap on bookings of one e-mail or network address: so many are counted, at most, before a booking.
pub const BOOKING_CAP_MAX: u32 = 10_000;
/// Changes of a booking after which its booker cannot move or correct it any more: each is kept in its history, with a text.
pub const CHANGES_BY_BOOKER: i64 = 20;
/// Most network addresses, and most e-mail addresses, that an organization does not serve: each is compared with every caller.
pub const BLOCKED_ENTRIES: usize = 500;
/// Longest lease of a fixed term, in seconds: a day, in which whoever was offered a time by mail has read it. The public's is as long as a
/// time may be held.
pub const LEASE_SECONDS_MAX: u32 = 24 * 60 * 60;
/// Most rooms in one batch of heartbeats.
pub const ROOMS_PER_BATCH: usize = 200;
/// Most sessions in one room: the line is a list that people see.
pub const SESSIONS_PER_ROOM: usize = 2_000;
/// Seconds for which it counts how long a time was held: enough for others to take it, short for whoever comes back.
pub const COOLDOWN_S: i64 = 60;
/// Minutes by which a hold may be extended, once.
pub const EXTENSION_MINUTES: i64 = 5;
/// The last minutes before the deadline, in which a hold may be extended.
pub const EXTENSION_WINDOW_MINUTES: i64 = 2;

/// Fewest characters of a key that somebody chose: whoever guesses what people choose has to be kept from trying it all.
pub const KEY_CHARS_MIN: usize = 20;
