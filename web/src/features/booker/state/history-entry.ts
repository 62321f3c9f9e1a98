// Where a visitor is on the way to a booking, as an entry of the browser's history, so that Back, Forward and a reload mean what they say.
import type { SlotRange } from "@/api/types";
import type { BookerState, Holding } from "./booking-state";
import type { Lease } from "./lease";

/** Beyond the times themselves, which are no entry. It survives a reload, so it is plain data. */
export type HistoryEntry<Done> =
  | { kind: "held"; slot: SlotRange; lease: Lease }
  | { kind: "queued"; slot: SlotRange }
  | { kind: "sending"; slot: SlotRange; lease: Lease; attempt: string }
  | { kind: "lost"; slot: SlotRange }
  | { kind: "booked"; result: Done };

/** The browser's history, as far as the booker needs it. */
export interface BookerHistory<Done> {
  here: () => HistoryEntry<Done> | null;
  push: (entry: HistoryEntry<Done>) => void;
  replace: (entry: HistoryEntry<Done>) => void;
  back: () => void;
  forward: () => void;
  /** Calls back when the visitor went back or forward, until stopped. */
  listen: (onMove: (entry: HistoryEntry<Done> | null) => void) => () => void;
}

export function entryOf<Done>(state: BookerState<Done>): HistoryEntry<Done> | null {
  switch (state.step) {
    case "browsing":
      return null;
    case "holding":
      return { kind: "held", slot: state.slot, lease: leaseOf(state) };
    case "waiting":
      return { kind: "queued", slot: state.slot };
    case "booking":
      return {
        kind: "sending",
        slot: state.held.slot,
        lease: leaseOf(state.held),
        attempt: state.attempt,
      };
    case "lost":
      return { kind: "lost", slot: state.slot };
    case "booked":
      return { kind: "booked", result: state.result };
  }
}

/** A lease that was never granted has a number that no lease has. */
function leaseOf({ grant, before }: Holding): Lease {
  const { version, grantedAt } = grant ?? before ?? { version: 0, grantedAt: 0 };
  return { version, grantedAt };
}
