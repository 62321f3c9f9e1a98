// How long a slot or a booking is.

/** Whole minutes between two instants. */
export function minutesOf({ start, end }: { start: string; end: string }): number {
  return (Date.parse(end) - Date.parse(start)) / 60_000;
}
