// Joins the booking machine to the hold on the server and to the sending of the booking.
import { use, useEffect, useEffectEvent, useMemo, useReducer } from "react";
import { flushSync } from "react-dom";
import type { Moving } from "@/api/moving";
import type { Refusal } from "@/api/refusal";
import type { Heartbeat, SlotRange } from "@/api/types";
import { useUntilAnswered } from "@/api/use-until-answered";
import { randomId } from "@/lib/random-id";
import { serverClock } from "@/lib/server-clock";
import { minutesOf } from "@/lib/slot-range";
import { tabSession } from "@/lib/tab-session";
import {
  type Answer,
  type BookerEvent,
  reduce,
  returned,
  refusalDetails,
} from "./state/booking-machine";
import { type BookerState, browsing, heldIn, slotOf } from "./state/booking-state";
import type { KeeperEvent, Plan } from "./hold/hold-keeper";
import type { BookerHistory } from "./state/history-entry";
import { useSlotHold } from "./hold/use-slot-hold";
import { useBookerHistory } from "./state/use-booker-history";

/** How long after its deadline a hold without an answer is given up. */
const GRACE_MS = 1500;

export interface BookerSetting<Done> {
  eventTypeId: string;
  /** The booking that shall move to the chosen time; the same object for as long as it is the same. */
  moving: Moving | null;
  /** Sends the booking; safe to repeat for the same attempt. */
  send: (slot: SlotRange, sessionId: string, attempt: string) => Promise<Done>;
  /** Called with what is refused while the time is kept: whether it is no matter of this time, and dealt with. */
  onRefused?: (refusal: Refusal) => boolean;
  /** Called when it is done and the page shows so. */
  onDone: (result: Done) => void;
  history: BookerHistory<Done>;
}

export function useBooker<Done>(setting: BookerSetting<Done>) {
  const { eventTypeId, moving, send, onDone, history } = setting;
  const isSameTab = use(tabSession().isKept);
  const [state, dispatch] = useReducer(reduce<Done>, null, () => {
    const entry = isSameTab ? history.here() : null;
    return entry ? returned(entry) : browsing<Done>();
  });
  const { plan, slot } = usePlan(state, eventTypeId, moving);
  useBookerHistory(history, state, dispatch);

  const hold = useSlotHold({
    plan,
    room: roomOf(state),
    onEvent: (event) => {
      if (event.type === "refused" && setting.onRefused?.(event.refusal)) return;
      if (slot) dispatch(eventFor(slot, event));
    },
  });
  useDeadline(state, hold.checkNow, () => dispatch({ type: "deadline_passed" }));
  // Also when the page was loaded again in between.
  useUntilAnswered({
    key: state.step === "booking" ? state.attempt : null,
    send: async (attempt) => {
      if (!slot) throw new Error("Nothing is being booked.");
      return send(slot, await hold.sessionId(), attempt);
    },
    onDone: (result) => {
      // The page must know before anybody else acts on it.
      flushSync(() => dispatch({ type: "confirmed", result }));
      onDone(result);
    },
    onRefused: ({ problem, retryAfterSeconds }) =>
      dispatch({ type: "rejected", refusal: refusalDetails(problem, retryAfterSeconds) }),
    onUnreachable: () => dispatch({ type: "submit_unreachable" }),
  });

  async function extend(): Promise<boolean> {
    const answer = await hold.extend().catch(() => null);
    if (answer) dispatch({ type: "extended", answer: answerOf(answer) });
    return answer !== null;
  }

  return {
    state,
    dispatch,
    submit: () => dispatch({ type: "submit", attempt: randomId() }),
    extend,
  };
}

export type BookerControl<Done> = ReturnType<typeof useBooker<Done>>;

/** The same plan object for as long as the same is wanted. */
function usePlan<Done>(state: BookerState<Done>, eventTypeId: string, moving: Moving | null) {
  const isBeingBooked = state.step === "booking";
  const { start, end } = slotOf(state) ?? {};
  const target = useMemo(() => {
    if (start === undefined || end === undefined) return null;
    const slot = { start, end };
    return { slot, request: { eventTypeId, start, durationMinutes: minutesOf(slot), moving } };
  }, [start, end, eventTypeId, moving]);
  const plan = useMemo(
    (): Plan =>
      target ? { kind: "keep", request: target.request, isBeingBooked } : { kind: "away" },
    [target, isBeingBooked],
  );
  return { plan, slot: target?.slot ?? null };
}

function roomOf(state: BookerState<unknown>): string | null {
  if (state.step === "waiting") return state.place?.room ?? null;
  return heldIn(state)?.grant?.room ?? null;
}

function answerOf(heartbeat: Heartbeat): Answer {
  return {
    room: heartbeat.room,
    state: heartbeat.state,
    position: heartbeat.position,
    waiting: heartbeat.waiting,
    who: heartbeat.who,
    version: heartbeat.version,
    extended: heartbeat.extended,
    expiresAt: Date.parse(heartbeat.expires_at),
    deadline: heartbeat.hold_deadline ? Date.parse(heartbeat.hold_deadline) : Infinity,
    grantedAt: serverClock.now(),
  };
}

function eventFor(slot: SlotRange, event: KeeperEvent): BookerEvent<never> {
  if (event.type === "answered") return { ...event, slot, answer: answerOf(event.answer) };
  if (event.type === "unreachable") return event;
  const { problem, retryAfterSeconds } = event.refusal;
  return { type: "refused", slot, refusal: refusalDetails(problem, retryAfterSeconds) };
}

function useDeadline<Done>(state: BookerState<Done>, checkNow: () => void, onPassed: () => void) {
  const deadline = heldIn(state)?.grant?.deadline ?? Infinity;
  const check = useEffectEvent(checkNow);
  const pass = useEffectEvent(onPassed);

  // Synchronizes with the clock: at the deadline the server is asked, and not waited for too long.
  useEffect(() => {
    if (deadline === Infinity) return;
    const left = Math.max(0, deadline - serverClock.now());
    const asking = setTimeout(() => check(), left);
    const giving = setTimeout(() => pass(), left + GRACE_MS);
    return () => {
      clearTimeout(asking);
      clearTimeout(giving);
    };
  }, [deadline]);
}
