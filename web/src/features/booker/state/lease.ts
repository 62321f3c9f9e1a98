// The lease of a hold, by which it is known again after a reload, or a step back and forward.

/** A lease that this tab had: its fencing number, and when it began in milliseconds of the server's clock. */
export interface Lease {
  version: number;
  grantedAt: number;
}
