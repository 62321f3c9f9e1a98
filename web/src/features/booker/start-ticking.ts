// Ticks that go on in a hidden tab.

export function startTicking(onTick: () => void, everyMs: number): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const worker = new Worker(new URL("./heartbeat-timer.worker.ts", import.meta.url), {
    type: "module",
  });
  worker.addEventListener("message", onTick);
  // It cannot be had, from a server that is away or has a newer build: ticks that a hidden tab slows down are better than none.
  worker.addEventListener("error", () => {
    timer ??= setInterval(onTick, everyMs);
  });
  worker.postMessage(everyMs);
  return () => {
    clearInterval(timer);
    worker.terminate();
  };
}
