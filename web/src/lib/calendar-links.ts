// Links that put a booking into one of the two big web calendars.

export interface Appointment {
  title: string;
  /** RFC 3339 in UTC. */
  start: string;
  end: string;
  location: string;
}

/** 20270310T110000Z */
function compact(instant: string): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/* No link names the booking's own page: in a query, its token would end up in the logs of whoever serves the calendar. */

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
