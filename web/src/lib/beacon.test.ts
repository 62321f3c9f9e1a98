// What is said at the end is sent, whatever the browser thinks of beacons.
import { afterEach, expect, it, vi } from "vitest";
import { sendBeacon } from "./beacon";

afterEach(() => vi.unstubAllGlobals());

function fetching() {
  const fetched = vi.fn(() => Promise.resolve(new Response()));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

it("sends a beacon where the browser takes it", () => {
  const fetched = fetching();
  const taken = vi.fn(() => true);
  vi.stubGlobal("navigator", { sendBeacon: taken });
  sendBeacon("/leave", { room: "a" });
  expect(taken).toHaveBeenCalledExactlyOnceWith("/leave", '{"room":"a"}');
  expect(fetched).not.toHaveBeenCalled();
});

it.each([
  ["has no beacons", {}],
  ["takes no more", { sendBeacon: () => false }],
  [
    "forbids them",
    {
      sendBeacon: () => {
        throw new DOMException("Denied.", "SecurityError");
      },
    },
  ],
])("asks for a request that outlives the page where the browser %s", (_, navigator) => {
  const fetched = fetching();
  vi.stubGlobal("navigator", navigator);
  sendBeacon("/leave", { room: "a" });
  expect(fetched).toHaveBeenCalledExactlyOnceWith("/leave", {
    method: "POST",
    body: '{"room":"a"}',
    keepalive: true,
  });
});
