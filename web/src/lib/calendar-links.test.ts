// Web calendars are told the instants, wherever the visitor is.
import { expect, it } from "vitest";
import { googleLink, outlookLink } from "./calendar-links";

const appointment = {
  title: "Live room, with engineer; loud",
  start: "2027-03-10T11:00:00Z",
  end: "2027-03-10T12:30:00Z",
  location: "Pier 4",
};

it("gives the web calendar the instants in UTC", () => {
  const dates = new URL(googleLink(appointment)).searchParams.get("dates");
  expect(dates).toBe("20270310T110000Z/20270310T123000Z");
});

it.each([googleLink, outlookLink])("tells the calendar what and where (%o)", (link) => {
  const told = [...new URL(link(appointment)).searchParams.values()];
  expect(told).toEqual(expect.arrayContaining([appointment.title, appointment.location]));
});
