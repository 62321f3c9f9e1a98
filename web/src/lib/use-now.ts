// The server's time for components that count, ticking once a second.
import { useSyncExternalStore } from "react";
import { serverClock } from "./server-clock";

function subscribe(onTick: () => void): () => void {
  const timer = setInterval(onTick, 250);
  return () => clearInterval(timer);
}

/** Milliseconds of the server's clock, rounded up to a second so that a render happens only when one passed. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => Math.ceil(serverClock.now() / 1000) * 1000);
}
