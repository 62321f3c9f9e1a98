// Ranges are half-open: they end where the next may begin.
import { expect, it } from "vitest";
import { byStart, minutesOf, overlap } from "./slot-range";

const range = (start: string, end: string) => ({
  start: `2027-03-10T${start}:00Z`,
  end: `2027-03-10T${end}:00Z`,
});
const nine = range("09:00", "09:30");

it("tells times that share a moment from times that touch", () => {
  expect(overlap(nine, range("09:15", "09:45"))).toBe(true);
  expect(overlap(nine, range("09:30", "10:00"))).toBe(false);
  expect(overlap(nine, range("08:30", "09:00"))).toBe(false);
});

it("orders times by their start, however that is written", () => {
  const sameInBerlin = { start: "2027-03-10T09:15:00+01:00", end: "2027-03-10T09:45:00+01:00" };
  expect([nine, sameInBerlin].sort(byStart)).toEqual([sameInBerlin, nine]);
});

it("counts whole minutes", () => {
  expect(minutesOf(nine)).toBe(30);
  expect(minutesOf(range("09:00", "10:15"))).toBe(75);
});
