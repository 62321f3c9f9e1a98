// Who is in the room of a slot, and whether it is locked for this tab.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { useSlotPresence } from "./use-slot-presence";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const request = {
  eventTypeId: "type",
  start: "2027-03-10T11:00:00Z",
  durationMinutes: 30,
  moving: null,
};

/** The room as the server tells it, in line order; the first holds the slot. */
function mount(me: string | null, ...line: string[]) {
  const room = { line };
  vi.stubGlobal("fetch", () => {
    const present = room.line.map((who, index) => ({
      who,
      state: index === 0 ? "holding" : "waiting",
    }));
    return Promise.resolve(Response.json({ room: "room", present }));
  });
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const hook = renderHook(({ revision }) => useSlotPresence(request, me, revision), {
    initialProps: { revision: "1 of 1" },
    wrapper,
  });
  return { room, ...hook };
}

it("is locked while somebody else holds it", async () => {
  const { result } = mount("me", "other", "me");
  expect(result.current.isLocked).toBe(false);
  await waitFor(() => expect(result.current).toMatchObject({ isLocked: true, myIndex: 1 }));
});

it("is not locked for the one who holds it, nor while nobody does", async () => {
  const own = mount("me", "me", "other");
  await waitFor(() => expect(own.result.current.present).toHaveLength(2));
  expect(own.result.current).toMatchObject({ isLocked: false, myIndex: 0 });
  expect(mount("me").result.current).toMatchObject({ isLocked: false, myIndex: -1 });
});

it("asks again as soon as others are told to have come or gone, and keeps what it knew meanwhile", async () => {
  const { result, room, rerender } = mount("me", "other", "me");
  await waitFor(() => expect(result.current.present).toHaveLength(2));
  room.line = ["other", "me", "third"];
  rerender({ revision: "1 of 2" });
  expect(result.current.present).toHaveLength(2);
  await waitFor(() => expect(result.current.present).toHaveLength(3));
});
