// Gives up what has waited too long, as `AbortSignal.timeout` does where a browser has it.

export function signalAfter(milliseconds: number): AbortSignal {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), milliseconds);
  return abort.signal;
}
