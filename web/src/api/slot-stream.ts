// The server's stream of slot changes, followed for as long as somebody watches.
import { followStream } from "./follow-stream";
import type { Slot } from "./types";

/** Where slots are watched, and what is shown there besides. */
export interface SlotStream {
  url: string;
  shown: Record<string, string>;
}

export interface SlotStreamHandlers {
  onSnapshot: (slots: Slot[]) => void;
  onChange: (slot: Slot) => void;
  onBroken: () => void;
}

/**
 * Watches until the returned function is called; a stream that breaks is opened anew. Nothing is watched while
 * nobody sees the page: browsers open few connections to one server, and share them among all tabs.
 */
export function watchSlots(stream: SlotStream, handlers: SlotStreamHandlers): () => void {
  let watching: AbortController | null = null;

  function watchWhileVisible(): void {
    if (document.visibilityState !== "visible") close();
    else if (!watching) {
      watching = new AbortController();
      void follow(stream, handlers, watching.signal);
    }
  }

  function close(): void {
    watching?.abort();
    watching = null;
  }

  watchWhileVisible();
  document.addEventListener("visibilitychange", watchWhileVisible);
  return () => {
    document.removeEventListener("visibilitychange", watchWhileVisible);
    close();
  };
}

function follow(
  { url, shown }: SlotStream,
  { onSnapshot, onChange, onBroken }: SlotStreamHandlers,
  signal: AbortSignal,
): Promise<void> {
  const headers = { ...shown, Accept: "text/event-stream" };
  return followStream(
    {
      open: (signal) => fetch(url, { headers, cache: "no-store", signal }),
      onEvent: ({ event, data }) => {
        if (event === "snapshot") onSnapshot((JSON.parse(data) as { slots: Slot[] }).slots);
        if (event === "slot") onChange(JSON.parse(data) as Slot);
      },
      // What is refused now may be offered again: somebody is looking at it.
      onRefused: () => {
        onBroken();
        return true;
      },
      onBroken,
    },
    signal,
  );
}
