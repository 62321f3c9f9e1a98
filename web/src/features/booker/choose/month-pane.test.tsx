// The month can be drawn, whatever zone the browser says that it is in.
import { parseDate } from "@internationalized/date";
import { cleanup, render } from "@testing-library/react";
import { I18nProvider } from "react-aria/I18nProvider";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { I18nContext } from "@/lib/i18n";
import { stubIntl } from "@/lib/stub-intl";
import { MonthPane } from "./month-pane";

beforeEach(() => vi.resetModules());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const noon = { start: "2027-03-10T12:00:00Z", end: "2027-03-10T12:30:00Z", remaining: 1 };
const free = { slots: [{ ...noon, state: "free" as const }], free: 1, held: 0 };
const i18n = { language: "en", setLanguage: () => undefined } as const;

const drawn = (date: string | null, locale: string) =>
  render(
    <I18nContext value={{ ...i18n, locale, t: (key) => key }}>
      <I18nProvider locale={locale}>
        <MonthPane
          days={new Map(date ? [[date, free]] : [])}
          date={date}
          shown={parseDate("2027-03-10")}
          today={parseDate("2027-03-01")}
          last={parseDate("2027-06-01")}
          setFocused={() => undefined}
          onDate={() => undefined}
        />
      </I18nProvider>
    </I18nContext>,
  );

// Each in a locale of its own: the calendar remembers what it has asked the browser.
it.each([
  [undefined, "en-GB"],
  ["Etc/Unknown", "en-AU"],
  ["Foo/Bar", "en-NZ"],
])("draws where the zone is %o", async (timeZone, locale) => {
  stubIntl({ timeZone });
  const { putZoneRight, browserTimeZone } = await import("@/lib/browser-locale");
  putZoneRight();
  expect(browserTimeZone()).toBeNull();
  const { getByRole, unmount } = drawn("2027-03-10", locale);
  expect(getByRole("button", { name: /Wednesday,? 10 March 2027/ })).toBeTruthy();
  unmount();
  expect(drawn(null, locale).getByRole("heading", { name: "March 2027" })).toBeTruthy();
});
