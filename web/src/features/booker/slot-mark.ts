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
  if (slot.state === "held") return { kind: "held" };
  return { kind: "free", left: isShared ? slot.remaining : null };
}

function isSame(a: Pick<Slot, "start" | "end">, b: Pick<Slot, "start" | "end">): boolean {
  return a.start === b.start && a.end === b.end;
}
