// A server of streams for tests, which gives the answers that it is told to, and knows when it was asked.
import { vi } from "vitest";

const encoder = new TextEncoder();

/** A stream that says this and then ends. */
export const streamOf = (...blocks: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const block of blocks) controller.enqueue(encoder.encode(`${block}\n\n`));
        controller.close();
      },
    }),
  );

/** A stream that says this and goes on. */
export const openStreamOf = (...blocks: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const block of blocks) controller.enqueue(encoder.encode(`${block}\n\n`));
      },
    }),
  );

export function refusalOf(status: number, code: string, headers: Record<string, string> = {}) {
  return new Response(JSON.stringify({ code, status, detail: "" }), { status, headers });
}

/** Takes the part of the network; by the fake clock. */
export function fakeServer(answer: () => Response | Error) {
  const askedAt: number[] = [];
  const signals: (AbortSignal | null | undefined)[] = [];
  vi.stubGlobal("fetch", (_: string, { signal }: RequestInit) => {
    askedAt.push(Date.now());
    signals.push(signal);
    const given = answer();
    return given instanceof Response ? Promise.resolve(given) : Promise.reject(given);
  });
  return {
    askedAt,
    signals,
    /** How long it was left in peace between one and the next, in milliseconds. */
    pauses: () => askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0)),
  };
}

/** What is rejected with where there is no server. */
export const noServer = () => new TypeError("Failed to fetch");
