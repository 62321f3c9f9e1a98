// Ticks that go on in a hidden tab.

export function startTicking(onTick: () => void, everyMs: number): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  // Ticks that a hidden tab slows down are better than none.
  const tickHere = () => {
    timer ??= setInterval(onTick, everyMs);
  };
  const worker = openWorker();
  worker?.addEventListener("message", onTick);
  // It cannot be had, from a server that is away or has a newer build.
  worker?.addEventListener("error", tickHere);
  worker?.postMessage(everyMs);
  if (!worker) tickHere();
  return () => {
    clearInterval(timer);
    worker?.terminate();
  };
}

/** A frame, or a browser, may allow no workers. */
function openWorker(): Worker | null {
  try {
    return new Worker(new URL("./heartbeat-timer.worker.ts", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
}
