// One's own place in line, pushed by the server while waiting.
import { eventsOf } from "./event-stream";
import { failureOf, Refusal, Unreachable } from "./refusal";
import type { Heartbeat, Problem } from "./types";

/**
 * Follows the session's place until it is no longer in the room, which ends in a `Refusal`.
 * The session id is a secret, so it travels in a body and EventSource cannot be used.
 */
export async function followLine(
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
