// Keeps this tab present in one room at a time: one call in flight, in order, and gone when it should be.
import { isRefusal, type Refusal } from "@/api/refusal";
import { isSameRequest, type SlotRequest } from "@/api/presence";
import type { Heartbeat } from "@/api/types";

/**
 * What the page wants: to be nowhere, or to keep a slot. While a booking of it is being sent, closing the page gives
 * nothing up: the booking may still arrive, and needs the hold.
 */
export type Plan =
  { kind: "away" } | { kind: "keep"; request: SlotRequest; isBeingBooked: boolean };

export type KeeperEvent =
  | { type: "answered"; request: SlotRequest; answer: Heartbeat }
  | { type: "refused"; request: SlotRequest; refusal: Refusal }
  | { type: "unreachable"; request: SlotRequest };

export interface PresencePort {
  heartbeat: (request: SlotRequest, sessionId: string, signal: AbortSignal) => Promise<Heartbeat>;
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

export class HoldKeeper {
  readonly #setting: KeeperSetting;
  #plan: Plan = { kind: "away" };
  #room: { id: string; session: string } | null = null;
  /** The request of the last beats: taken up again at once, it goes on as if nothing had been. */
  #kept: SlotRequest | null = null;
  #interval = FIRST_INTERVAL_MS;
  #dueAt = 0;
  #isBusy = false;
  #isHolding = false;
  /** How often the server has told of the place by itself. */
  #updates = 0;
  #call: { abort: AbortController; since: number } | null = null;
  #stopTicking: (() => void) | null = null;
  #notify: (event: KeeperEvent) => void = () => undefined;

  constructor(setting: KeeperSetting) {
    this.#setting = setting;
  }

  get room() {
    return this.#room;
  }

  subscribe(onEvent: (event: KeeperEvent) => void): void {
    this.#notify = onEvent;
  }

  follow(plan: Plan): void {
    this.#plan = plan;
    if (plan.kind === "keep") {
      const kept = this.#kept;
      const goesOn = kept !== null && isSameRequest(kept, plan.request) && this.#dueAt !== Infinity;
      if (!goesOn) {
        this.#dueAt = 0;
        this.#isHolding = false;
      }
      this.#kept = plan.request;
    }
    this.#tickWhileKeeping();
    void this.#work();
  }

  /** The server has told of the place by itself: no older than any answer that is still on its way. */
  updated(request: SlotRequest, answer: Heartbeat): void {
    if (!this.#isWanted(request)) return;
    this.#updates += 1;
    // That a hold is over is believed of a heartbeat alone: what was told may have lain about.
    if (this.#isHolding && answer.state === "waiting") this.wake();
    else this.#accept(request, answer);
  }

  /** The server has ended the place by itself. Answers whether it may come back. */
  ended(request: SlotRequest, refusal: Refusal): boolean {
    if (this.#plan.kind === "keep" && this.#plan.isBeingBooked) {
      // Most likely it has become the booking, whose answer decides; beats now could only take another unit.
      this.#dueAt = Infinity;
      return false;
    }
    if (refusal.code === "hold_lost") {
      this.wake();
      return true;
    }
    this.#failed(request, refusal);
    return false;
  }

  /** Asks the server at once: after sleep, a lost network, or a rest in the back-forward cache. */
  wake(): void {
    const { now } = this.#setting;
    if (this.#call && now() - this.#call.since > STUCK_AFTER_MS) this.#call.abort.abort();
    if (this.#plan.kind === "keep" && this.#dueAt !== Infinity) this.#dueAt = 0;
    void this.#work();
  }

  /** The page goes away. */
  hide(): void {
    if (!this.#room || (this.#plan.kind === "keep" && this.#plan.isBeingBooked)) return;
    this.#setting.port.leaveByBeacon(this.#room.id, this.#room.session);
    this.#room = null;
  }

  #tickWhileKeeping(): void {
    const isWanted = this.#plan.kind === "keep";
    if (isWanted && !this.#stopTicking) {
      const every = Math.min(this.#interval, LONGEST_TICK_MS);
      this.#stopTicking = this.#setting.startTicking(() => void this.#work(), every);
    } else if (!isWanted) {
      this.#stopTicking?.();
      this.#stopTicking = null;
    }
  }

  /** One loop does everything, so that calls never overlap and always reach the server in order. */
  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    // Whoever leaves and comes back in one breath, as StrictMode does, never left.
    await Promise.resolve();
    for (;;) {
      if (this.#plan.kind === "keep" && this.#setting.now() >= this.#dueAt) {
        await this.#beat(this.#plan.request);
      } else if (this.#plan.kind === "away" && this.#room) {
        await this.#leave(this.#room);
      } else break;
    }
    this.#isBusy = false;
  }

  async #beat(request: SlotRequest): Promise<void> {
    const { port, now, sessionId } = this.#setting;
    const abort = new AbortController();
    const limit = setTimeout(() => abort.abort(), CALL_LIMIT_MS);
    this.#call = { abort, since: now() };
    this.#dueAt = now() + this.#interval;
    const updates = this.#updates;
    try {
      const session = await sessionId();
      const answer = await port.heartbeat(request, session, abort.signal);
      this.#room = { id: answer.room, session };
      this.#adoptInterval(answer.heartbeat_interval_ms);
      if (!this.#isWanted(request)) return;
      // Which of both is newer nobody knows, so the server is asked once more.
      if (this.#updates !== updates) this.wake();
      else this.#accept(request, answer);
    } catch (error) {
      this.#failed(request, error);
    } finally {
      clearTimeout(limit);
      this.#call = null;
    }
  }

  #accept(request: SlotRequest, answer: Heartbeat): void {
    this.#isHolding = answer.state === "holding";
    this.#notify({ type: "answered", request, answer });
  }

  #isWanted(request: SlotRequest): boolean {
    return this.#plan.kind === "keep" && isSameRequest(this.#plan.request, request);
  }

  #adoptInterval(wantedMs: number): void {
    if (wantedMs === this.#interval) return;
    if (this.#dueAt !== 0) this.#dueAt += wantedMs - this.#interval;
    this.#interval = wantedMs;
    this.#stopTicking?.();
    this.#stopTicking = null;
    this.#tickWhileKeeping();
  }

  #failed(request: SlotRequest, error: unknown): void {
    if (!this.#isWanted(request)) return;
    if (isRefusal(error)) {
      // Nothing more is asked for until the page decides anew.
      this.#dueAt = Infinity;
      this.#notify({ type: "refused", request, refusal: error });
    } else {
      this.#dueAt = this.#setting.now() + Math.min(this.#interval, LONGEST_TICK_MS);
      this.#notify({ type: "unreachable", request });
    }
  }

  async #leave({ id, session }: { id: string; session: string }): Promise<void> {
    this.#room = this.#kept = null;
    // Where no answer comes the lease runs out by itself.
    await this.#setting.port.leave(id, session).catch(() => undefined);
  }
}
