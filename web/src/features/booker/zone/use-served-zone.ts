// Goes on in the offer's own zone where the server does not know the visitor's: a browser's list of zones may be the newer one.
import { useEffect, useEffectEvent } from "react";
import { isRefusal } from "@/api/refusal";
import type { Offer, Viewing } from "../state/offer";

export interface Served extends Viewing {
  offer: Offer;
}

export function useServedZone(error: Error | null, { offer, view, onView }: Served): void {
  const isRefused = isZoneRefused(error) && view.timeZone !== offer.timeZone;
  const goOn = useEffectEvent(() => onView({ timeZone: offer.timeZone, isZoneInstead: true }));

  // Synchronizes the view with the zones that the server knows.
  useEffect(() => {
    if (isRefused) goOn();
  }, [isRefused]);
}

function isZoneRefused(error: Error | null): boolean {
  return (
    isRefusal(error) && (error.problem.errors ?? []).some(({ field }) => field === "time_zone")
  );
}
