// Sends a booking until the server answers it, so that a lost answer is never a lost booking.
import { Unreachable } from "@/api/refusal";

const PAUSES_MS = [400, 800, 1600, 3000];

export interface Persistence {
  onUnreachable: () => void;
  /** Resolves after so many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
  signal: AbortSignal;
}

/** `send` must be safe to repeat: the same idempotency key and body each time. */
export async function sendUntilAnswered<T>(
  send: () => Promise<T>,
  { onUnreachable, pause, signal }: Persistence,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Unreachable) || signal.aborted) throw error;
      onUnreachable();
      await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)] ?? 0);
    }
  }
}
