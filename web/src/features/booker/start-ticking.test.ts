// A hold must not end because a script cannot be had.
import { afterEach, expect, it, vi } from "vitest";
import { startTicking } from "./start-ticking";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("ticks by itself where the worker cannot be had, until it is stopped", () => {
  vi.useFakeTimers();
  const workers: EventTarget[] = [];
  class MissingWorker extends EventTarget {
    constructor() {
      super();
      workers.push(this);
    }
    postMessage = () => undefined;
    terminate = () => undefined;
  }
  vi.stubGlobal("Worker", MissingWorker);
  const onTick = vi.fn();
  const stop = startTicking(onTick, 1000);
  vi.advanceTimersByTime(3000);
  expect(onTick).not.toHaveBeenCalled();
  workers[0]?.dispatchEvent(new Event("error"));
  vi.advanceTimersByTime(3000);
  expect(onTick).toHaveBeenCalledTimes(3);
  stop();
  vi.advanceTimersByTime(3000);
  expect(onTick).toHaveBeenCalledTimes(3);
});
