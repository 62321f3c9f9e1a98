// A server of the test's own, which it may stop and start again on the same store.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./host-site";

/** How long it may take to become ready, and to end once it was asked to. */
const TIMEOUT_MS = 30_000;
const POLL_MS = 20;

export interface OwnServer {
  url: string;
  /** Asks it to end, as whoever runs it would, and waits until it has. */
  stop: () => Promise<void>;
  /** Starts it again, where it was and with what it had. */
  start: () => Promise<void>;
  /** Ends it and leaves nothing behind. */
  close: () => Promise<void>;
}

function program(): string {
  const path = process.env["HOLDFAST_PROGRAM"];
  if (!path) throw new Error("HOLDFAST_PROGRAM must say where the built holdfast program is.");
  return path;
}

export interface HoldTimes {
  /** How long a hold lives without a heartbeat. */
  ttlMs: number;
  /** How long it lives at most. */
  deadlineMs?: number;
}

/** Starts a server with the demo on an empty store. */
export async function startOwnServer({ ttlMs, deadlineMs }: HoldTimes): Promise<OwnServer> {
  const path = program();
  const folder = await mkdtemp(join(tmpdir(), "holdfast-own-"));
  const [http, grpc] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const url = `http://${http}`;
  const log = join(folder, "log");
  const args = ["serve", "--demo", "--http-addr", http, "--grpc-addr", grpc, "--public-url", url];
  args.push("--database-url", `sqlite://${join(folder, "holdfast.db")}`);
  args.push("--hold-ttl-ms", String(ttlMs));
  if (deadlineMs !== undefined) args.push("--hold-deadline-ms", String(deadlineMs));
  let running: ChildProcess | null = null;

  const start = async () => {
    const out = await open(log, "a");
    const child = spawn(path, args, { stdio: ["ignore", out.fd, out.fd] });
    running = child;
    await Promise.race([once(child, "spawn"), once(child, "error")]);
    await out.close();
    const until = Date.now() + TIMEOUT_MS;
    while (!(await isReady(url))) {
      if (child.pid === undefined || child.exitCode !== null || Date.now() > until) {
        throw new Error(`${path} does not become ready:\n${await readFile(log, "utf8")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  };
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    const child = running;
    running = null;
    if (!child || child.exitCode !== null || child.pid === undefined) return null;
    const ended = once(child, "exit", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  };
  const stop = async () => {
    const code = await end("SIGTERM");
    if (code !== 0) throw new Error(`It ended with ${code}:\n${await readFile(log, "utf8")}`);
  };
  const close = async () => {
    await end("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  return { url, stop, start, close };
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}
