// The browser's history as the booker's trail: each entry carries the stop that the visitor was at.
import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Stop, Trail } from "@/features/booker/stop";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** Plain data of the booker; whoever reads it knows what is booked. */
    stop?: Stop<unknown>;
    /** The manage page is choosing a new time. */
    isMoving?: boolean;
  }
}

export function useHistoryTrail<Done>(): Trail<Done> {
  const { history } = useRouter();
  return useMemo(() => {
    const stopHere = () => (history.location.state.stop ?? null) as Stop<Done> | null;
    const withStop = (stop: Stop<Done>) => {
      const { isMoving } = history.location.state;
      return { ...(isMoving ? { isMoving } : {}), stop };
    };
    return {
      here: stopHere,
      push: (stop) => history.push(history.location.href, withStop(stop)),
      replace: (stop) => history.replace(history.location.href, withStop(stop)),
      back: () => history.back(),
      forward: () => history.forward(),
      listen: (onMove) =>
        history.subscribe(({ action }) => {
          if (action.type !== "PUSH" && action.type !== "REPLACE") onMove(stopHere());
        }),
    };
  }, [history]);
}
