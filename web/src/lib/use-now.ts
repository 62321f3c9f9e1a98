// The server's time for components that count, ticking once a second.
import { useSyncExternalStore } from "react";
import { serverClock } from "./server-clock";

const TICK_MS = 250;
/** Before anybody counts, an older time than this is no good to begin with. */
const STALE_MS = 2000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

function wholeSecond(): number {
  return Math.ceil(serverClock.now() / 1000) * 1000;
}

function tick(): void {
  const next = wholeSecond();
  if (next === now) return;
  now = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Changes with a tick only: a page that is drawn in pieces would begin again whenever its time changed meanwhile. */
function read(): number {
  const next = wholeSecond();
  if (timer === undefined && Math.abs(next - now) > STALE_MS) now = next;
  return now;
}

/** Milliseconds of the server's clock, rounded up to a second so that a render happens only when one passed. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, read);
}
