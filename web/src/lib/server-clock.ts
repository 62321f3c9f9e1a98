// Tells the server's time, learned from its answers, so that countdowns are right on a wrong clock.

/**
 * A `Date` header names a whole second that lay between asking and being answered. Each answer
 * narrows what the difference of the clocks can be; a clock that is right needs no correction.
 */
export function createServerClock(localNow: () => number) {
  let least = -Infinity;
  let most = Infinity;
  return {
    observe(sentAt: number, receivedAt: number, dateHeader: string | null): void {
      const second = dateHeader === null ? NaN : Date.parse(dateHeader);
      if (Number.isNaN(second)) return;
      const lower = second - receivedAt;
      const upper = second + 1000 - sentAt;
      const agrees = lower <= most && upper >= least;
      least = agrees ? Math.max(least, lower) : lower;
      most = agrees ? Math.min(most, upper) : upper;
    },
    now(): number {
      return localNow() + Math.min(Math.max(0, least), most);
    },
  };
}

export const serverClock = createServerClock(() => Date.now());
