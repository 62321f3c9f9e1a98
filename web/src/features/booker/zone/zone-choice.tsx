// Shows the visitor's time zone and opens the search for another.
import { lazy, Suspense, useState } from "react";
import { DownIcon } from "@/components/ui/icons";
import { useI18n } from "@/lib/i18n";
import { useTimeFormat } from "@/lib/time-format";
import { useNow } from "@/lib/use-now";
import { zoneName } from "./zone-name";

// The list of zones and its search are needed by few and are fetched when they are.
const ZoneSearch = lazy(() =>
  import("./zone-search").then((module) => ({ default: module.ZoneSearch })),
);

export interface ZoneChoiceProps {
  value: string;
  /** The visitor's own zone is not known, and this one stands in for it. */
  isInstead: boolean;
  onChange: (timeZone: string) => void;
}

export function ZoneChoice({ value, isInstead, onChange }: ZoneChoiceProps) {
  const { t } = useI18n();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-label={t("zone.change", { zone: zoneName(value) })}
        className="inline-flex min-h-8 items-center text-start text-soft hover:text-ink"
      >
        {/* Other words are another element, which cannot be seen to jump. */}
        <span key={value} className="inline-flex items-center gap-1">
          <span>
            <span className="font-medium text-ink">{zoneName(value)}</span> ·{" "}
            <TimeThere timeZone={value} />
          </span>
          <DownIcon />
        </span>
      </button>
      <p role="status" className="text-small text-soft empty:hidden">
        {isInstead && t("zone.instead", { zone: zoneName(value) })}
      </p>
      {isOpen && (
        <Suspense>
          <ZoneSearch value={value} onChoose={onChange} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function TimeThere({ timeZone }: { timeZone: string }) {
  const { t } = useI18n();
  return <>{t("offer.now", { time: useTimeFormat(timeZone).time(useNow()) })}</>;
}
