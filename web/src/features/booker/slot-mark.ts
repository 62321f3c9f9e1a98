// How a slot of the live list is marked for this visitor.
import type { Slot } from "@/api/types";
import type { BookerState } from "./booking-machine";
import type { SlotMark } from "./time-slot-button";

export function markOf(slot: Slot, state: BookerState<unknown>, isShared: boolean): SlotMark {
  if (state.step === "holding" && isSame(slot, state.slot)) {
    return { kind: "mine", deadline: state.grant?.deadline ?? null };
  }
  if (state.step === "waiting" && isSame(slot, state.slot)) {
    return { kind: "waiting", position: state.place?.position ?? null };
  }
  if (slot.state === "held" && !isHeldByOwn(slot, state)) return { kind: "held" };
  return { kind: "free", left: isShared && slot.state === "free" ? slot.remaining : null };
}

/** One's own hold keeps overlapping times from others, but moving it there is free. */
function isHeldByOwn(slot: Slot, state: BookerState<unknown>): boolean {
  if (state.step !== "holding") return false;
  return slot.start < state.slot.end && state.slot.start < slot.end;
}

function isSame(a: Pick<Slot, "start" | "end">, b: Pick<Slot, "start" | "end">): boolean {
  return a.start === b.start && a.end === b.end;
}
