// Tells the site around a frame what is held and booked.
import { useEffect } from "react";
import type { CreatedBooking, SlotRange } from "@/api/types";
import { tellHost } from "@/lib/embedding";
import type { BookerState } from "./state/booking-state";

const none: Partial<SlotRange> = {};

export function useHostReports(state: BookerState<CreatedBooking>): void {
  const { start, end } = state.step === "holding" && state.grant ? state.slot : none;
  const booked = state.step === "booked" ? state.result : null;
  const scene = state.step === "holding" && state.looking ? "browsing" : state.step;

  // Synchronizes the site around the frame with the hold that the server has granted.
  useEffect(() => {
    if (start !== undefined && end !== undefined) tellHost({ holdfast: "held", start, end });
  }, [start, end]);

  // Synchronizes the site around the frame with the booking that was made.
  useEffect(() => {
    if (!booked) return;
    const { uid, status } = booked;
    tellHost({ holdfast: "booked", start: booked.start, end: booked.end, uid, status });
  }, [booked]);

  // Synchronizes the scroll of the site around the frame: each new scene begins at its top.
  useEffect(() => {
    if (scene === "holding" || scene === "booked" || scene === "lost")
      tellHost({ holdfast: "top" });
  }, [scene]);
}
