// The hook in React's hands: mounted twice, changed, unmounted, hidden.
import { cleanup, renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, expect, it } from "vitest";
import { fakePresence, settled } from "./fake-presence";
import type { KeeperEvent, Plan } from "./hold-keeper";
import { useSlotHold } from "./use-slot-hold";

const keep = (start: string): Plan => ({
  kind: "keep",
  request: { eventTypeId: "type", start, durationMinutes: 30, moving: null },
  isBeingBooked: false,
});

afterEach(cleanup);

function mount(first: Plan, room: string | null = null) {
  const server = fakePresence();
  const events: KeeperEvent[] = [];
  const { rerender, unmount } = renderHook(
    ({ plan }) =>
      useSlotHold({ plan, room, onEvent: (event) => events.push(event) }, server.setting),
    { initialProps: { plan: first }, wrapper: StrictMode },
  );
  return { server, events, follow: (plan: Plan) => rerender({ plan }), unmount };
}

it("leaves exactly one live session when StrictMode mounts twice", async () => {
  const { server, events } = mount(keep("9:00"));
  await settled();
  expect(server.calls).toEqual(["beat 9:00"]);
  expect(server.present.size).toBe(1);
  expect(events).toHaveLength(1);
});

it("moves to another slot without leaving in between", async () => {
  const { server, follow } = mount(keep("9:00"));
  await settled();
  follow(keep("9:30"));
  await settled();
  expect(server.calls).toEqual(["beat 9:00", "beat 9:30"]);
});

it("leaves when nothing is wanted any more, and when it is unmounted", async () => {
  const { server, follow, unmount } = mount(keep("9:00"));
  await settled();
  follow({ kind: "away" });
  await settled();
  expect(server.present.size).toBe(0);
  follow(keep("9:30"));
  await settled();
  unmount();
  await settled();
  expect(server.calls).toEqual(["beat 9:00", "leave 9:00", "beat 9:30", "leave 9:30"]);
});

it("leaves by beacon when the page is hidden for good", async () => {
  const { server } = mount(keep("9:00"));
  await settled();
  dispatchEvent(new Event("pagehide"));
  expect(server.calls.at(-1)).toBe("beacon 9:00");
});

it("leaves also where the browser tells of no navigation when pages swap", async () => {
  const { server } = mount(keep("9:00"));
  await settled();
  dispatchEvent(new Event("pageswap"));
  dispatchEvent(new Event("pagehide"));
  expect(server.calls.at(-1)).toBe("beacon 9:00");
});

it("stays where the browser tells that the page is only loaded again", async () => {
  const { server } = mount(keep("9:00"));
  await settled();
  dispatchEvent(Object.assign(new Event("pageswap"), { activation: { navigationType: "reload" } }));
  dispatchEvent(new Event("pagehide"));
  expect(server.calls).toEqual(["beat 9:00"]);
});

it("asks at once when the network or the page comes back", async () => {
  const { server } = mount(keep("9:00"));
  await settled();
  dispatchEvent(new Event("online"));
  await settled();
  dispatchEvent(new Event("pageshow"));
  await settled();
  expect(server.calls).toEqual(["beat 9:00", "beat 9:00", "beat 9:00"]);
});

it("follows its place once it has one, and asks at once when it is told no more", async () => {
  const { server, events, unmount } = mount(keep("9:00"), "room of 9:00");
  await settled();
  const followed = server.followed();
  expect(followed?.room).toBe("room of 9:00");
  followed?.handlers.onBroken();
  await settled();
  expect(server.calls).toEqual(["beat 9:00", "beat 9:00"]);
  expect(events).toHaveLength(2);
  unmount();
  expect(server.followed()).toBeNull();
});

it("follows nothing while nothing is wanted", () => {
  expect(mount({ kind: "away" }, "room").server.followed()).toBeNull();
});
