// Ticks that go on in a hidden tab.

export function startTicking(onTick: () => void, everyMs: number): () => void {
  const worker = new Worker(new URL("./heartbeat-timer.worker.ts", import.meta.url), {
    type: "module",
  });
  worker.addEventListener("message", onTick);
  worker.postMessage(everyMs);
  return () => worker.terminate();
}
