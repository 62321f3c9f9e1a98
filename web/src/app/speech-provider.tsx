// Gives the whole app its language and clock, and keeps the choices.
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria/I18nProvider";
import { ClockContext } from "@/lib/clock-choice";
import {
  firstLanguage,
  type Language,
  loadMessages,
  localeFor,
  say,
  SpeechContext,
} from "@/lib/language";
import { readerLanguages } from "@/lib/reader";
import { readChoice, writeChoice } from "@/lib/stored-choice";
import { type HourCycle, localeHourCycle } from "@/lib/time-format";

function firstHourCycle(): HourCycle | null {
  const stored = readChoice("clock");
  return stored === "h12" || stored === "h23" ? stored : null;
}

export function SpeechProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const [chosenCycle, setChosenCycle] = useState(firstHourCycle);
  const locale = localeFor(language, readerLanguages());

  // Synchronizes the document's language, which screen readers and hyphenation follow.
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const speech = useMemo(
    () => ({
      language,
      locale,
      t: (key: Parameters<typeof say>[1], params?: Parameters<typeof say>[2]) =>
        say(language, key, params),
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
    <SpeechContext value={speech}>
      <ClockContext value={clock}>
        <I18nProvider locale={locale}>{children}</I18nProvider>
      </ClockContext>
    </SpeechContext>
  );
}
