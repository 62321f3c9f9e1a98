// What is shown at each step of the way to a booking.
import type { BookerState } from "./state/booking-state";

export type Scene = "choose" | "line" | "details" | "lost" | "done";

export function sceneOf(state: BookerState<unknown>): Scene {
  switch (state.step) {
    case "browsing":
      return "choose";
    case "waiting":
      return "line";
    case "holding":
      return state.looking ? "choose" : "details";
    case "booking":
      return "details";
    case "booked":
      return "done";
    case "lost":
      return "lost";
  }
}
