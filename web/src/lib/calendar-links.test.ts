// Calendar files are read by strict programs.
import { expect, it } from "vitest";
import { googleLink, icsFile, outlookLink } from "./calendar-links";

const appointment = {
  uid: "1",
  sequence: 2,
  title: "Live room, with engineer; loud",
  start: "2027-03-10T11:00:00Z",
  end: "2027-03-10T12:30:00Z",
  location: "Pier 4",
  note: "Größe ".repeat(30),
};

it("writes lines of at most 75 octets with escaped text", () => {
  const file = icsFile(appointment, new Date("2027-01-01T00:00:00Z"));
  expect(file).toContain("DTSTART:20270310T110000Z\r\n");
  expect(file).toContain("SEQUENCE:2\r\n");
  expect(file).toContain(String.raw`SUMMARY:Live room\, with engineer\; loud`);
  for (const line of file.split("\r\n")) {
    expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  }
});

it.each([
  "\r",
  "\n",
  "\r\n",
  "\u000b",
  "\u000c",
  "\u0085",
  "\u2028",
  "\u2029",
  "\0",
  "\u001b",
  "\u202e",
  "\u2066",
])("lets no text begin a line of its own (%j)", (odd) => {
  const text = `Pier 4${odd}ATTENDEE:mailto:x@example.org`;
  const file = icsFile(
    { ...appointment, title: text, location: text, note: text },
    new Date("2027-01-01T00:00:00Z"),
  );
  const plain = icsFile(
    { ...appointment, title: "a", location: "b", note: "c" },
    new Date("2027-01-01T00:00:00Z"),
  );
  const names = (of: string) =>
    of.split(/[\r\n\v\f\u0085\u2028\u2029]+(?! )/u).map((line) => line.split(":")[0]);
  expect(names(file)).toEqual(names(plain));
  expect(file.replaceAll("\r\n", "")).not.toMatch(/(?!\t)\p{Cc}/u);
});

it("gives the web calendar the instants in UTC", () => {
  const dates = new URL(googleLink(appointment)).searchParams.get("dates");
  expect(dates).toBe("20270310T110000Z/20270310T123000Z");
});

it.each([googleLink, outlookLink])("tells no other site the key to the booking (%o)", (link) => {
  const key = "https://example.org/bookings/1#token=27b1";
  expect(decodeURIComponent(link({ ...appointment, note: key }))).not.toContain("27b1");
});
