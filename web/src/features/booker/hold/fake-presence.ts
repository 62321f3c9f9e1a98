// A presence server for tests that keeps one slot's line, and answers when it is told to.
import type { PlaceHandlers } from "@/api/place-stream";
import type { SlotRequest } from "@/api/presence";
import type { Heartbeat } from "@/api/types";
import type { PresencePort } from "./hold-keeper";
import type { HoldSetting } from "./use-slot-hold";

const roomOf = (request: SlotRequest) => request.start;

const answerIn = (room: string): Heartbeat => ({
  ...{ room, state: "holding", position: 0, waiting: 0, who: "me" },
  ...{ resource_ids: [], expires_at: "", hold_deadline: "", version: 1 },
  heartbeat_interval_ms: 5000,
  held_until: null,
  extended: false,
});

/** Calls that are noted, and answered late or not at all. */
function fakeCalls() {
  const calls: string[] = [];
  const waiting: (() => void)[] = [];
  let isHeldBack = false;
  let failure: Error | null = null;
  let inFlight = 0;
  let mostInFlight = 0;
  return {
    calls,
    mostInFlight: () => mostInFlight,
    holdBack: () => (isHeldBack = true),
    fail: (error: Error | null) => (failure = error),
    letGo: async () => {
      isHeldBack = false;
      for (const resolve of waiting.splice(0)) resolve();
      await settled();
    },
    answered: async <T>(call: string, effect: () => T): Promise<T> => {
      calls.push(call);
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      if (isHeldBack) await new Promise<void>((resolve) => waiting.push(resolve));
      inFlight -= 1;
      if (failure) throw failure;
      return effect();
    },
  };
}

/** A clock that goes on when it is told to, and ticks then. */
function fakeClock() {
  let time = 0;
  let tick: () => void = () => undefined;
  return {
    now: () => time,
    startTicking: (onTick: () => void) => {
      tick = onTick;
      return () => {
        tick = () => undefined;
      };
    },
    pass: async (milliseconds: number) => {
      time += milliseconds;
      tick();
      await settled();
    },
  };
}

export function fakePresence() {
  /** Sessions by the room they are in. */
  const present = new Map<string, string>();
  const { answered, ...server } = fakeCalls();
  const { now, startTicking, pass } = fakeClock();
  let followed: { room: string; handlers: PlaceHandlers; signal: AbortSignal } | null = null;

  const port: PresencePort = {
    heartbeat: (request, session) =>
      answered(`beat ${roomOf(request)}`, () => {
        present.set(session, roomOf(request));
        return answerIn(roomOf(request));
      }),
    leave: (room, session) =>
      answered(`leave ${room}`, () => {
        if (present.get(session) === room) present.delete(session);
      }),
    leaveByBeacon: (room) => server.calls.push(`beacon ${room}`),
  };
  const setting: HoldSetting = {
    ...{ port, now, startTicking },
    sessionId: () => Promise.resolve("session"),
    followPlace: (room, _session, handlers, signal) => {
      followed = { room, handlers, signal };
      return Promise.resolve();
    },
  };
  return {
    ...server,
    ...{ setting, present, pass },
    /** The place that is followed now. */
    followed: () => (followed?.signal.aborted ? null : followed),
  };
}

/** Lets everything that is ready happen. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
