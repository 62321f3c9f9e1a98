// Sends what was asked for until it is answered, for as long as somebody waits for the answer.
import { useEffect, useEffectEvent } from "react";
import { isRefusal, type Refusal } from "./refusal";
import { sendUntilAnswered } from "./send-until-answered";

export interface Sending<T> {
  /** Names what is sent: another key is another request, null is none. */
  key: string | null;
  /** Safe to repeat for the same key. */
  send: (key: string) => Promise<T>;
  onDone: (answer: T) => void;
  onRefused: (refusal: Refusal) => void;
  onUnreachable: () => void;
}

export function useUntilAnswered<T>({ key, ...sending }: Sending<T>): void {
  const run = useEffectEvent(async (key: string, signal: AbortSignal) => {
    const { send, onDone, onRefused, onUnreachable } = sending;
    try {
      onDone(await sendUntilAnswered(() => send(key), { onUnreachable, signal }));
    } catch (error) {
      if (isRefusal(error)) onRefused(error);
      else if (!signal.aborted) throw error;
    }
  });

  // Synchronizes with the server: what was asked for is sent, and sent again, until it is answered.
  useEffect(() => {
    if (key === null) return;
    const leaving = new AbortController();
    void run(key, leaving.signal);
    return () => leaving.abort();
  }, [key]);
}
