// What a tab finds when it comes back to a time, and what it is offered instead.
import { describe, expect, it } from "vitest";
import { reduce, returned, refusalDetails } from "./booking-machine";
import { type Event, slot, answer, refusal, holds, waits } from "./fake-story";

describe("coming back to the page", () => {
  const lease = { version: 1, grantedAt: -60_000 };
  const back = returned<string>({ kind: "held", slot, lease });

  it("goes on with a lease that has not ended, and says that the time is still held", () => {
    expect(reduce(back, holds)).toMatchObject({
      step: "holding",
      how: "back",
      grant: { version: 1, grantedAt: -60_000 },
    });
  });

  it("holds the time anew where the lease has ended and nobody came", () => {
    const anew = answer("holding", { version: 2, grantedAt: 9000 });
    expect(reduce(back, { type: "answered", slot, answer: anew })).toMatchObject({
      how: "again",
      since: 9000,
      grant: { version: 2, grantedAt: 9000 },
    });
  });

  it("says that somebody else came, rather than that somebody was a moment faster", () => {
    expect(reduce(back, waits)).toMatchObject({ step: "lost", reason: "left" });
    const gone: Event = { type: "refused", slot, refusal: refusal("slot_booked") };
    expect(reduce(back, gone)).toMatchObject({ step: "lost", reason: "booked" });
  });

  it("joins a line anew, and may be promoted by it", () => {
    const line = returned<string>({ kind: "queued", slot });
    expect(reduce(line, waits)).toMatchObject({ step: "waiting", place: { position: 1 } });
    expect(reduce(line, holds)).toMatchObject({ step: "holding", how: "promoted" });
  });
});

describe("near alternatives", () => {
  it("are in order of time, however the server ranks them", () => {
    const slots = ["11", "09", "10"].map((hour) => ({
      start: `2027-03-10T${hour}:00:00Z`,
      end: `2027-03-10T${hour}:30:00Z`,
    }));
    const problem = { code: "slot_booked", detail: "", alternatives: slots } as never;
    const told = refusalDetails(problem, null).alternatives.map(({ start }) => start.slice(11, 13));
    expect(told).toEqual(["09", "10", "11"]);
  });
});
