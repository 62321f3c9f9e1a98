// Streams arrive in pieces that have nothing to do with their events.
import { expect, it } from "vitest";
import { eventsOf } from "./event-stream";

it("puts events together from any pieces, and skips what only keeps the line open", async () => {
  const text =
    ': keep\n\nevent: presence\ndata: {"a":1}\n\nevent: gone\r\ndata: x\r\ndata: y\r\n\r\n';
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 3) controller.enqueue(bytes.slice(at, at + 3));
      controller.close();
    },
  });
  const events = [];
  for await (const event of eventsOf(body)) events.push(event);
  expect(events).toEqual([
    { event: "presence", data: '{"a":1}' },
    { event: "gone", data: "x\ny" },
  ]);
});
