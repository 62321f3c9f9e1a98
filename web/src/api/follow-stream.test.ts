// A server that refuses a stream is asked less and less often; one that has only gone for a moment is found again at once.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeServer, noServer, refusalOf, streamOf } from "./fake-stream";
import { followStream } from "./follow-stream";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const DAY_MS = 86_400_000;
const tooMany = (headers?: Record<string, string>) => refusalOf(429, "rate_limited", headers);

function follow(onEvent: () => void = () => undefined) {
  const closed = new AbortController();
  const ends: string[] = [];
  const done = followStream(
    {
      open: (signal) => fetch("/stream", { signal }),
      onEvent,
      onRefused: ({ code }) => {
        ends.push(code);
        return code !== "not_found";
      },
      onBroken: () => ends.push("broken"),
    },
    closed.signal,
  );
  return { ends, closed, done };
}

/** How much of the part that is left to chance every pause takes: 0 is the shortest, 1 the longest. */
const jitter = (part: number) => vi.spyOn(Math, "random").mockReturnValue(part);

it.each([
  [429, "rate_limited"],
  [503, "unavailable"],
  [409, "hold_lost"],
])("waits longer after each %d, up to half a minute", async (status, code) => {
  jitter(1);
  const server = fakeServer(() => refusalOf(status, code));
  follow();
  await vi.advanceTimersByTimeAsync(130_000);
  expect(server.pauses()).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

it("spreads those who are refused together over half of each pause", async () => {
  jitter(0);
  const server = fakeServer(() => tooMany());
  follow();
  await vi.advanceTimersByTimeAsync(40_000);
  expect(server.pauses()).toEqual([500, 1000, 2000, 4000, 8000, 15_000]);
});

it("is back no earlier than the server asks for, and not all at once", async () => {
  jitter(0);
  const server = fakeServer(() => tooMany({ "Retry-After": "10" }));
  follow();
  await vi.advanceTimersByTimeAsync(35_000);
  expect(server.pauses()).toEqual([10_500, 11_000, 12_000]);
});

it("takes a date for what to wait for, too, by the clock of whoever gives it", async () => {
  jitter(0);
  const Date = "Wed, 10 Mar 2027 11:00:00 GMT";
  const later = "Wed, 10 Mar 2027 11:00:20 GMT";
  const server = fakeServer(() => tooMany({ Date, "Retry-After": later }));
  follow();
  await vi.advanceTimersByTimeAsync(25_000);
  expect(server.pauses()).toEqual([20_500]);
});

it.each(["soon", "-5", "0", ""])("waits as if nothing had been asked for by %o", async (asked) => {
  jitter(1);
  const server = fakeServer(() => tooMany({ "Retry-After": asked }));
  follow();
  await vi.advanceTimersByTimeAsync(3500);
  expect(server.pauses()).toEqual([1000, 2000]);
});

it("waits for no more than five minutes and its own share, whatever is asked for", async () => {
  jitter(1);
  const server = fakeServer(() => tooMany({ "Retry-After": "31536000" }));
  follow();
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(Math.max(...server.pauses())).toBe(330_000);
});

it("begins anew after a stream that was had", async () => {
  jitter(1);
  const answers = [tooMany(), tooMany(), streamOf("data: a"), tooMany(), tooMany()];
  const server = fakeServer(() => answers.shift() ?? noServer());
  follow();
  await vi.advanceTimersByTimeAsync(5500);
  expect(server.pauses()).toEqual([1000, 2000, 1000, 1000]);
});

it("asks each second while there is no server", async () => {
  const server = fakeServer(noServer);
  const { ends } = follow();
  await vi.advanceTimersByTimeAsync(3500);
  expect(server.pauses()).toEqual([1000, 1000, 1000]);
  expect(ends).toEqual(["broken", "broken", "broken", "broken"]);
});

it("asks no more after a refusal that is for good", async () => {
  const server = fakeServer(() => refusalOf(404, "not_found"));
  const { ends, done } = follow();
  await done;
  await vi.advanceTimersByTimeAsync(DAY_MS);
  expect(server.askedAt).toHaveLength(1);
  expect(ends).toEqual(["not_found"]);
});

it("ends while it waits, when nobody follows any more", async () => {
  const server = fakeServer(() => tooMany());
  const { closed, done } = follow();
  await vi.advanceTimersByTimeAsync(10);
  closed.abort();
  await done;
  expect(vi.getTimerCount()).toBe(0);
  expect(server.askedAt).toHaveLength(1);
});

it("tells the operator what goes wrong in the page itself, and follows on", async () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const server = fakeServer(() => streamOf("data: a"));
  const wrong = new RangeError("Invalid time");
  const { ends } = follow(() => {
    throw wrong;
  });
  await vi.advanceTimersByTimeAsync(1500);
  expect(reported).toHaveBeenCalledWith(wrong);
  expect(ends).toEqual(["broken", "broken"]);
  expect(server.askedAt).toHaveLength(2);
});
