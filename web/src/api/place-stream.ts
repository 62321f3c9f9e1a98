// One's own place in a room, pushed by the server, followed for as long as it is kept.
import { eventsOf } from "./event-stream";
import { failureOf, isRefusal, Refusal, Unreachable } from "./refusal";
import type { Heartbeat, Problem } from "./types";

export interface PlaceHandlers {
  onPlace: (place: Heartbeat) => void;
  /** The place ended. Answers whether to follow on, for it may come back. */
  onGone: (refusal: Refusal) => boolean;
  /** The stream ended without a word: the server may have gone. It is opened again. */
  onBroken: () => void;
}

const REOPEN_MS = 1000;

/** Follows the session's place until the signal, or until it is gone for good. */
export async function followPlace(
  room: string,
  sessionId: string,
  handlers: PlaceHandlers,
  signal: AbortSignal,
): Promise<void> {
  const isClosed = () => signal.aborted;
  while (!isClosed()) {
    try {
      await readPlaces(room, sessionId, handlers.onPlace, signal);
    } catch (error) {
      if (isClosed()) return;
      if (isRefusal(error)) {
        if (!handlers.onGone(error)) return;
      } else handlers.onBroken();
    }
    await new Promise((resolve) => setTimeout(resolve, REOPEN_MS));
  }
}

/** The session id is a secret, so it travels in a body and EventSource cannot be used. */
async function readPlaces(
  room: string,
  sessionId: string,
  onPlace: (place: Heartbeat) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch("/api/v1/presence/stream", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ room, session_id: sessionId }),
    signal,
  });
  if (!response.ok || !response.body) {
    throw failureOf(response, await response.json().catch(() => null));
  }
  for await (const { event, data } of eventsOf(response.body)) {
    if (event === "presence") onPlace(JSON.parse(data) as Heartbeat);
    if (event === "gone") throw new Refusal(JSON.parse(data) as Problem);
  }
  throw new Unreachable("the stream ended");
}
