// Whether the visitor wants 12 or 24 hours: the locale's habit, until they choose.
import { createContext, use } from "react";

export type HourCycle = "h12" | "h23";

export interface Clock {
  hourCycle: HourCycle;
  setHourCycle: (hourCycle: HourCycle) => void;
}

export const ClockContext = createContext<Clock | null>(null);

export function useClock(): Clock {
  const clock = use(ClockContext);
  if (!clock) throw new Error("A ClockContext must be around this component.");
  return clock;
}
