// A presence server for tests that keeps one slot's line, and answers when it is told to.
import type { PlaceHandlers } from "@/api/place-stream";
import type { SlotRequest } from "@/api/presence";
import type { Heartbeat } from "@/api/types";
import type { HoldSetting } from "./use-slot-hold";

export function fakePresence() {
  /** Sessions by the room they are in. */
  const present = new Map<string, string>();
  const calls: string[] = [];
  const waiting: (() => void)[] = [];
  let isHeldBack = false;
  let time = 0;
  let tick: () => void = () => undefined;
  let failure: Error | null = null;
  let followed: { room: string; handlers: PlaceHandlers; signal: AbortSignal } | null = null;
  let inFlight = 0;
  let mostInFlight = 0;

  const roomOf = (request: SlotRequest) => request.start;

  async function answered<T>(call: string, effect: () => T): Promise<T> {
    calls.push(call);
    inFlight += 1;
    mostInFlight = Math.max(mostInFlight, inFlight);
    if (isHeldBack) await new Promise<void>((resolve) => waiting.push(resolve));
    inFlight -= 1;
    if (failure) throw failure;
    return effect();
  }

  const setting: HoldSetting = {
    port: {
      heartbeat: (request, session) =>
        answered(`beat ${roomOf(request)}`, (): Heartbeat => {
          present.set(session, roomOf(request));
          return {
            ...{ room: roomOf(request), state: "holding", position: 0, waiting: 0, who: "me" },
            ...{ resource_ids: [], expires_at: "", hold_deadline: "", version: 1 },
            heartbeat_interval_ms: 5000,
            extended: false,
          };
        }),
      leave: (room, session) =>
        answered(`leave ${room}`, () => {
          if (present.get(session) === room) present.delete(session);
        }),
      leaveByBeacon: (room) => calls.push(`beacon ${room}`),
    },
    followPlace: (room, _session, handlers, signal) => {
      followed = { room, handlers, signal };
      return Promise.resolve();
    },
    sessionId: () => Promise.resolve("session"),
    now: () => time,
    startTicking: (onTick) => {
      tick = onTick;
      return () => {
        tick = () => undefined;
      };
    },
  };

  return {
    setting,
    calls,
    present,
    /** The place that is followed now. */
    followed: () => (followed?.signal.aborted ? null : followed),
    mostInFlight: () => mostInFlight,
    holdBack: () => (isHeldBack = true),
    async letGo() {
      isHeldBack = false;
      for (const resolve of waiting.splice(0)) resolve();
      await settled();
    },
    fail: (error: Error | null) => (failure = error),
    async pass(milliseconds: number) {
      time += milliseconds;
      tick();
      await settled();
    },
  };
}

/** Lets everything that is ready happen. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
