// A hold must not end because a script cannot be had.
import { afterEach, expect, it, vi } from "vitest";
import { startTicking } from "./start-ticking";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  ["has none", undefined],
  [
    "forbids them",
    function Forbidden() {
      throw new DOMException("Denied.", "SecurityError");
    },
  ],
])("ticks by itself where workers are wanted of a browser that %s", (_, worker) => {
  vi.useFakeTimers();
  vi.stubGlobal("Worker", worker);
  const onTick = vi.fn();
  const stop = startTicking(onTick, 1000);
  vi.advanceTimersByTime(3000);
  stop();
  vi.advanceTimersByTime(3000);
  expect(onTick).toHaveBeenCalledTimes(3);
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
