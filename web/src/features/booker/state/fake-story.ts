// Stories of a visitor for tests: what happens to a time, and what the server answers.
import { type Answer, type BookerEvent, reduce, type RefusalDetails } from "./booking-machine";
import { type BookerState, browsing } from "./booking-state";

export type State = BookerState<string>;
export type Event = BookerEvent<string>;

export const slot = { start: "2027-03-10T11:00:00Z", end: "2027-03-10T12:30:00Z" };
export const other = { start: "2027-03-10T12:30:00Z", end: "2027-03-10T14:00:00Z" };

export function answer(state: "holding" | "waiting", change: Partial<Answer> = {}): Answer {
  const position = state === "holding" ? 0 : 1;
  return {
    ...{ room: "room", state, position, waiting: 0, who: "me", version: 1, extended: false },
    ...{ expiresAt: 12_500, deadline: 600_000, grantedAt: 0 },
    ...change,
  };
}

export function refusal(code: string): RefusalDetails {
  return { code, detail: code, alternatives: [other], errors: [], retryAfterSeconds: null };
}

export const choose: Event = { type: "choose", slot, held: false };
export const queue: Event = { type: "choose", slot, held: true };
export const holds: Event = { type: "answered", slot, answer: answer("holding") };
export const waits: Event = { type: "answered", slot, answer: answer("waiting") };
export const submit: Event = { type: "submit", attempt: "key" };

export function after(...events: Event[]): State {
  return events.reduce<State>((state, event) => reduce(state, event), browsing());
}
