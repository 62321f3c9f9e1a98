// Gives the whole app its language and clock, and keeps the choices.
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { I18nProvider as AriaI18nProvider } from "react-aria/I18nProvider";
import { ClockContext, type HourCycle } from "@/lib/clock-choice";
import {
  firstLanguage,
  type Language,
  loadMessages,
  localeFor,
  translate,
  I18nContext,
} from "@/lib/i18n";
import { browserLanguages } from "@/lib/browser-locale";
import { readChoice, writeChoice } from "@/lib/stored-choice";
import { localeHourCycle } from "@/lib/time-format";

function firstHourCycle(): HourCycle | null {
  const stored = readChoice("clock");
  return stored === "h12" || stored === "h23" ? stored : null;
}

export function I18nProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const [chosenCycle, setChosenCycle] = useState(firstHourCycle);
  const locale = localeFor(language, browserLanguages());

  // Synchronizes the document's language, which screen readers and hyphenation follow.
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const i18n = useMemo(
    () => ({
      language,
      locale,
      t: (key: Parameters<typeof translate>[1], params?: Parameters<typeof translate>[2]) =>
        translate(language, key, params),
      setLanguage: (next: Language) => {
        writeChoice("language", next);
        void loadMessages(next).then(() => setLanguage(next));
      },
    }),
    [language, locale],
  );
  const clock = useMemo(
    () => ({
      hourCycle: chosenCycle ?? localeHourCycle(locale),
      setHourCycle: (next: HourCycle) => {
        writeChoice("clock", next);
        setChosenCycle(next);
      },
    }),
    [chosenCycle, locale],
  );
  return (
    <I18nContext value={i18n}>
      <ClockContext value={clock}>
        <AriaI18nProvider locale={locale}>{children}</AriaI18nProvider>
      </ClockContext>
    </I18nContext>
  );
}
