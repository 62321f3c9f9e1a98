// The one typed client of the HTTP contract, and how its answers become values or failures.
import createClient from "openapi-fetch";
import { serverClock } from "@/lib/server-clock";
import { failureOf, Unreachable } from "./refusal";
import type { paths } from "./schema";

/** Every answer also tells what time the server has, which countdowns need. */
async function fetchAndReadClock(request: Request): Promise<Response> {
  const sentAt = Date.now();
  const response = await fetch(request);
  serverClock.observe(sentAt, Date.now(), response.headers.get("Date"));
  return response;
}

export const http = createClient<paths>({ baseUrl: location.origin, fetch: fetchAndReadClock });

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The value of an answer; throws a `Refusal` or `Unreachable` otherwise. */
export async function valueOf<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw new Unreachable(cause);
  });
  if (response.ok) return data as T;
  throw failureOf(response, error);
}
