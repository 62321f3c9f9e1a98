// What can be told of a slot's or a booking's range from its two instants: how long it is, and how it lies to another.

/** Half-open, RFC 3339. */
interface Range {
  start: string;
  end: string;
}

/** Whole minutes between two instants. */
export function minutesOf({ start, end }: Range): number {
  return (Date.parse(end) - Date.parse(start)) / 60_000;
}

/** Whether the two share a moment. */
export function overlap(one: Range, other: Range): boolean {
  return (
    Date.parse(one.start) < Date.parse(other.end) && Date.parse(other.start) < Date.parse(one.end)
  );
}

/** Whether the two are the same time. */
export function isSameTime(one: Range, other: Range): boolean {
  return byStart(one, other) === 0 && minutesOf(one) === minutesOf(other);
}

export const byStart = (a: Range, b: Range) => Date.parse(a.start) - Date.parse(b.start);
