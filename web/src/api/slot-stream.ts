// The server's stream of slot changes, reopened for as long as somebody watches.
import type { Slot } from "./types";

export interface SlotStreamHandlers {
  onSnapshot: (slots: Slot[]) => void;
  onChange: (slot: Slot) => void;
  onBroken: () => void;
}

const REOPEN_MS = 1000;

/**
 * Watches until the returned function is called; a stream that breaks is opened anew. Nothing is watched while
 * nobody sees the page: browsers open few connections to one server, and share them among all tabs.
 */
export function watchSlots(url: string, handlers: SlotStreamHandlers): () => void {
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let stream: EventSource | null = null;

  function openWhileVisible(): void {
    if (document.visibilityState === "visible") stream ??= open();
    else close();
  }

  function close(): void {
    clearTimeout(reopening);
    stream?.close();
    stream = null;
  }

  function open(): EventSource {
    const source = new EventSource(url);
    source.addEventListener("snapshot", (event: MessageEvent<string>) =>
      handlers.onSnapshot((JSON.parse(event.data) as { slots: Slot[] }).slots),
    );
    source.addEventListener("slot", (event: MessageEvent<string>) =>
      handlers.onChange(JSON.parse(event.data) as Slot),
    );
    source.addEventListener("error", () => {
      handlers.onBroken();
      // By itself the browser would take longer, and after an answer that is an error it would not come back.
      source.close();
      reopening = setTimeout(() => {
        stream = open();
      }, REOPEN_MS);
    });
    return source;
  }

  openWhileVisible();
  document.addEventListener("visibilitychange", openWhileVisible);
  return () => {
    document.removeEventListener("visibilitychange", openWhileVisible);
    close();
  };
}
