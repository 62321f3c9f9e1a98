// Keeps a stream of events open: it is asked for again whenever it ends, and later each time that the server refuses it.
import { pause } from "@/lib/pause";
import { eventsOf, type StreamedEvent } from "./event-stream";
import { failureOf, isRefusal, type Refusal, retryAfterMs, Unreachable } from "./refusal";

export interface FollowedStream {
  /** Asks for it anew. */
  open: (signal: AbortSignal) => Promise<Response>;
  /** A refusal that it throws ends the stream as if the server had given it. */
  onEvent: (event: StreamedEvent) => void;
  /** Answers whether to ask again. */
  onRefused: (refusal: Refusal) => boolean;
  /** It ended without a word, or the server is away: it is asked for again. */
  onBroken: () => void;
}

/** After a stream that had been open, or a server that was not there: restarts are short. */
const REOPEN_MS = 1000;

/** Until the signal, or a refusal after which nobody wants to ask again. */
export async function followStream(stream: FollowedStream, signal: AbortSignal): Promise<void> {
  const isClosed = () => signal.aborted;
  let refusals = 0;
  while (!isClosed()) {
    try {
      const response = await answerTo(stream.open(signal));
      refusals = response.ok ? 0 : refusals + 1;
      for await (const event of await eventsIn(response)) {
        if (isClosed()) return;
        stream.onEvent(event);
      }
      throw new Unreachable("the stream ended");
    } catch (error) {
      if (isClosed() || !goesOn(stream, error)) return;
      await pause(refusals > 0 ? backOff(refusals, error) : REOPEN_MS, signal);
    }
  }
}

function answerTo(asked: Promise<Response>): Promise<Response> {
  return asked.catch((cause: unknown) => {
    throw new Unreachable(cause);
  });
}

async function eventsIn(response: Response): Promise<AsyncGenerator<StreamedEvent>> {
  if (response.ok && response.body) return eventsOf(response.body);
  throw failureOf(response, await response.json().catch(() => null));
}

function goesOn({ onRefused, onBroken }: FollowedStream, error: unknown): boolean {
  if (isRefusal(error)) return onRefused(error);
  // Whatever else went wrong went wrong here, and the operator learns of it.
  if (!(error instanceof Unreachable)) reportError(error);
  onBroken();
  return true;
}

const FIRST_MS = 1000;
/** Whoever waits sees no changes meanwhile. */
const LONGEST_MS = 30_000;
/**
 * How long to wait after so many refusals in a row: twice as long each time, and each page for another part of it, so that
 * those who were refused together do not come back together. What the server asks for is waited for first.
 */
function backOff(refusals: number, error: unknown): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** (refusals - 1));
  return retryAfterMs(error) + most * (0.5 + Math.random() / 2);
}
