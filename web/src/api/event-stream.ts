// Reads a `text/event-stream` body, event by event. EventSource cannot be used: it sends no secret in a body, and tells nothing of an answer that refuses.
import { Unreachable } from "./refusal";

export interface StreamedEvent {
  event: string;
  data: string;
}

/** Throws `Unreachable` where the stream breaks off. */
export async function* eventsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<StreamedEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const read = () =>
    reader.read().catch((cause: unknown) => {
      throw new Unreachable(cause);
    });
  let buffered = "";
  try {
    for (;;) {
      const { done, value } = await read();
      if (done) return;
      buffered = (buffered + value).replaceAll("\r\n", "\n");
      const blocks = buffered.split("\n\n");
      buffered = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    // Whoever has read enough leaves no connection behind; one that is broken cannot be cancelled, and need not be.
    reader.cancel().catch(() => undefined);
  }
}

/** One block of lines; null for comments, which only keep the connection alive. */
function parseBlock(block: string): StreamedEvent | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return data.length > 0 ? { event, data: data.join("\n") } : null;
}
