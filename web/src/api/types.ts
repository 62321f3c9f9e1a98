// Names for the shapes of the HTTP contract, taken from the generated schema and never written twice.
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : never;
type Answer<
  Path extends keyof paths,
  Method extends keyof paths[Path],
  Status extends number,
> = paths[Path][Method] extends { responses: infer Responses }
  ? Status extends keyof Responses
    ? Json<Responses[Status]>
    : never
  : never;

export type Catalog = Answer<"/api/v1/public/{org}/event-types", "get", 200>;
export type Offer = Answer<"/api/v1/public/{org}/event-types/{slug}", "get", 200>;
export type EventTypePage = Answer<"/api/v1/event-types/{id}/page", "get", 200>;
export type Organization = Offer["organization"];
export type EventType = Offer["event_type"];
export type Question = EventType["questions"][number];
export type Location = NonNullable<EventType["location"]>;
export type Slot = Answer<"/api/v1/event-types/{id}/slots", "get", 200>["slots"][number];
export type SlotRange = Pick<Slot, "start" | "end">;
export type Heartbeat = Answer<"/api/v1/presence/heartbeat", "post", 200>;
export type CreatedBooking = Answer<"/api/v1/bookings", "post", 201>;
export type Booking = Answer<"/api/v1/bookings/{uid}", "get", 200>;
export type Problem = Schemas["Problem"];
