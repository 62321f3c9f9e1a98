// The two ways a call fails: the server says no (a refusal), or no answer came (unreachable).
import type { Problem } from "./types";

/** The server's no, with the stable code and whatever it offers instead. */
export class Refusal extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail);
    this.name = "Refusal";
  }

  get code(): string {
    return this.problem.code;
  }
}

/** No usable answer: the network or the server is away for now. The call may or may not have taken effect. */
export class Unreachable extends Error {
  constructor(
    cause: unknown,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super("The server cannot be reached.", { cause });
    this.name = "Unreachable";
  }
}

export function isRefusal(error: unknown, code?: string): error is Refusal {
  return error instanceof Refusal && (code === undefined || error.code === code);
}

/** Reads a failed answer. Whatever a later try could cure counts as unreachable. */
export function failureOf(response: Response, body: unknown): Refusal | Unreachable {
  const retryAfter = retryAfterSeconds(response.headers);
  if (response.status >= 500 || !isProblem(body) || body.code === "rate_limited") {
    return new Unreachable(body, retryAfter);
  }
  return new Refusal(body, retryAfter);
}

/** RFC 9110, 10.2.3: seconds, or a date by the clock of whoever answers; null where nothing that makes sense is given. */
function retryAfterSeconds(headers: Headers): number | null {
  const text = headers.get("Retry-After") ?? "";
  const seconds = /^\d+$/.test(text)
    ? Number(text)
    : (Date.parse(text) - Date.parse(headers.get("Date") ?? "")) / 1000;
  return seconds > 0 ? seconds : null;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "status" in body;
}

/** Of what a server or a proxy may ask for: nobody keeps a page open for longer to see it go on. */
const LONGEST_ASKED_MS = 300_000;

/** How long whoever answered wants to be left in peace, in milliseconds. */
export function retryAfterMs(error: unknown): number {
  const isAnswer = error instanceof Refusal || error instanceof Unreachable;
  const seconds = isAnswer ? (error.retryAfterSeconds ?? 0) : 0;
  return Math.min(LONGEST_ASKED_MS, seconds * 1000);
}
