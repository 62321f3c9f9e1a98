// Sends what is safe to repeat until the server answers it, so that a lost answer is never a lost booking.
import { retryAfterMs, Unreachable } from "./refusal";

const PAUSES_MS = [400, 800, 1600, 3000];

export interface RetryOptions {
  onUnreachable: () => void;
  signal: AbortSignal;
  /** Resolves after so many milliseconds. */
  pause?: (milliseconds: number) => Promise<void>;
}

const byClock = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** `send` must be safe to repeat: made once, however often it is sent. */
export async function sendUntilAnswered<T>(
  send: () => Promise<T>,
  { onUnreachable, signal, pause = byClock }: RetryOptions,
): Promise<T> {
  const isClosed = () => signal.aborted;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Unreachable) || isClosed()) throw error;
      onUnreachable();
      const usual = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0;
      await pause(Math.max(usual, retryAfterMs(error)));
      if (isClosed()) throw error;
    }
  }
}
