// Holds a slot for this tab, or waits in its line, for as long as the page wants it.
import { useEffect, useEffectEvent, useState } from "react";
import { followPlace, type PlaceHandlers } from "@/api/place-stream";
import { extend, heartbeat, leave, leaveByBeacon, type SlotRequest } from "@/api/presence";
import type { Heartbeat } from "@/api/types";
import { signalAfter } from "@/lib/signal-after";
import { tabSession } from "@/lib/tab-session";
import { HoldKeeper, type KeeperEvent, type KeeperSetting, type Plan } from "./hold-keeper";
import { startTicking } from "./start-ticking";
import { usePageLifecycle } from "./use-page-lifecycle";

export interface SlotHold {
  plan: Plan;
  /** The room in which this tab holds or waits, once the server has said so. */
  room: string | null;
  onEvent: (event: KeeperEvent) => void;
}

/** How long a visitor waits to be told whether the time is kept longer. */
const EXTEND_LIMIT_MS = 8000;

/** What the hook needs of the browser and the server. */
export interface HoldSetting extends KeeperSetting {
  followPlace: typeof followPlace;
}

const browserSetting: HoldSetting = {
  port: { heartbeat, leave, leaveByBeacon },
  followPlace,
  sessionId: () => tabSession().id(),
  now: () => Date.now(),
  startTicking,
};

/** `plan` must be the same object while nothing changes. */
export function useSlotHold({ plan, room, onEvent }: SlotHold, setting = browserSetting) {
  const notify = useEffectEvent(onEvent);
  const [keeper] = useState(() => new HoldKeeper(setting));
  const request = plan.kind === "keep" ? plan.request : null;

  // Synchronizes the server's idea of where this tab is with what the page wants: an unmounted
  // booker is nowhere. StrictMode's second mount takes the plan up again before a leave is sent.
  useEffect(() => {
    keeper.subscribe((event) => notify(event));
    keeper.follow(plan);
    return () => keeper.follow({ kind: "away" });
  }, [keeper, plan]);

  usePageLifecycle(keeper);
  useOwnPlace(keeper, setting, room, request);

  return {
    checkNow: () => keeper.wake(),
    extend: () => extendHold(keeper, request),
    sessionId: setting.sessionId,
  };
}

function useOwnPlace(
  keeper: HoldKeeper,
  setting: HoldSetting,
  room: string | null,
  request: SlotRequest | null,
): void {
  // Synchronizes with the server's stream of this tab's place: who waits behind it, and its turn, are told at once.
  useEffect(() => {
    if (room === null || request === null) return;
    const closed = new AbortController();
    const handlers: PlaceHandlers = {
      onPlace: (answer) => keeper.updated(request, answer),
      onGone: (refusal) => keeper.ended(request, refusal),
      onBroken: () => keeper.wake(),
    };
    void setting
      .sessionId()
      .then((session) => setting.followPlace(room, session, handlers, closed.signal));
    return () => closed.abort();
  }, [keeper, setting, room, request]);
}

/** Null where nothing is held, or it cannot be kept longer. */
async function extendHold(
  { room }: HoldKeeper,
  request: SlotRequest | null,
): Promise<Heartbeat | null> {
  if (!room || !request) return null;
  try {
    return await extend(room.id, room.session);
  } catch {
    // The answer may have been lost, and what was asked for done.
    const now = await heartbeat(request, room.session, signalAfter(EXTEND_LIMIT_MS));
    return now.extended ? now : null;
  }
}
