// One's own place, followed through ends and returns of the server.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { streamOf } from "./fake-stream";
import { followPlace } from "./place-stream";

const place = (position: number) => `event: presence\ndata: {"position":${position}}`;
const gone = (code: string) => `event: gone\ndata: {"code":"${code}","status":409,"detail":""}`;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Follows a place on a server that gives these answers one after the other, and then none. */
function follow(...answers: (Response | Error)[]) {
  const told: string[] = [];
  const closed = new AbortController();
  const ask = vi.fn(() => {
    const answer = answers.shift();
    if (answer instanceof Response) return Promise.resolve(answer);
    return Promise.reject(answer ?? new TypeError("Failed to fetch"));
  });
  vi.stubGlobal("fetch", ask);
  const handlers = {
    onPlace: ({ position }: { position: number }) => told.push(`place ${position}`),
    onGone: ({ code }: { code: string }) => {
      told.push(code);
      return code === "hold_lost";
    },
    onBroken: () => told.push("broken"),
  };
  void followPlace("room", "session", handlers, closed.signal);
  return { told, ask, closed };
}

it("opens the stream again after the server has gone and come back", async () => {
  const { told } = follow(streamOf(place(2)), new TypeError("Failed to fetch"), streamOf(place(1)));
  await vi.advanceTimersByTimeAsync(2500);
  expect(told).toEqual(["place 2", "broken", "broken", "place 1", "broken"]);
});

it("follows on after an end that may not be for good, and no more after one that is", async () => {
  const { told, ask } = follow(streamOf(gone("hold_lost")), streamOf(gone("slot_booked")));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual(["hold_lost", "slot_booked"]);
  expect(ask).toHaveBeenCalledTimes(2);
});

it("ends without a word when nobody follows any more", async () => {
  const { told, ask, closed } = follow(streamOf(place(1)));
  await vi.advanceTimersByTimeAsync(0);
  closed.abort();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual(["place 1", "broken"]);
  expect(ask).toHaveBeenCalledTimes(1);
});
