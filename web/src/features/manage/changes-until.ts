// Until when whoever has a booking's link may change it without its host.
import type { Booking, EventType } from "@/api/types";

export type Rules = Pick<EventType, "cancel_until_minutes" | "move_until_minutes">;

/** Until when one may do this: an instant, in milliseconds. */
export interface Until {
  cancel: number;
  move: number;
}

/** Without rules, or where they name no time, until the start. */
export function changesUntil({ start }: Pick<Booking, "start">, rules: Rules | null): Until {
  const before = (minutes: number | null | undefined) =>
    Date.parse(start) - (minutes ?? 0) * 60_000;
  return { cancel: before(rules?.cancel_until_minutes), move: before(rules?.move_until_minutes) };
}
