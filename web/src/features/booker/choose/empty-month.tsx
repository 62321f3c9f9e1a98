// Says that a month has nothing free, and leads to the next that has.
import { parseDate } from "@internationalized/date";
import { Button } from "@/components/ui/button";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import type { Month } from "./use-month";

export function EmptyMonth({ month }: { month: Month }) {
  const { t } = useI18n();
  const { date, isFetching } = month.next;
  const write = useTimeFormat("UTC");
  if (!isFetching && !date) {
    return (
      <p role="status" className="text-soft">
        {t("month.never")}
      </p>
    );
  }
  return (
    <section className="flex flex-col items-start gap-4" role="status">
      <p className="text-soft">
        {t("month.none", { month: write.month(month.shown.toDate("UTC").getTime()) })}
      </p>
      {isFetching && <p className="text-small text-soft">{t("month.searching")}</p>}
      {!isFetching && date && (
        <Button onClick={() => month.setFocused(parseDate(date))}>{t("month.next_free")}</Button>
      )}
    </section>
  );
}
