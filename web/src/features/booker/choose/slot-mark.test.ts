// A time says to whom it belongs.
import { expect, it } from "vitest";
import type { Slot } from "@/api/types";
import { reduce } from "../state/booking-machine";
import { browsing } from "../state/booking-state";
import { countOfLeft, markOf } from "./slot-mark";

function slot(from: string, to: string, state: Slot["state"]): Slot {
  const remaining = state === "free" ? 2 : 0;
  return { start: `2027-03-10T${from}:00Z`, end: `2027-03-10T${to}:00Z`, state, remaining };
}

const rules = { isShared: false, bufferBeforeMinutes: 0, bufferAfterMinutes: 0 };
const shared = { ...rules, isShared: true };
const nine = slot("09:00", "10:00", "held");
const holding = reduce(browsing(), { type: "choose", slot: nine, held: false });
const waiting = reduce(browsing(), { type: "choose", slot: nine, held: true });

it("is held by someone else, unless it is one's own or one waits for it", () => {
  expect(markOf(nine, browsing(), rules).kind).toBe("held");
  expect(markOf(nine, holding, rules).kind).toBe("mine");
  expect(markOf(nine, waiting, rules).kind).toBe("waiting");
});

it("stays free to choose where only one's own hold is in the way", () => {
  expect(markOf(slot("09:30", "10:30", "held"), holding, rules).kind).toBe("free");
  expect(markOf(slot("10:00", "11:00", "held"), holding, rules).kind).toBe("held");
});

it("stays free to choose where the buffers of one's own hold are in the way", () => {
  const buffered = { ...rules, bufferBeforeMinutes: 0, bufferAfterMinutes: 30 };
  expect(markOf(slot("10:00", "11:00", "held"), holding, buffered).kind).toBe("free");
  expect(markOf(slot("08:00", "09:00", "held"), holding, buffered).kind).toBe("free");
  expect(markOf(slot("10:30", "11:30", "held"), holding, buffered).kind).toBe("held");
});

it("keeps its place when it is gone", () => {
  expect(markOf(slot("11:00", "12:00", "booked"), browsing(), rules).kind).toBe("gone");
});

it("says how many are left only where several can have it", () => {
  const free = slot("11:00", "12:00", "free");
  expect(markOf(free, browsing(), shared)).toEqual({ kind: "free", left: 2 });
  expect(markOf(free, browsing(), rules)).toEqual({ kind: "free", left: null });
});

it("says how many are left as far as they are counted", () => {
  expect(countOfLeft(2)).toBe("2");
  expect(countOfLeft(98)).toBe("98");
  expect(countOfLeft(99)).toBe("99+");
});
