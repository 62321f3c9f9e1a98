// Keeps the browser's history and the booker at the same place, whichever of them moves.
import { useEffect, useEffectEvent, useRef } from "react";
import { withTransition } from "@/lib/view-transition";
import type { BookerEvent } from "./booking-machine";
import type { BookerState } from "./booking-state";
import { type HistoryEntry, entryOf, type BookerHistory } from "./history-entry";

/**
 * There is at most one entry above the times: choosing pushes it, everything after replaces it, and
 * whatever leads back to the times goes back.
 */
export function useBookerHistory<Done>(
  history: BookerHistory<Done>,
  state: BookerState<Done>,
  dispatch: (event: BookerEvent<Done>) => void,
): void {
  /** The page itself has asked the browser to go back, and the browser has not yet done so. */
  const isLeaving = useRef(false);
  const entry = entryOf(state);
  const written = JSON.stringify(entry);

  const follow = useEffectEvent(() => {
    const here = history.here();
    if (isLeaving.current || JSON.stringify(here) === written) return;
    if (entry && here) history.replace(entry);
    else if (entry) history.push(entry);
    else {
      isLeaving.current = true;
      history.back();
    }
  });

  const move = useEffectEvent((to: HistoryEntry<Done> | null) => {
    if (isLeaving.current) {
      isLeaving.current = false;
      follow();
    } else if (state.step === "booking") {
      // The answer is on its way, and nobody may miss it.
      if (!to) history.forward();
    } else if (!to) {
      withTransition(() => dispatch({ type: "release" }));
    } else if (JSON.stringify(to) !== written) {
      withTransition(() => dispatch({ type: "return", entry: to }));
    }
  });

  // Synchronizes the browser's history with the booker's state.
  useEffect(() => follow(), [written]);

  // Synchronizes the booker's state with the browser's history.
  useEffect(() => history.listen((to) => move(to)), [history]);
}
