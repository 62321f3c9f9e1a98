// Being in the room of a slot: heartbeat, leave, extend, and who is there.
import { queryOptions } from "@tanstack/react-query";
import { sendBeacon } from "@/lib/beacon";
import { http, valueOf } from "./client";
import { fieldFor, type Moving, shownFor } from "./moving";
import type { Heartbeat } from "./types";

/** The slot somebody wants, as the server names it, and the booking that shall move there. */
export interface SlotRequest {
  eventTypeId: string;
  start: string;
  durationMinutes: number;
  moving: Moving | null;
}

export function isSameRequest(a: SlotRequest, b: SlotRequest): boolean {
  return (
    a.eventTypeId === b.eventTypeId &&
    a.start === b.start &&
    a.durationMinutes === b.durationMinutes &&
    a.moving?.uid === b.moving?.uid
  );
}

function fieldsOf(request: SlotRequest) {
  return {
    event_type_id: request.eventTypeId,
    start: request.start,
    duration_minutes: request.durationMinutes,
  };
}

export function heartbeat(
  request: SlotRequest,
  sessionId: string,
  signal: AbortSignal,
): Promise<Heartbeat> {
  const body = { ...fieldsOf(request), ...fieldFor(request.moving), session_id: sessionId };
  const headers = shownFor(request.moving);
  return valueOf(http.POST("/api/v1/presence/heartbeat", { body, headers, signal }));
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

export function slotPresenceQuery(request: SlotRequest) {
  return queryOptions({
    queryKey: ["presence", request],
    queryFn: ({ signal }) =>
      valueOf(http.GET("/api/v1/presence", { params: { query: fieldsOf(request) }, signal })),
  });
}
