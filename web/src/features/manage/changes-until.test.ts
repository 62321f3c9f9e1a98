// Until when a booking can be changed without its host.
import { expect, it } from "vitest";
import { changesUntil } from "./changes-until";

const booking = { start: "2027-03-10T09:00:00Z" };
const at = (time: string) => Date.parse(`${time}:00Z`);

it("is the start, unless the event type names a time before it", () => {
  const start = at("2027-03-10T09:00");
  expect(changesUntil(booking, null)).toEqual({ cancel: start, move: start });
  const rules = { cancel_until_minutes: 24 * 60, move_until_minutes: null };
  expect(changesUntil(booking, rules)).toEqual({ cancel: at("2027-03-09T09:00"), move: start });
});
