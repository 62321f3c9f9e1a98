// How long something takes, in the words of a visitor: in hours from two on, else in minutes.
import { useI18n } from "./i18n";

export function useDurationText() {
  const { t } = useI18n();
  return (minutes: number) => {
    if (minutes < 120) return t("offer.minutes", { minutes });
    const hours = t("offer.hours", { hours: Math.floor(minutes / 60) });
    const rest = minutes % 60;
    return rest === 0 ? hours : `${hours} ${t("offer.minutes", { minutes: rest })}`;
  };
}
