// What may happen to a visitor's time, and what must not.
import { describe, expect, it } from "vitest";
import { reduce } from "./booking-machine";
import { browsing } from "./booking-state";
import {
  type Event,
  slot,
  other,
  answer,
  refusal,
  choose,
  queue,
  holds,
  waits,
  submit,
  after,
} from "./fake-story";

describe("choosing a free time", () => {
  it("shows it as held before the server has answered", () => {
    expect(after(choose)).toMatchObject({ step: "holding", slot, grant: null });
  });

  it("holds it with the server's grant", () => {
    expect(after(choose, holds)).toMatchObject({ step: "holding", grant: { version: 1 } });
  });

  it("rolls back with the alternatives when it was booked a moment ago", () => {
    expect(after(choose, { type: "refused", slot, refusal: refusal("slot_booked") })).toMatchObject(
      {
        step: "browsing",
        rollback: { slot, code: "slot_booked", alternatives: [other] },
      },
    );
  });

  it("joins the line when somebody was faster", () => {
    expect(after(choose, waits)).toMatchObject({ step: "waiting", beaten: true });
  });

  it("ignores answers about a time that is no longer wanted", () => {
    const state = after(choose, { type: "choose", slot: other, held: false });
    expect(reduce(state, holds)).toBe(state);
    expect(reduce(state, { type: "refused", slot, refusal: refusal("slot_booked") })).toBe(state);
  });
});

describe("waiting in line", () => {
  it("knows the place", () => {
    expect(after(queue, waits)).toMatchObject({ step: "waiting", place: { position: 1 } });
  });

  it("is promoted when the time frees", () => {
    expect(after(queue, waits, holds)).toMatchObject({ step: "holding", how: "promoted" });
  });

  it("is no promotion when the time had freed before the first answer", () => {
    expect(after(queue, holds)).toMatchObject({ step: "holding", how: "chosen" });
  });

  it("loses the time when it is booked by the one before", () => {
    expect(
      after(queue, waits, { type: "refused", slot, refusal: refusal("slot_booked") }),
    ).toMatchObject({ step: "lost", reason: "booked", alternatives: [other] });
  });
});

describe("losing a hold", () => {
  it("is lost when a later answer says waiting: somebody else has it", () => {
    expect(after(choose, holds, waits)).toMatchObject({ step: "lost", reason: "taken" });
  });

  it("is lost when its deadline was met", () => {
    expect(
      after(choose, holds, { type: "refused", slot, refusal: refusal("hold_lost") }),
    ).toMatchObject({
      step: "lost",
      reason: "deadline",
    });
    expect(after(choose, holds, { type: "deadline_passed" })).toMatchObject({ reason: "deadline" });
  });

  it("rests for a minute after its deadline, as the server has it, and not after other losses", () => {
    expect(after(choose, holds, { type: "deadline_passed" })).toMatchObject({
      retryAfterSeconds: 60,
    });
    expect(after(choose, holds, waits)).toMatchObject({ retryAfterSeconds: null });
  });
});

describe("holding on, and holding again", () => {
  it("is regained, and says so, when nobody came in between", () => {
    const again = answer("holding", { version: 2, grantedAt: 50_000 });
    expect(after(choose, holds, { type: "answered", slot, answer: again })).toMatchObject({
      step: "holding",
      how: "regained",
      grant: { version: 2, grantedAt: 50_000 },
    });
  });

  it("is its turn, to who slept through it and sees only now that it has come twice", () => {
    const turn = answer("holding", { version: 2, grantedAt: 50_000 });
    const next = answer("holding", { version: 3, grantedAt: 50_300 });
    const awake = after(queue, waits, { type: "answered", slot, answer: turn });
    expect(reduce(awake, { type: "answered", slot, answer: next })).toMatchObject({
      how: "promoted",
      grant: { version: 3 },
    });
    const late = answer("holding", { version: 3, grantedAt: 90_000 });
    expect(reduce(awake, { type: "answered", slot, answer: late })).toMatchObject({
      how: "regained",
    });
  });

  it("is asked for, and not yet granted, while the server has not answered", () => {
    const asking = after(choose, { type: "unreachable" });
    expect(asking).toMatchObject({ step: "holding", grant: null, reachable: false });
  });

  it("is uncertain while the server cannot be reached, and certain again afterwards", () => {
    const away = after(choose, holds, { type: "unreachable" });
    expect(away).toMatchObject({ step: "holding", reachable: false });
    expect(reduce(away, holds)).toMatchObject({ step: "holding", reachable: true, how: "chosen" });
  });

  it("can choose the same time or another again", () => {
    const state = after(choose, holds, { type: "deadline_passed" });
    expect(reduce(state, choose)).toMatchObject({ step: "holding", grant: null });
    expect(reduce(state, { type: "release" })).toEqual(browsing());
  });
});

