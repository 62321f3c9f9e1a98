// The programs that WebKit needs around it: a screen, a driver, and locales; whatever happens, none outlives the tests.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { freePort } from "../host-site";

const TIMEOUT_MS = 20_000;
const POLL_MS = 10;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) kill(child);
});

/** It and all that it has started, which is why each leads a group of its own. */
function kill({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

async function start(
  program: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ child: ChildProcess; end: () => Promise<void> }> {
  const child = spawn(program, args, {
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  await once(child, "spawn");
  running.add(child);
  const gone = once(child, "exit");
  const end = async () => {
    if (running.delete(child)) kill(child);
    await gone;
  };
  return { child, end };
}

/** A display that nobody else has: the server looks for a free one and says which. */
export async function startScreen() {
  const args = ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  const { child, end } = await start(process.env["XVFB"] ?? "Xvfb", args);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const [number] = (await once(child.stdio[3] as Readable, "data", { signal })) as [Buffer];
  return { display: `:${number.toString().trim()}`, end };
}

/** A driver, which drives one browser. */
export async function startDriver(environment: Record<string, string>) {
  const port = await freePort();
  const program = process.env["WEBKIT_DRIVER"] ?? "WebKitWebDriver";
  const { child, end } = await start(program, [`--port=${port}`], environment);
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + TIMEOUT_MS;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || Date.now() > until) {
      await end();
      throw new Error(`${program} does not become ready.`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { url, end };
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/status`).catch(() => null);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}

/** What is in it matters little to a browser that brings its own; but a locale that is not there counts as "C". */
const ANY_LOCALE = "/usr/lib/locale/C.utf8";

/** A folder in which the locales have the names that WebKit takes for languages, so that none need be installed. */
export async function localesFolder() {
  await access(ANY_LOCALE);
  const path = await mkdtemp(join(tmpdir(), "holdfast-locales-"));
  for (const name of ["C.UTF-8", "en_GB.UTF-8", "de_DE.UTF-8"]) {
    await symlink(ANY_LOCALE, join(path, name));
  }
  return { path, remove: () => rm(path, { recursive: true }) };
}
