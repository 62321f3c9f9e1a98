// A timer outside the page, because browsers slow down the timers of hidden tabs.
let timer: ReturnType<typeof setInterval> | undefined;

addEventListener("message", (event: MessageEvent<number>) => {
  clearInterval(timer);
  timer = setInterval(() => postMessage(null), event.data);
});
