// What may happen to a visitor's time on the way to a booking, as one pure reducer.
import type { Problem, SlotRange } from "@/api/types";
import { byStart } from "@/lib/slot-range";
import {
  type Grant,
  type HowHeld,
  type LossReason,
  type FormTrouble,
  type Holding,
  type Waiting,
  type InFlight,
  type Lost,
  type BookerState,
  slotOf,
  browsing,
} from "./booking-state";
import type { HistoryEntry } from "./history-entry";
import type { Lease } from "./lease";

/** An answer of the presence calls, with the server's times as milliseconds. */
export interface Answer extends Grant {
  state: "holding" | "waiting";
  position: number;
}

export interface RefusalDetails {
  code: string;
  detail: string;
  alternatives: SlotRange[];
  errors: FormTrouble["errors"];
  retryAfterSeconds: number | null;
}

export type BookerEvent<Done> =
  | { type: "choose"; slot: SlotRange; held: boolean }
  | { type: "answered"; slot: SlotRange; answer: Answer }
  | { type: "refused"; slot: SlotRange; refusal: RefusalDetails }
  | { type: "unreachable" }
  | { type: "deadline_passed" }
  | { type: "extended"; answer: Answer }
  | { type: "look"; looking: boolean }
  | { type: "release" }
  | { type: "return"; entry: HistoryEntry<Done> }
  | { type: "submit"; attempt: string }
  | { type: "submit_unreachable" }
  | { type: "confirmed"; result: Done }
  | { type: "rejected"; refusal: RefusalDetails };

export function refusalDetails(problem: Problem, retryAfterSeconds: number | null): RefusalDetails {
  return {
    code: problem.code,
    detail: problem.detail,
    alternatives: byTime(problem.alternatives ?? []),
    errors: problem.errors ?? [],
    retryAfterSeconds,
  };
}

/** The server names the nearest first; people look for times in their order. */
function byTime(slots: readonly SlotRange[]): SlotRange[] {
  return slots.toSorted(byStart);
}

export function reduce<Done>(
  state: BookerState<Done>,
  event: BookerEvent<Done>,
): BookerState<Done> {
  switch (event.type) {
    case "choose":
      return state.step === "booking" ? state : choose(event.slot, event.held);
    case "answered":
      return concerns(state, event.slot) ? answered(state, event.answer) : state;
    case "refused":
      return concerns(state, event.slot) ? refused(state, event.refusal) : state;
    case "unreachable":
      if (state.step === "booking") return sustained(state, { reachable: false });
      return isPresent(state) ? { ...state, reachable: false } : state;
    case "deadline_passed":
      if (state.step === "booking") return sustained(state, { lapsed: "deadline" });
      return state.step === "holding" ? lost(state.slot, "deadline") : state;
    case "extended":
      if (state.step === "booking") return sustained(state, extended(state.held, event.answer));
      return state.step === "holding" ? extended(state, event.answer) : state;
    case "look":
      return state.step === "holding" ? { ...state, looking: event.looking } : state;
    case "release":
      return released(state);
    case "return":
      return state.step === "booking" ? state : returned(event.entry);
    case "submit":
      return submitted(state, event.attempt);
    case "submit_unreachable":
      return state.step === "booking" ? { ...state, reachable: false } : state;
    case "confirmed":
      return state.step === "booking" ? { step: "booked", result: event.result } : state;
    case "rejected":
      return state.step === "booking" ? rejected(state.held, event.refusal) : state;
  }
}

function choose<Done>(slot: SlotRange, held: boolean): BookerState<Done> {
  return held ? queued(slot, null, false) : heldBy(slot, null, "chosen");
}

function isPresent<Done>(state: BookerState<Done>): state is Holding | Waiting {
  return state.step === "holding" || state.step === "waiting";
}

/** Late answers about a slot that is no longer wanted change nothing. */
function concerns<Done>(
  state: BookerState<Done>,
  slot: SlotRange,
): state is Holding | Waiting | InFlight {
  const wanted = slotOf(state);
  return wanted?.start === slot.start && wanted.end === slot.end;
}

/** While a booking is sent, only its answer ends the hold. */
function sustained(state: InFlight, change: Partial<Holding>): InFlight {
  return { ...state, held: { ...state.held, ...change } };
}

function released<Done>(state: BookerState<Done>): BookerState<Done> {
  if (state.step === "booking") return state;
  if (!isPresent(state)) return browsing();
  return browsing(null, { slot: state.slot, from: state.step === "holding" ? "hold" : "line" });
}

/** Back at an entry of the browser's history: what was held is asked for again, what was done is shown. */
export function returned<Done>(entry: HistoryEntry<Done>): BookerState<Done> {
  switch (entry.kind) {
    case "held":
      return { ...heldBy(entry.slot, null, "chosen"), before: entry.lease };
    case "queued":
      return { ...queued(entry.slot, null, false), again: true };
    case "sending": {
      const held = { ...heldBy(entry.slot, null, "chosen"), before: entry.lease };
      return { step: "booking", held, attempt: entry.attempt, reachable: true };
    }
    case "booked":
      return { step: "booked", result: entry.result };
    case "lost":
      return browsing();
  }
}

