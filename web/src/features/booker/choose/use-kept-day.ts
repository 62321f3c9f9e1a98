// Keeps showing the day that is shown, whatever becomes free or goes on the days around it.
import { useCallback, useState } from "react";
import type { View, Viewing } from "../state/offer";
import { keptDay } from "./slot-days";
import type { Month } from "./use-month";

/** The month with the day that stays until the visitor chooses another, or looks at other times. */
export function useKeptDay(month: Month, { view, onView }: Viewing): Viewing & { month: Month } {
  const { year, month: number } = month.shown;
  const key = [view.date, view.timeZone, view.durationMinutes, year, number].join(" ");
  const [shown, setShown] = useState<{ key: string; date: string | null }>({ key, date: null });
  const date = keptDay(month.days, shown.key === key ? shown.date : null, month.date);
  if (shown.key !== key || shown.date !== date) setShown({ key, date });
  const wanted = view.date;
  const choose = useCallback(
    (change: Partial<View>) => {
      // The day that was wanted from the first may have opened since.
      if (change.date === wanted) setShown({ key, date: null });
      onView(change);
    },
    [wanted, key, onView],
  );
  return { month: { ...month, date }, view, onView: choose };
}
