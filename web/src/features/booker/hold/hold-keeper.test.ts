// One live session, calls in order, and gone when it should be.
import { expect, it } from "vitest";
import { Refusal, Unreachable } from "@/api/refusal";
import { fakePresence, settled } from "./fake-presence";
import { HoldKeeper, type KeeperEvent, type Plan } from "./hold-keeper";

const requestFor = (start: string) => ({
  eventTypeId: "type",
  start,
  durationMinutes: 30,
  moving: null,
});
const keep = (start: string): Plan => ({
  kind: "keep",
  request: requestFor(start),
  isBeingBooked: false,
});
const booking = (start: string): Plan => ({
  kind: "keep",
  request: requestFor(start),
  isBeingBooked: true,
});
const away: Plan = { kind: "away" };

function start() {
  const server = fakePresence();
  const keeper = new HoldKeeper(server.setting);
  const events: KeeperEvent[] = [];
  keeper.subscribe((event) => events.push(event));
  return { server, keeper, events, types: () => events.map((event) => event.type) };
}

it("says at once that it is there, and again when the interval has passed", async () => {
  const { server, keeper } = start();
  keeper.follow(keep("9:00"));
  await settled();
  expect(server.calls).toEqual(["beat 9:00"]);
  await server.pass(4000);
  expect(server.calls).toHaveLength(1);
  await server.pass(1000);
  expect(server.calls).toHaveLength(2);
});

it("has never more than one call in flight", async () => {
  const { server, keeper } = start();
  server.holdBack();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.follow(keep("9:30"));
  keeper.follow(keep("10:00"));
  await server.pass(20_000);
  keeper.wake();
  await server.letGo();
  expect(server.mostInFlight()).toBe(1);
  expect(server.calls).toEqual(["beat 9:00", "beat 10:00"]);
  expect([...server.present.values()]).toEqual(["10:00"]);
});

it("says nothing about a slot that was given up while its heartbeat was in flight", async () => {
  const { server, keeper, events } = start();
  server.holdBack();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.follow(keep("9:30"));
  await server.letGo();
  expect(events).toMatchObject([{ type: "answered", request: { start: "9:30" } }]);
});

it("leaves after the heartbeat in flight, so that no hold is left behind", async () => {
  const { server, keeper } = start();
  server.holdBack();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.follow(away);
  await server.letGo();
  expect(server.calls).toEqual(["beat 9:00", "leave 9:00"]);
  expect(server.present.size).toBe(0);
});

it("never leaves when it comes back in the same breath", async () => {
  const { server, keeper } = start();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.follow(away);
  keeper.follow(keep("9:00"));
  await settled();
  expect(server.calls).toEqual(["beat 9:00"]);
});

it("asks again soon while the server cannot be reached", async () => {
  const { server, keeper, types } = start();
  server.fail(new Unreachable("gone"));
  keeper.follow(keep("9:00"));
  await settled();
  server.fail(null);
  await server.pass(1000);
  expect(types()).toEqual(["unreachable", "answered"]);
});

it("asks nothing more after a refusal, until something else is wanted", async () => {
  const { server, keeper, types } = start();
  const problem = { type: "", title: "", detail: "", status: 409, code: "slot_booked" as const };
  server.fail(new Refusal(problem));
  keeper.follow(keep("9:00"));
  await settled();
  await server.pass(60_000);
  keeper.wake();
  await settled();
  expect(server.calls).toHaveLength(1);
  expect(types()).toEqual(["refused"]);
  server.fail(null);
  keeper.follow(keep("9:30"));
  await settled();
  expect(server.calls).toEqual(["beat 9:00", "beat 9:30"]);
});

it("goes on while a booking is sent, gives nothing up when the page closes, and leaves when it is made", async () => {
  const { server, keeper } = start();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.follow(booking("9:00"));
  await server.pass(5000);
  keeper.hide();
  keeper.follow(away);
  await settled();
  expect(server.calls).toEqual(["beat 9:00", "beat 9:00", "leave 9:00"]);
});

it("leaves by beacon when the page goes, and joins anew when it comes back", async () => {
  const { server, keeper } = start();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.hide();
  expect(server.calls).toEqual(["beat 9:00", "beacon 9:00"]);
  keeper.wake();
  await settled();
  expect(server.calls.at(-1)).toBe("beat 9:00");
});

it("asks at once when it wakes from sleep", async () => {
  const { server, keeper } = start();
  keeper.follow(keep("9:00"));
  await settled();
  await server.pass(100);
  keeper.wake();
  await settled();
  expect(server.calls).toHaveLength(2);
});

it("beats as soon as a tick comes that a hidden tab has held back", async () => {
  const { server, keeper } = start();
  keeper.follow(keep("9:00"));
  await settled();
  await server.pass(60_000);
  expect(server.calls).toEqual(["beat 9:00", "beat 9:00"]);
});

it("asks every second while a server restarts, and goes on as before", async () => {
  const { server, keeper, types } = start();
  keeper.follow(keep("9:00"));
  await settled();
  server.fail(new Unreachable("restarting"));
  await server.pass(5000);
  await server.pass(1000);
  await server.pass(1000);
  server.fail(null);
  await server.pass(1000);
  expect(types()).toEqual(["answered", "unreachable", "unreachable", "unreachable", "answered"]);
  await server.pass(4000);
  expect(server.calls).toHaveLength(5);
});

const place = (state: "holding" | "waiting") => ({
  ...{ room: "9:00", state, position: state === "holding" ? 0 : 1, waiting: 0, who: "me" },
  ...{ resource_ids: [], expires_at: "", hold_deadline: "", version: 1 },
  ...{ heartbeat_interval_ms: 5000, held_until: null, extended: false },
});

it("asks once more when its turn was told while an answer was on its way", async () => {
  const { server, keeper, events } = start();
  server.holdBack();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.updated(requestFor("9:00"), place("holding"));
  await server.letGo();
  expect(server.calls).toEqual(["beat 9:00", "beat 9:00"]);
  expect(events).toHaveLength(2);
});

it("believes that a hold is over of a heartbeat alone", async () => {
  const { server, keeper, types } = start();
  keeper.follow(keep("9:00"));
  await settled();
  keeper.updated(requestFor("9:00"), place("waiting"));
  await settled();
  expect(server.calls).toEqual(["beat 9:00", "beat 9:00"]);
  expect(types()).toEqual(["answered", "answered"]);
});

it("takes up a lease that merely ran out, but not while its booking is sent", async () => {
  const { server, keeper } = start();
  const problem = { type: "", title: "", detail: "", status: 409, code: "hold_lost" as const };
  keeper.follow(keep("9:00"));
  await settled();
  expect(keeper.ended(requestFor("9:00"), new Refusal(problem))).toBe(true);
  await settled();
  expect(server.calls).toHaveLength(2);
  keeper.follow(booking("9:00"));
  expect(keeper.ended(requestFor("9:00"), new Refusal(problem))).toBe(false);
  await server.pass(60_000);
  expect(server.calls).toHaveLength(2);
});
