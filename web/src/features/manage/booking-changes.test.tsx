// What a booking's holder is offered, before and after it is too late for it.
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Booking, EventType } from "@/api/types";
import { ClockContext } from "@/lib/clock-choice";
import { I18nContext, type I18n, translate } from "@/lib/i18n";
import { BookingChanges } from "./booking-changes";

const clock = vi.hoisted(() => ({ now: 0 }));
vi.mock("@/lib/use-now", () => ({ useNow: () => clock.now }));
afterEach(cleanup);

const i18n: I18n = {
  ...{ language: "en", locale: "en-GB", setLanguage: () => undefined },
  t: (key, params) => translate("en", key, params),
};
const clockChoice = { hourCycle: "h23", setHourCycle: () => undefined } as const;
const start = Date.parse("2027-03-10T09:00:00Z");
const hours = (count: number) => count * 3_600_000;
const booking = {
  ...{ uid: "1", status: "confirmed", version: 1, time_zone: "UTC" },
  ...{ start: "2027-03-10T09:00:00Z", end: "2027-03-10T10:00:00Z" },
} as Booking;
const rules = {
  ...{ cancel_until_minutes: 48 * 60, move_until_minutes: 24 * 60 },
  ...{ requires_confirmation: true, reconfirm_moves: true },
} as EventType;

function shown(before: number, eventType: EventType | null) {
  clock.now = start - before;
  const nothing = () => undefined;
  const does = { onMove: nothing, onCancelled: nothing, onChanged: nothing };
  const { container } = render(
    <I18nContext value={i18n}>
      <ClockContext value={clockChoice}>
        <BookingChanges {...{ booking, eventType, ...does }} token="t" canMove={true} />
      </ClockContext>
    </I18nContext>,
  );
  const buttons = screen.queryAllByRole("button").map((button) => button.textContent);
  const notes = [...container.querySelectorAll("p")].map((note) => note.textContent);
  return { buttons, notes };
}

it("says until when, and hides what is too late", () => {
  const early = shown(hours(72), rules);
  expect(early.buttons).toEqual(["Move to another time", "Cancel the booking"]);
  expect(early.notes).toEqual([
    expect.stringMatching(/^You can cancel until .*8 March.*9:00/),
    expect.stringMatching(/^You can move it until .*9 March.*9:00/),
    "Once moved, it has to be confirmed again.",
  ]);
  cleanup();
  const later = shown(hours(48), rules);
  expect(later.buttons).toEqual(["Move to another time"]);
  expect(later.notes[0]).toMatch(/^It is too late to cancel here/);
  cleanup();
  const late = shown(hours(24), rules);
  expect(late.buttons).toEqual([]);
  expect(late.notes).toHaveLength(2);
});

it("says nothing where both last until the start", () => {
  const plain = { ...rules, cancel_until_minutes: null, move_until_minutes: 0 };
  expect(shown(hours(1), { ...plain, reconfirm_moves: false })).toEqual({
    buttons: ["Move to another time", "Cancel the booking"],
    notes: [],
  });
});
