// The browser's history as the booker's trail: each entry carries the stop that the visitor was at.
import type { Stop, Trail } from "@/features/booker/state/stop";

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

/** Some browsers refuse entries that come too fast one after the other: then the page goes on as it was, and writes with its next step. */
export function writeEntry(how: "pushState" | "replaceState", state: unknown, url?: string): void {
  try {
    history[how](state, "", url);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
}

const trail: Trail<unknown> = {
  here: stopHere,
  push: (stop) => writeEntry("pushState", withStop(stop)),
  replace: (stop) => writeEntry("replaceState", withStop(stop)),
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
