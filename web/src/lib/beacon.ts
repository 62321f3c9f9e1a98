// What is still sent while a page goes away, when no answer can be awaited any more.

/** Some browsers have no beacons, and all have a bound on what they take; a request that outlives its page does the same. */
export function sendBeacon(path: string, body: unknown): void {
  const text = JSON.stringify(body);
  if (isTaken(path, text)) return;
  // Nobody is left to hear whether it arrived.
  fetch(path, { method: "POST", body: text, keepalive: true }).catch(() => undefined);
}

function isTaken(path: string, text: string): boolean {
  const browser: Partial<Pick<Navigator, "sendBeacon">> = navigator;
  try {
    return browser.sendBeacon?.(path, text) ?? false;
  } catch {
    return false;
  }
}
