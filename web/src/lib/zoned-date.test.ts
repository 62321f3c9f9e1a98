// Dates are data, whatever a browser writes for people.
import { afterEach, expect, it, vi } from "vitest";
import { stubIntl } from "./stub-intl";
import { createTimeFormat, writeOffset } from "./time-format";
import { dateIn, offsetIn } from "./zoned-date";

afterEach(() => vi.unstubAllGlobals());

it("dates are of the calendar, where Canadians write theirs in another order", () => {
  stubIntl({ isOld: true });
  const canadian = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    timeZone: "UTC",
  });
  expect(canadian.format(Date.UTC(2026, 10, 27))).toBe("11/27/2026");
  expect(dateIn("Pacific/Kiritimati", "2026-11-26T10:30:00Z")).toBe("2026-11-27");
  expect(dateIn("America/St_Johns", "2026-11-27T03:29:00Z")).toBe("2026-11-26");
});

it("offsets are counted and written without the browser's words for them", () => {
  stubIntl({ isOld: true });
  const winter = Date.UTC(2026, 11, 1);
  const offsets = ["Asia/Kathmandu", "America/St_Johns", "Europe/London", "Pacific/Kiritimati"];
  expect(offsets.map((zone) => writeOffset(offsetIn(zone, winter)))).toEqual([
    "GMT+5:45",
    "GMT\u22123:30",
    "GMT+0",
    "GMT+14",
  ]);
  expect(createTimeFormat("en-GB", "h23", "Asia/Kathmandu").timeWithOffset(winter)).toBe(
    "05:45 GMT+5:45",
  );
});
