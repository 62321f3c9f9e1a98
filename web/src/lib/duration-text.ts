// How long something takes, in the words of a reader: whole hours from two on, else minutes.
import { useSpeech } from "./language";

export function useDurationText() {
  const { t } = useSpeech();
  return (minutes: number) =>
    minutes >= 120 && minutes % 60 === 0
      ? t("offer.hours", { hours: minutes / 60 })
      : t("offer.minutes", { minutes });
}
