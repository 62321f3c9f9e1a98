// The browser's history as the booker's trail: each entry carries the stop that the visitor was at.
import type { Stop, Trail } from "@/features/booker/stop";

/** What an entry of the browser's history carries besides its address. */
export interface EntryState {
  /** Plain data of the booker; whoever reads it knows what is booked. */
  stop?: Stop<unknown>;
  /** The manage page is choosing a new time. */
  isMoving?: boolean;
}

export function stateHere(): EntryState {
  return (history.state ?? {}) as EntryState;
}

const stopHere = () => stateHere().stop ?? null;
const withStop = (stop: Stop<unknown>): EntryState => ({ ...stateHere(), stop });

const trail: Trail<unknown> = {
  here: stopHere,
  push: (stop) => history.pushState(withStop(stop), ""),
  replace: (stop) => history.replaceState(withStop(stop), ""),
  back: () => history.back(),
  forward: () => history.forward(),
  listen: (onMove) => {
    const move = () => onMove(stopHere());
    addEventListener("popstate", move);
    return () => removeEventListener("popstate", move);
  },
};

/** There is one history, and each page reads from it what it has written there itself. */
export const historyTrail = <Done>() => trail as Trail<Done>;
