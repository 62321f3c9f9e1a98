// Tells the keeper of a hold what becomes of its page.
import { useEffect } from "react";
import type { HoldKeeper } from "./hold-keeper";

export function usePageLifecycle(keeper: Pick<HoldKeeper, "wake" | "hide">): void {
  // Synchronizes with the browser's life: pages hide, rest, wake, and lose and find the network.
  useEffect(() => {
    const unmounted = new AbortController();
    const { signal } = unmounted;
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
    addEventListener("pageswap", swap, { signal });
    addEventListener("pagehide", hide, { signal });
    addEventListener("pageshow", wake, { signal });
    addEventListener("online", wake, { signal });
    document.addEventListener("visibilitychange", wakeWhenSeen, { signal });
    return () => unmounted.abort();
  }, [keeper]);
}
