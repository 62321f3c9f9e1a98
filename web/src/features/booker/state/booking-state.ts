// Where a visitor can be on the way to a booking: browsing, holding or waiting, booking, booked or lost.
import type { SlotRange } from "@/api/types";
import type { Lease } from "./lease";

/** What the server granted: the lease on a slot, by its fencing number. */
export interface Grant extends Lease {
  room: string;
  /** Milliseconds of the server's clock: the lease ends then if no heartbeat comes. */
  expiresAt: number;
  /** Milliseconds of the server's clock: the hold ends then whatever happens. */
  deadline: number;
  waiting: number;
  /** A hold can be kept longer once. */
  extended: boolean;
  who: string;
}

export interface Place {
  room: string;
  position: number;
  waiting: number;
  who: string;
}

/** How a hold came: chosen, its turn had come, it had run out, it went on, or it was given up and taken again. */
export type HowHeld = "chosen" | "promoted" | "regained" | "back" | "again";
export type LossReason = "deadline" | "taken" | "left" | "booked" | "unavailable";

export interface FormTrouble {
  code: string;
  detail: string;
  errors: { field: string; message: string }[];
}

/** Why a choice did not work, shown where one chooses. */
export interface Rollback {
  slot: SlotRange;
  code: string;
  alternatives: SlotRange[];
  retryAfterSeconds: number | null;
}

export interface Holding {
  step: "holding";
  slot: SlotRange;
  /** Null while the server has not answered yet: the page shows it as held already. */
  grant: Grant | null;
  /** The lease that this tab had before it was loaded again, or stepped back and forward. */
  before: Lease | null;
  how: HowHeld;
  /** Since when it is held in this way, in milliseconds of the server's clock. */
  since: number;
  /** Looking at other times meanwhile. */
  looking: boolean;
  reachable: boolean;
  /** While its booking is sent: why others may have it by now. The answer to the booking decides. */
  lapsed: LossReason | null;
  trouble: FormTrouble | null;
}

export interface Waiting {
  step: "waiting";
  slot: SlotRange;
  place: Place | null;
  /** The time looked free, and somebody else was faster. */
  beaten: boolean;
  /** The tab was in this line before, and has come back to it. */
  again: boolean;
  reachable: boolean;
}

export interface InFlight {
  step: "booking";
  held: Holding;
  attempt: string;
  /** Whether the booking is being answered; whether the hold is kept, `held` says. */
  reachable: boolean;
}

export interface Lost {
  step: "lost";
  slot: SlotRange;
  reason: LossReason;
  alternatives: SlotRange[];
  retryAfterSeconds: number | null;
}

/** What the visitor gave up: said once, where one chooses. */
export interface GivenUp {
  slot: SlotRange;
  from: "hold" | "line";
}

export type BookerState<Done> =
  | { step: "browsing"; rollback: Rollback | null; givenUp: GivenUp | null }
  | Holding
  | Waiting
  | InFlight
  | { step: "booked"; result: Done }
  | Lost;

/** The hold of a time, also while its booking is sent. */
export function heldIn<Done>(state: BookerState<Done>): Holding | null {
  if (state.step === "booking") return state.held;
  return state.step === "holding" ? state : null;
}

/** The time that is held, waited for, or being booked. */
export function slotOf<Done>(state: BookerState<Done>): SlotRange | null {
  return heldIn(state)?.slot ?? (state.step === "waiting" ? state.slot : null);
}

export function browsing<Done>(
  rollback: Rollback | null = null,
  givenUp: GivenUp | null = null,
): BookerState<Done> {
  return { step: "browsing", rollback, givenUp };
}
