// Keeps this tab present in one room at a time: one call in flight, in order, and gone when it should be.
import { isRefusal, type Refusal } from "@/api/refusal";
import { sameWish, type SlotWish } from "@/api/presence";
import type { Heartbeat } from "@/api/types";

/** What the page wants: to be nowhere, to keep a slot, or to keep still while a booking is decided. */
export type Plan =
  { kind: "away" } | { kind: "keep"; wish: SlotWish } | { kind: "still" } | { kind: "forget" };

export type KeeperEvent =
  | { type: "answered"; wish: SlotWish; answer: Heartbeat }
  | { type: "refused"; wish: SlotWish; refusal: Refusal }
  | { type: "unreachable"; wish: SlotWish };

export interface PresencePort {
  heartbeat: (wish: SlotWish, sessionId: string, signal: AbortSignal) => Promise<Heartbeat>;
  leave: (room: string, sessionId: string) => Promise<void>;
  leaveByBeacon: (room: string, sessionId: string) => void;
}

export interface KeeperSetting {
  port: PresencePort;
  sessionId: () => Promise<string>;
  now: () => number;
  /** Calls back every so often, also in a hidden tab, until stopped. */
  startTicking: (onTick: () => void, everyMs: number) => () => void;
}

/** Until the server says its own interval. */
const FIRST_INTERVAL_MS = 5000;
const LONGEST_TICK_MS = 1000;
/** A call that outlives this was probably cut off by sleep or a lost network; the next one replaces it. */
const CALL_LIMIT_MS = 8000;
const STUCK_AFTER_MS = 2000;

export function createHoldKeeper({ port, sessionId, now, startTicking }: KeeperSetting) {
  let plan: Plan = { kind: "away" };
  let room: { id: string; session: string } | null = null;
  let interval = FIRST_INTERVAL_MS;
  let dueAt = 0;
  let busy = false;
  let call: { abort: AbortController; since: number } | null = null;
  let stopTicking: (() => void) | null = null;
  /** The wish of the last beats: taken up again at once, it goes on as if nothing had been. */
  let kept: SlotWish | null = null;
  let tell: (event: KeeperEvent) => void = () => undefined;

  function follow(next: Plan): void {
    plan = next;
    if (next.kind === "keep") {
      const goesOn = kept !== null && sameWish(kept, next.wish) && dueAt !== Infinity;
      if (!goesOn) dueAt = 0;
      kept = next.wish;
    }
    if (next.kind === "forget") room = kept = null;
    tickWhileKeeping();
    void work();
  }

  function tickWhileKeeping(): void {
    const wanted = plan.kind === "keep";
    if (wanted && !stopTicking) {
      stopTicking = startTicking(() => void work(), Math.min(interval, LONGEST_TICK_MS));
    } else if (!wanted && stopTicking) {
      stopTicking();
      stopTicking = null;
    }
  }

  /** One loop does everything, so that calls never overlap and always reach the server in order. */
  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    // Whoever leaves and comes back in one breath, as StrictMode does, never left.
    await Promise.resolve();
    for (;;) {
      if (plan.kind === "keep" && now() >= dueAt) await beat(plan.wish);
      else if (plan.kind === "away" && room) await leaveRoom(room);
      else break;
    }
    busy = false;
  }

  async function beat(wish: SlotWish): Promise<void> {
    const abort = new AbortController();
    call = { abort, since: now() };
    const limit = setTimeout(() => abort.abort(), CALL_LIMIT_MS);
    dueAt = now() + interval;
    try {
      const session = await sessionId();
      const answer = await port.heartbeat(wish, session, abort.signal);
      room = { id: answer.room, session };
      adoptInterval(answer.heartbeat_interval_ms);
      if (isWanted(wish)) tell({ type: "answered", wish, answer });
    } catch (error) {
      failed(wish, error);
    } finally {
      clearTimeout(limit);
      call = null;
    }
  }

  function isWanted(wish: SlotWish): boolean {
    return plan.kind === "keep" && sameWish(plan.wish, wish);
  }

  function adoptInterval(told: number): void {
    if (told === interval) return;
    dueAt += told - interval;
    interval = told;
    stopTicking?.();
    stopTicking = null;
    tickWhileKeeping();
  }

  function failed(wish: SlotWish, error: unknown): void {
    if (!isWanted(wish)) return;
    if (isRefusal(error)) {
      // Nothing more is asked for until the page decides anew.
      dueAt = Infinity;
      tell({ type: "refused", wish, refusal: error });
    } else {
      dueAt = now() + Math.min(interval, LONGEST_TICK_MS);
      tell({ type: "unreachable", wish });
    }
  }

  async function leaveRoom({ id, session }: { id: string; session: string }): Promise<void> {
    room = kept = null;
    // Where no answer comes the lease runs out by itself.
    await port.leave(id, session).catch(() => undefined);
  }

  return {
    follow,
    listen(onEvent: (event: KeeperEvent) => void): void {
      tell = onEvent;
    },
    /** Asks the server at once: after sleep, a lost network, or a rest in the back-forward cache. */
    wake(): void {
      if (call && now() - call.since > STUCK_AFTER_MS) call.abort.abort();
      if (plan.kind === "keep" && dueAt !== Infinity) dueAt = 0;
      void work();
    },
    /** The page goes away. A booking that is being decided keeps its lease. */
    hide(): void {
      if (!room || plan.kind === "still") return;
      port.leaveByBeacon(room.id, room.session);
      room = null;
    },
    room: () => room,
  };
}

export type HoldKeeper = ReturnType<typeof createHoldKeeper>;
