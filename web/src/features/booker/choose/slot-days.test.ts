// Slots fall on the visitor's days.
import { afterEach, expect, it, vi } from "vitest";
import type { Slot } from "@/api/types";
import { stubIntl } from "@/lib/stub-intl";
import {
  groupByDay,
  hasFew,
  isOpen,
  keptDay,
  nearestFree,
  setAside,
  shownDay,
  stateIn,
} from "./slot-days";
import { applyChange, applySnapshot } from "./use-live-slots";

function slot(start: string, state: Slot["state"] = "free"): Slot {
  const end = new Date(Date.parse(start) + 1_800_000).toISOString();
  return { start, end, state, remaining: state === "free" ? 1 : 0 };
}

afterEach(() => vi.unstubAllGlobals());

const late = slot("2027-03-10T23:30:00Z");
const noon = slot("2027-03-10T12:00:00Z", "held");

it("puts a slot on the day it has in the visitor's zone", () => {
  expect([...groupByDay([noon, late], "Asia/Tokyo").keys()]).toEqual(["2027-03-10", "2027-03-11"]);
  expect([...groupByDay([noon, late], "America/Los_Angeles").keys()]).toEqual(["2027-03-10"]);
});

it("puts a slot on the same day where the browser writes dates in another way", () => {
  stubIntl({ isOld: true });
  expect([...groupByDay([noon, late], "Asia/Tokyo").keys()]).toEqual(["2027-03-10", "2027-03-11"]);
});

it("shows the wanted day, else the first with a free time", () => {
  const days = groupByDay([noon, slot("2027-03-12T12:00:00Z")], "UTC");
  expect(shownDay(days, null)).toBe("2027-03-12");
  expect(shownDay(days, "2027-03-10")).toBe("2027-03-10");
  expect(shownDay(days, "2027-03-11")).toBe("2027-03-12");
  expect(shownDay(new Map(), null)).toBeNull();
});

it("offers the nearest free times in order", () => {
  const slots = ["09", "10", "11", "12", "15"].map((hour) => slot(`2027-03-10T${hour}:00:00Z`));
  const near = nearestFree(slots, "2027-03-10T11:00:00Z", 2).map((one) => one.start);
  expect(near).toEqual(["2027-03-10T10:00:00Z", "2027-03-10T12:00:00Z"]);
});

it("knows what has become of a time, and nothing of one that is not listed", () => {
  expect(stateIn([noon, late], noon)).toBe("held");
  expect(stateIn([late], noon)).toBe("free");
  expect(stateIn([noon], { start: noon.start, end: late.end })).toBe("free");
});

it("applies a live change in its place, and leaves what is gone in its own", () => {
  const slots = [slot("2027-03-10T09:00:00Z"), slot("2027-03-10T11:00:00Z")];
  const added = applyChange(slots, slot("2027-03-10T10:00:00Z", "held"));
  expect(added.map((one) => one.start.slice(11, 13))).toEqual(["09", "10", "11"]);
  const gone = applyChange(added, slot("2027-03-10T09:00:00Z", "booked"));
  expect(gone.map((one) => [one.start.slice(11, 13), one.state])).toEqual([
    ["09", "booked"],
    ["10", "held"],
    ["11", "free"],
  ]);
  expect(applyChange(slots, slot("2027-03-10T08:00:00Z", "booked"))).toBe(slots);
});

it("keeps the place of what a later snapshot does not list", () => {
  const slots = [slot("2027-03-10T09:00:00Z"), slot("2027-03-10T11:00:00Z")];
  const after = applySnapshot(slots, [slot("2027-03-10T11:00:00Z", "held")]);
  expect(after.map((one) => one.state)).toEqual(["booked", "held"]);
});

it("keeps aside what has become free since the list was made, until it is taken in", () => {
  const at = (hour: string, state?: Slot["state"]) => slot(`2027-03-10T${hour}:00:00Z`, state);
  const hours = (slots: Slot[]) => slots.map(({ start }) => start.slice(11, 13));
  const listed = new Set([at("09"), at("11")].map(({ start }) => start));
  const since = [at("08"), at("09", "booked"), at("10", "held"), at("11"), at("12", "booked")];
  const { shown, aside } = setAside(since, listed);
  expect(hours(shown)).toEqual(["09", "11"]);
  expect(hours(aside)).toEqual(["08"]);
  const taken = setAside(since, new Set([...listed, ...aside.map(({ start }) => start)]));
  expect(hours(taken.shown)).toEqual(["08", "09", "11"]);
  expect(taken.aside).toEqual([]);
});

it("turns what was gone free again in its own place", () => {
  const listed = new Set([noon.start]);
  const gone = applyChange([noon], { ...noon, state: "booked" });
  const again = applyChange(gone, { ...noon, state: "free" });
  expect(setAside(again, listed)).toEqual({ shown: [{ ...noon, state: "free" }], aside: [] });
});

it("goes on showing a day for as long as it has anything to show", () => {
  const days = groupByDay([slot("2027-03-09T12:00:00Z"), { ...noon, state: "booked" }], "UTC");
  expect(keptDay(days, "2027-03-10", "2027-03-09")).toBe("2027-03-10");
  expect(keptDay(days, "2027-03-11", "2027-03-09")).toBe("2027-03-09");
  expect(keptDay(days, null, "2027-03-09")).toBe("2027-03-09");
});

it("tells of few times only where other days have more", () => {
  const day = (free: number) => ({ slots: [], free, held: 0 });
  expect([hasFew(day(2), 9), hasFew(day(3), 9), hasFew(day(0), 9)]).toEqual([true, false, false]);
  expect(hasFew(day(1), 1)).toBe(false);
});

it("does not count what is gone", () => {
  const days = groupByDay([slot("2027-03-10T09:00:00Z", "booked"), late], "UTC");
  expect(isOpen(days.get("2027-03-10"))).toBe(true);
  expect(
    isOpen(groupByDay([slot("2027-03-11T09:00:00Z", "booked")], "UTC").get("2027-03-11")),
  ).toBe(false);
});
