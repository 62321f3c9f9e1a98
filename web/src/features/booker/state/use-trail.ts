// Keeps the browser's history and the booker at the same place, whichever of them moves.
import { useEffect, useEffectEvent, useRef } from "react";
import { morph } from "@/lib/view-transition";
import type { BookerEvent } from "./booking-machine";
import type { BookerState } from "./booking-state";
import { type Stop, stopOf, type Trail } from "./stop";

/**
 * There is at most one stop above the times: choosing pushes it, everything after replaces it, and
 * whatever leads back to the times goes back.
 */
export function useTrail<Done>(
  trail: Trail<Done>,
  state: BookerState<Done>,
  dispatch: (event: BookerEvent<Done>) => void,
): void {
  /** The page itself has asked the browser to go back, and the browser has not yet done so. */
  const isLeaving = useRef(false);
  const stop = stopOf(state);
  const written = JSON.stringify(stop);

  const follow = useEffectEvent(() => {
    const here = trail.here();
    if (isLeaving.current || JSON.stringify(here) === written) return;
    if (stop && here) trail.replace(stop);
    else if (stop) trail.push(stop);
    else {
      isLeaving.current = true;
      trail.back();
    }
  });

  const move = useEffectEvent((to: Stop<Done> | null) => {
    if (isLeaving.current) {
      isLeaving.current = false;
      follow();
    } else if (state.step === "booking") {
      // The answer is on its way, and nobody may miss it.
      if (!to) trail.forward();
    } else if (!to) {
      morph(() => dispatch({ type: "release" }));
    } else if (JSON.stringify(to) !== written) {
      morph(() => dispatch({ type: "return", stop: to }));
    }
  });

  // Synchronizes the browser's history with the booker's state.
  useEffect(() => follow(), [written]);

  // Synchronizes the booker's state with the browser's history.
  useEffect(() => trail.listen((to) => move(to)), [trail]);
}