function answered<Done>(state: Holding | Waiting | InFlight, answer: Answer): BookerState<Done> {
  if (state.step === "booking") {
    const isHeld = answer.state === "holding";
    return sustained(state, isHeld ? heldOn(state.held, answer) : { lapsed: "taken" });
  }
  if (state.step === "waiting") {
    if (answer.state === "waiting") return { ...state, place: answer, reachable: true };
    return heldBy(state.slot, answer, state.place || state.again ? "promoted" : "chosen");
  }
  if (answer.state === "holding") return heldOn(state, answer);
  if (state.grant) return lost(state.slot, "taken");
  return state.before ? lost(state.slot, "left") : queued(state.slot, answer, true);
}

/** The same lease goes on from when it was granted; a new one begins with the answer. */
function renewed(before: Lease | null, answer: Answer): Grant {
  const same = before !== null && before.version === answer.version;
  return { ...answer, grantedAt: same ? before.grantedAt : answer.grantedAt };
}

function extended(held: Holding, answer: Answer): Holding {
  return { ...held, grant: renewed(held.grant, answer) };
}

function heldOn(state: Holding, answer: Answer): Holding {
  const grant = renewed(state.grant ?? state.before, answer);
  const on = { ...state, grant, reachable: true, lapsed: null };
  const isSame = (state.grant ?? state.before)?.version === answer.version;
  if (state.grant && isSame) return on;
  return { ...on, how: howNow(state, isSame, answer.grantedAt), since: answer.grantedAt };
}

/** How long it is news how a hold came. */
export const FRESH_MS = 12_000;

function howNow({ grant, before, how, since }: Holding, isSame: boolean, now: number): HowHeld {
  if (!grant) return before ? (isSame ? "back" : "again") : how;
  // A turn that came and ran out while the tab slept is its turn still, to whoever sees only now.
  return how === "promoted" && now - since < FRESH_MS ? how : "regained";
}

const FRESH = { looking: false, reachable: true, lapsed: null, trouble: null };

function heldBy(slot: SlotRange, grant: Grant | null, how: HowHeld): Holding {
  return {
    step: "holding",
    slot,
    grant,
    before: null,
    how,
    since: grant?.grantedAt ?? 0,
    ...FRESH,
  };
}

function queued(slot: SlotRange, answer: Answer | null, beaten: boolean): Waiting {
  return { step: "waiting", slot, place: answer, beaten, again: false, reachable: true };
}

function refused<Done>(
  state: Holding | Waiting | InFlight,
  refusal: RefusalDetails,
): BookerState<Done> {
  if (state.step === "booking") {
    // That it is booked may be told of the very booking that is on its way.
    if (refusal.code === "slot_booked") return state;
    return sustained(state, { lapsed: reasonOf(refusal.code) });
  }
  const seen =
    state.step === "holding" ? (state.grant ?? state.before) : (state.place ?? state.again);
  if (seen) return lost(state.slot, reasonOf(refusal.code), refusal);
  const { code, alternatives, retryAfterSeconds } = refusal;
  return browsing({ slot: state.slot, code, alternatives, retryAfterSeconds });
}

function reasonOf(code: string): LossReason {
  if (code === "slot_booked") return "booked";
  if (code === "slot_held") return "taken";
  return code === "hold_lost" || code === "too_many_holds" ? "deadline" : "unavailable";
}

/** After a hold met its deadline, the server lets its owner wait so long before holding an overlapping time again. */
const COOLDOWN_SECONDS = 60;

function lost(slot: SlotRange, reason: LossReason, refusal?: RefusalDetails): Lost {
  return {
    step: "lost",
    slot,
    reason,
    alternatives: refusal?.alternatives ?? [],
    retryAfterSeconds:
      refusal?.retryAfterSeconds ?? (reason === "deadline" ? COOLDOWN_SECONDS : null),
  };
}

function submitted<Done>(state: BookerState<Done>, attempt: string): BookerState<Done> {
  if (state.step !== "holding" || !state.grant) return state;
  return { step: "booking", held: { ...state, trouble: null }, attempt, reachable: true };
}

const SLOT_CODES = ["slot_booked", "slot_held", "slot_unavailable", "hold_lost"];

/** A refusal of the slot loses it; any other leaves it held, with what to correct. */
function rejected(held: Holding, refusal: RefusalDetails): Holding | Lost {
  if (SLOT_CODES.includes(refusal.code)) {
    const reason = reasonOf(refusal.code);
    // Who has it now is known; how it was lost, the heartbeats have told.
    return lost(held.slot, reason === "taken" ? (held.lapsed ?? reason) : reason, refusal);
  }
  const trouble = { code: refusal.code, detail: refusal.detail, errors: refusal.errors };
  return { ...held, reachable: true, lapsed: null, trouble };
}
