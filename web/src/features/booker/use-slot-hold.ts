// Holds a slot for this tab, or waits in its line, for as long as the page wants it.
import { useEffect, useEffectEvent, useState } from "react";
import { followLine } from "@/api/line-stream";
import { extend, heartbeat, leave, leaveByBeacon } from "@/api/presence";
import { isRefusal } from "@/api/refusal";
import { serverClock } from "@/lib/server-clock";
import { tabSession } from "@/lib/tab-session";
import { HoldKeeper, type KeeperEvent, type KeeperSetting, type Plan } from "./hold-keeper";
import { startTicking } from "./start-ticking";

export interface SlotHold {
  plan: Plan;
  /** The room in whose line this tab waits, or null. */
  waitingIn: string | null;
  onEvent: (event: KeeperEvent) => void;
}

const browserSetting: KeeperSetting = {
  port: { heartbeat, leave, leaveByBeacon },
  sessionId: () => tabSession().id(),
  now: () => Date.now(),
  startTicking,
};

/** `plan` must be the same object while nothing changes. */
export function useSlotHold({ plan, waitingIn, onEvent }: SlotHold, setting = browserSetting) {
  const tell = useEffectEvent(onEvent);
  const [keeper] = useState(() => new HoldKeeper(setting));
  const wish = plan.kind === "keep" ? plan.wish : null;

  // Synchronizes the server's idea of where this tab is with what the page wants: an unmounted
  // booker is nowhere. StrictMode's second mount takes the plan up again before a leave is sent.
  useEffect(() => {
    keeper.listen((event) => tell(event));
    keeper.follow(plan);
    return () => keeper.follow({ kind: "away" });
  }, [keeper, plan]);

  // Synchronizes with the browser's life: pages hide, rest, wake, and lose and find the network.
  useEffect(() => {
    const wake = () => keeper.wake();
    const wakeWhenSeen = () => {
      if (document.visibilityState === "visible") keeper.wake();
    };
    // A page that is loaded again comes back to what it has; where the browser does not tell, it has left.
    let isComingBack = false;
    const swap = ({ activation }: PageSwapEvent) => {
      isComingBack = activation?.navigationType === "reload";
    };
    const hide = () => {
      if (!isComingBack) keeper.hide();
    };
    addEventListener("pageswap", swap);
    addEventListener("pagehide", hide);
    addEventListener("pageshow", wake);
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wakeWhenSeen);
    return () => {
      removeEventListener("pageswap", swap);
      removeEventListener("pagehide", hide);
      removeEventListener("pageshow", wake);
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wakeWhenSeen);
    };
  }, [keeper]);

  // Synchronizes with the server's stream of this tab's place in line, open only while waiting.
  useEffect(() => {
    if (waitingIn === null || wish === null) return;
    const closed = new AbortController();
    void setting
      .sessionId()
      .then((session) =>
        followLine(
          waitingIn,
          session,
          (answer) => tell({ type: "answered", wish, answer }),
          closed.signal,
        ),
      )
      .catch((error: unknown) => {
        if (closed.signal.aborted) return;
        // A lease that merely ran out is taken up again, at the back of the line.
        if (isRefusal(error) && error.code !== "hold_lost") {
          tell({ type: "refused", wish, refusal: error });
        } else {
          keeper.wake();
        }
      });
    return () => closed.abort();
  }, [keeper, setting, waitingIn, wish]);

  return {
    checkNow: () => keeper.wake(),
    extend: async () => {
      const room = keeper.room;
      return room ? extend(room.id, room.session) : null;
    },
    sessionId: setting.sessionId,
    serverNow: () => serverClock.now(),
  };
}
