// Being in the room of a slot: heartbeat, leave, extend, and who is there.
import { queryOptions } from "@tanstack/react-query";
import { sendBeacon } from "@/lib/beacon";
import { http, valueOf } from "./client";
import type { Heartbeat } from "./types";

/** The slot somebody wants, as the server names it. */
export interface SlotWish {
  eventTypeId: string;
  start: string;
  durationMinutes: number;
}

export function sameWish(a: SlotWish, b: SlotWish): boolean {
  return (
    a.eventTypeId === b.eventTypeId &&
    a.start === b.start &&
    a.durationMinutes === b.durationMinutes
  );
}

function wanted(wish: SlotWish) {
  return {
    event_type_id: wish.eventTypeId,
    start: wish.start,
    duration_minutes: wish.durationMinutes,
  };
}

export function heartbeat(
  wish: SlotWish,
  sessionId: string,
  signal: AbortSignal,
): Promise<Heartbeat> {
  const body = { ...wanted(wish), session_id: sessionId };
  return valueOf(http.POST("/api/v1/presence/heartbeat", { body, signal }));
}

export async function leave(room: string, sessionId: string): Promise<void> {
  const body = { room, session_id: sessionId };
  await valueOf(http.POST("/api/v1/presence/leave", { body, keepalive: true }));
}

/** Leaves while the page goes away, when no answer can be awaited any more. */
export function leaveByBeacon(room: string, sessionId: string): void {
  sendBeacon("/api/v1/presence/leave", { room, session_id: sessionId });
}

export function extend(room: string, sessionId: string): Promise<Heartbeat> {
  return valueOf(http.POST("/api/v1/presence/extend", { body: { room, session_id: sessionId } }));
}

export function roomPresenceQuery(wish: SlotWish) {
  return queryOptions({
    queryKey: ["presence", wish],
    queryFn: ({ signal }) =>
      valueOf(http.GET("/api/v1/presence", { params: { query: wanted(wish) }, signal })),
  });
}
