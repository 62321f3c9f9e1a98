// Ways to put a booking into one's own calendar: a file, and links for the two big web calendars.

export interface Appointment {
  uid: string;
  /** How often the booking was changed: a later file takes the place of an earlier one (RFC 5545, 3.8.7.4). */
  sequence: number;
  title: string;
  /** RFC 3339 in UTC. */
  start: string;
  end: string;
  location: string;
  /** May carry the manage link, and with it the management token. */
  note: string;
}

/** 20270310T110000Z */
function compact(instant: string): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/**
 * RFC 5545, 3.3.11. Whatever any reader takes for the end of a line is written as one, and what else is no text is left out: a
 * line break in what somebody wrote would begin a property of its own.
 */
function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/g, "\\$&")
    .replace(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/g, "\\n")
    .replace(/(?!\t)\p{Cc}/gu, "");
}

/** RFC 5545, 3.1: no line over 75 octets; continued lines begin with a space. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  const lines: string[] = [];
  let current = "";
  for (const character of line) {
    if (encoder.encode(current + character).length > 74) {
      lines.push(current);
      current = "";
    }
    current += character;
  }
  return [...lines, current].join("\r\n ");
}

export function icsFile(appointment: Appointment, now: Date): string {
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Holdfast//Booking//EN",
    "BEGIN:VEVENT",
    `UID:${appointment.uid}`,
    `SEQUENCE:${appointment.sequence}`,
    `DTSTAMP:${compact(now.toISOString())}`,
    `DTSTART:${compact(appointment.start)}`,
    `DTEND:${compact(appointment.end)}`,
    `SUMMARY:${escapeText(appointment.title)}`,
    `LOCATION:${escapeText(appointment.location)}`,
    `DESCRIPTION:${escapeText(appointment.note)}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ]
    .map((line) => `${fold(line)}\r\n`)
    .join("");
}

/* The links leave the note out: in a query, its token would end up in the logs of whoever serves the calendar. */

export function googleLink({ title, start, end, location }: Appointment): string {
  const query = new URLSearchParams({
    action: "TEMPLATE",
    text: title,
    dates: `${compact(start)}/${compact(end)}`,
    location,
  });
  return `https://calendar.google.com/calendar/render?${query.toString()}`;
}

export function outlookLink({ title, start, end, location }: Appointment): string {
  const query = new URLSearchParams({
    path: "/calendar/action/compose",
    rru: "addevent",
    subject: title,
    startdt: start,
    enddt: end,
    location,
  });
  return `https://outlook.live.com/calendar/0/deeplink/compose?${query.toString()}`;
}
