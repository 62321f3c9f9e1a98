// One's own place in a room, pushed by the server, followed for as long as it is kept.
import { followStream } from "./follow-stream";
import { Refusal } from "./refusal";
import type { Heartbeat, Problem } from "./types";

export interface PlaceHandlers {
  onPlace: (place: Heartbeat) => void;
  /** The place ended. Answers whether to follow on, for it may come back. */
  onGone: (refusal: Refusal) => boolean;
  /** The stream ended without a word: the server may have gone. It is opened again. */
  onBroken: () => void;
}

/** Follows the session's place until the signal, or until it is gone for good. */
export function followPlace(
  room: string,
  sessionId: string,
  { onPlace, onGone, onBroken }: PlaceHandlers,
  signal: AbortSignal,
): Promise<void> {
  return followStream(
    {
      // The session id is a secret, so it travels in a body.
      open: (signal) =>
        fetch("/api/v1/presence/stream", {
          method: "POST",
          headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
          body: JSON.stringify({ room, session_id: sessionId }),
          signal,
        }),
      onEvent: ({ event, data }) => {
        if (event === "presence") onPlace(JSON.parse(data) as Heartbeat);
        if (event === "gone") throw new Refusal(JSON.parse(data) as Problem);
      },
      onRefused: onGone,
      onBroken,
    },
    signal,
  );
}
