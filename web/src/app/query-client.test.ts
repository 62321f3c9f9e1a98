// What could not be had is asked for again by itself, and no earlier than whoever answered wants.
import { QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bookingQuery } from "@/api/bookings";
import { refusalOf } from "@/api/fake-stream";
import { Unreachable } from "@/api/refusal";
import { queryClient } from "./query-client";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  queryClient.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** How often it is asked for in so many milliseconds. */
async function askedIn(milliseconds: number, error: Error) {
  const queryFn = vi.fn(() => Promise.reject(error));
  const stop = new QueryObserver(queryClient, { queryKey: ["a"], queryFn }).subscribe(
    () => undefined,
  );
  await vi.advanceTimersByTimeAsync(milliseconds);
  stop();
  return queryFn.mock.calls.length;
}

it("asks again every three seconds while the server cannot be reached", async () => {
  expect(await askedIn(10_000, new Unreachable("away"))).toBe(4);
});

it("asks no earlier than the server wants", async () => {
  expect(await askedIn(10_000, new Unreachable("busy", 8))).toBe(2);
});

it("asks for a booking no earlier, either", async () => {
  const ask = vi.fn(() => Promise.resolve(refusalOf(429, "rate_limited", { "Retry-After": "8" })));
  vi.stubGlobal("fetch", ask);
  const query = bookingQuery("uid", "token");
  const stop = new QueryObserver(queryClient, query).subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(10_000);
  stop();
  expect(ask).toHaveBeenCalledTimes(2);
});