describe("giving it up", () => {
  it("says once what was given up", () => {
    const release: Event = { type: "release" };
    expect(after(choose, holds, release)).toMatchObject({ givenUp: { slot, from: "hold" } });
    expect(after(queue, waits, release)).toMatchObject({ givenUp: { slot, from: "line" } });
    expect(after(choose, holds, release, release)).toEqual(browsing());
  });
});

describe("keeping the lease", () => {
  it("goes on from when it was granted, however often it is renewed", () => {
    const renewed = answer("holding", { grantedAt: 90_000, expiresAt: 100_000 });
    expect(after(choose, holds, { type: "answered", slot, answer: renewed })).toMatchObject({
      grant: { grantedAt: 0, expiresAt: 100_000 },
    });
  });

  it("can be kept longer once", () => {
    const longer = answer("holding", { deadline: 900_000, extended: true });
    expect(after(choose, holds, { type: "extended", answer: longer })).toMatchObject({
      grant: { deadline: 900_000, extended: true },
    });
  });

  it("is kept while one looks at other times", () => {
    expect(after(choose, holds, { type: "look", looking: true }, holds)).toMatchObject({
      step: "holding",
      looking: true,
    });
  });
});

describe("booking", () => {
  it("waits for the grant before anything can be sent", () => {
    expect(after(choose, submit)).toMatchObject({ step: "holding" });
  });

  it("keeps its hold while the booking is sent, and is not told of its own booking", () => {
    const state = after(choose, holds, submit);
    expect(state).toMatchObject({ step: "booking", attempt: "key" });
    expect(reduce(state, { type: "refused", slot, refusal: refusal("slot_booked") })).toBe(state);
    expect(reduce(state, { type: "choose", slot: other, held: false })).toBe(state);
    const renewed = answer("holding", { expiresAt: 99_000 });
    expect(reduce(state, { type: "answered", slot, answer: renewed })).toMatchObject({
      step: "booking",
      held: { grant: { expiresAt: 99_000 }, lapsed: null },
    });
  });

  it.each<[string, Event, string]>([
    ["somebody else has it", waits, "taken"],
    ["it met its deadline", { type: "deadline_passed" }, "deadline"],
    ["the server says so", { type: "refused", slot, refusal: refusal("hold_lost") }, "deadline"],
  ])("is unsure of its hold when %s, and the answer decides", (_, event, reason) => {
    const unsure = after(choose, holds, submit, event);
    expect(unsure).toMatchObject({ step: "booking", held: { lapsed: reason } });
    expect(reduce(unsure, { type: "confirmed", result: "done" })).toMatchObject({ step: "booked" });
    expect(reduce(unsure, { type: "rejected", refusal: refusal("slot_held") })).toMatchObject({
      step: "lost",
      reason,
    });
    expect(reduce(unsure, { type: "rejected", refusal: refusal("slot_booked") })).toMatchObject({
      reason: "booked",
    });
  });
});

describe("the answer to a booking", () => {
  it("is booked in the end", () => {
    expect(after(choose, holds, submit, { type: "confirmed", result: "done" })).toEqual({
      step: "booked",
      result: "done",
    });
  });

  it("keeps the hold when only the details are wrong", () => {
    const wrong = {
      ...refusal("invalid_argument"),
      errors: [{ field: "booker.email", message: "no" }],
    };
    expect(after(choose, holds, submit, { type: "rejected", refusal: wrong })).toMatchObject({
      step: "holding",
      grant: { version: 1 },
      trouble: { errors: [{ field: "booker.email", message: "no" }] },
    });
  });

  it.each([
    ["slot_booked", "booked"],
    ["slot_held", "taken"],
    ["hold_lost", "deadline"],
    ["slot_unavailable", "unavailable"],
  ])("loses the time when the server says %s", (code, reason) => {
    expect(
      after(choose, holds, submit, { type: "rejected", refusal: refusal(code) }),
    ).toMatchObject({
      step: "lost",
      reason,
    });
  });
});
