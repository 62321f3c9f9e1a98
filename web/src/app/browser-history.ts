// The browser's history as the booker sees it: each entry carries where the visitor was on the way to a booking.
import type { HistoryEntry, BookerHistory } from "@/features/booker/state/history-entry";

/** What an entry of the browser's history carries besides its address. */
export interface EntryState {
  /** Plain data of the booker; whoever reads it knows what is booked. Tabs that are open during an update have it by this name. */
  stop?: HistoryEntry<unknown>;
  /** The manage page is choosing a new time. */
  isMoving?: boolean;
}

export function stateHere(): EntryState {
  return (history.state ?? {}) as EntryState;
}

const entryHere = () => stateHere().stop ?? null;
const withEntry = (entry: HistoryEntry<unknown>): EntryState => ({
  ...stateHere(),
  stop: entry,
});

/** Some browsers refuse entries that come too fast one after the other: then the page goes on as it was, and writes with its next step. */
export function writeEntry(how: "pushState" | "replaceState", state: unknown, url?: string): void {
  try {
    history[how](state, "", url);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
  }
}

const bookerHistory: BookerHistory<unknown> = {
  here: entryHere,
  push: (entry) => writeEntry("pushState", withEntry(entry)),
  replace: (entry) => writeEntry("replaceState", withEntry(entry)),
  back: () => history.back(),
  forward: () => history.forward(),
  listen: (onMove) => {
    const move = () => onMove(entryHere());
    addEventListener("popstate", move);
    return () => removeEventListener("popstate", move);
  },
};

/** There is one history, and each page reads from it what it has written there itself. */
export const browserHistory = <Done>() => bookerHistory as BookerHistory<Done>;
