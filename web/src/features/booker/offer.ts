// What the booker needs to know about the thing that is booked, and what the viewer looks at.

export interface Offer {
  eventTypeId: string;
  title: string;
  durationsMinutes: number[];
  /** The zone of the schedule, in which the horizon counts. */
  timeZone: string;
  horizonDays: number | null;
  /** More than one can have the same time. */
  isShared: boolean;
}

export interface View {
  /** YYYY-MM-DD in the viewer's zone; null lets the page choose the first free day. */
  date: string | null;
  durationMinutes: number;
  timeZone: string;
}

export interface Viewing {
  view: View;
  onView: (change: Partial<View>) => void;
}
