// The booking that shall move: with its token, times are asked for as if it were not where it is.
import type { SlotRange } from "./types";

export interface Moving {
  uid: string;
  token: string;
  /** Where it is now. */
  slot: SlotRange;
}

export function bearer(token: string) {
  return { Authorization: `Bearer ${token}` };
}

/** What is shown with a question that is asked on behalf of a booking; nothing for a new one. */
export function shownFor(moving: Moving | null): Record<string, string> {
  return moving ? bearer(moving.token) : {};
}

/** The field that names it, where there is one. */
export function fieldFor(moving: Moving | null): { moving?: string } {
  return moving ? { moving: moving.uid } : {};
}
