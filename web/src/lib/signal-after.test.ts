// What waits is given up in time, also where the browser has no signal for it.
import { afterEach, expect, it, vi } from "vitest";
import { signalAfter } from "./signal-after";

afterEach(() => vi.useRealTimers());

it("aborts when the time is over, and not before", () => {
  vi.useFakeTimers();
  const signal = signalAfter(8000);
  vi.advanceTimersByTime(7999);
  expect(signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(signal.aborted).toBe(true);
});
