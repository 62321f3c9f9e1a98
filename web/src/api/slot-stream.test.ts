// Slots are watched while somebody sees them, and a server that refuses to tell of them is left in peace.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fakeServer, openStreamOf, refusalOf } from "./fake-stream";
import { watchSlots } from "./slot-stream";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const slot = { start: "2027-03-10T11:00:00Z", end: "2027-03-10T11:30:00Z", state: "held" };

function watch() {
  const told: unknown[] = [];
  const stop = watchSlots(
    { url: "/slots/stream", shown: {} },
    {
      onSnapshot: (slots) => told.push({ slots }),
      onChange: (slot) => told.push({ slot }),
      onBroken: () => told.push("broken"),
    },
  );
  return { told, stop };
}

async function see(state: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.advanceTimersByTimeAsync(0);
}

it("tells what is there and what changes, until it is stopped", async () => {
  const server = fakeServer(() =>
    openStreamOf(
      `event: snapshot\ndata: ${JSON.stringify({ slots: [slot] })}`,
      `event: slot\ndata: ${JSON.stringify(slot)}`,
    ),
  );
  const { told, stop } = watch();
  await vi.advanceTimersByTimeAsync(10);
  expect(told).toEqual([{ slots: [slot] }, { slot }]);
  stop();
  expect(server.signals[0]?.aborted).toBe(true);
});

it.each([
  [429, "rate_limited"],
  [503, "unavailable"],
])("asks a server that answers %d less and less often, and says so", async (status, code) => {
  const server = fakeServer(() => refusalOf(status, code));
  const { told, stop } = watch();
  await vi.advanceTimersByTimeAsync(60_000);
  stop();
  // At most at once, and then after 0.5, 1, 2, 4, 8, 15 and 15 seconds.
  expect(server.askedAt.length).toBeLessThanOrEqual(8);
  expect(server.askedAt.length).toBeGreaterThan(4);
  expect(new Set(told)).toEqual(new Set(["broken"]));
});

it("watches nothing while nobody sees it, and begins at once when somebody does", async () => {
  const server = fakeServer(() => openStreamOf());
  await see("hidden");
  const { stop } = watch();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(server.askedAt).toHaveLength(0);
  await see("visible");
  expect(server.askedAt).toHaveLength(1);
  await see("hidden");
  expect(server.signals[0]?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(server.askedAt).toHaveLength(1);
  stop();
  await see("visible");
  expect(server.askedAt).toHaveLength(1);
});
