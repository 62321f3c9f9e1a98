// Nothing is said to be held that may not be.
import { expect, it } from "vitest";
import { after, choose, type Event, holds } from "../state/fake-story";
import { certaintyOf } from "./held-text";

const unreachable: Event = { type: "unreachable" };

function certaintyAfter(now: number, ...events: Event[]) {
  const state = after(...events);
  if (state.step !== "holding") throw new Error("It does not hold.");
  return certaintyOf(state, now);
}

it("is not said to be anyone's while the server has not answered", () => {
  expect(certaintyAfter(0, choose, unreachable)).toBe("asking");
});

it("is said to be held for as long as its lease is sure to last, and no longer", () => {
  expect(certaintyAfter(12_500, choose, holds, unreachable)).toBe("held");
  expect(certaintyAfter(12_501, choose, holds, unreachable)).toBe("was_held");
  expect(certaintyAfter(12_501, choose, holds)).toBe("held");
});
