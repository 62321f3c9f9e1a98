// Times are written as their visitors write them, and never so that two could be meant.
import { expect, it } from "vitest";
import { createTimeFormat } from "./time-format";

it.each([
  ["Europe/Berlin", "2026-10-25", "02:30 GMT+2", "02:30 GMT+1"],
  ["Australia/Lord_Howe", "2027-04-03", "01:45 GMT+11", "01:45 GMT+10:30"],
  ["Antarctica/Troll", "2026-10-25", "01:30 GMT+2", "01:30 GMT+0"],
])("writes the offset where the clocks of %s go back", (zone, date, first, second) => {
  const write = createTimeFormat("en-GB", "h23", zone);
  const quarters = Array.from({ length: 96 }, (_, quarter) =>
    write.time(Date.parse(`${date}T00:00:00Z`) + (quarter - 16) * 900_000),
  );
  expect(quarters.filter((time) => time.startsWith(first.slice(0, 5)))).toEqual([first, second]);
});

it("writes no offset on any other day", () => {
  const write = createTimeFormat("en-GB", "h23", "Europe/Berlin");
  expect(write.time("2026-10-24T00:30:00Z")).toBe("02:30");
  expect(write.time("2026-10-25T02:30:00Z")).toBe("03:30");
  expect(write.time("2026-03-29T01:30:00Z")).toBe("03:30");
});
