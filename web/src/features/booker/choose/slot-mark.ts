// How a slot of the live list is marked for this visitor.
import type { Slot, SlotRange } from "@/api/types";
import type { BookerState } from "../state/booking-state";
import type { Offer } from "../state/offer";

export type SlotMark =
  | { kind: "free"; left: number | null }
  | { kind: "held" }
  /** Taken since one looks; it keeps its place, so that no other time moves under the finger. */
  | { kind: "gone" }
  | { kind: "waiting"; position: number | null }
  /** Without a deadline it is asked for and not yet granted. */
  | { kind: "mine"; deadline: number | null };

type Rules = Pick<Offer, "isShared" | "bufferBeforeMinutes" | "bufferAfterMinutes">;

/** The server counts no further: so many, and more. */
const COUNTED_UP_TO = 99;

export function countOfLeft(left: number): string {
  return left < COUNTED_UP_TO ? `${left}` : `${COUNTED_UP_TO}+`;
}

export function markOf(slot: Slot, state: BookerState<unknown>, rules: Rules): SlotMark {
  if (state.step === "holding" && isSame(slot, state.slot)) {
    return { kind: "mine", deadline: state.grant?.deadline ?? null };
  }
  if (state.step === "waiting" && isSame(slot, state.slot)) {
    return { kind: "waiting", position: state.place?.position ?? null };
  }
  if (slot.state === "booked" || slot.state === "absent") return { kind: "gone" };
  if (slot.state === "held" && !isHeldByOwn(slot, state, rules)) return { kind: "held" };
  return { kind: "free", left: rules.isShared && slot.state === "free" ? slot.remaining : null };
}

/** One's own hold, with its buffers, keeps others from the times around it; moving it there is free. */
function isHeldByOwn(slot: Slot, state: BookerState<unknown>, rules: Rules): boolean {
  if (state.step !== "holding") return false;
  const taken = (range: SlotRange) => ({
    from: Date.parse(range.start) - rules.bufferBeforeMinutes * 60_000,
    to: Date.parse(range.end) + rules.bufferAfterMinutes * 60_000,
  });
  const [wanted, own] = [taken(slot), taken(state.slot)];
  return wanted.from < own.to && own.from < wanted.to;
}

function isSame(a: SlotRange, b: SlotRange): boolean {
  return a.start === b.start && a.end === b.end;
}
