// Stands in for the Intl of other browsers in tests: what they write and say differs from what this one does.
import { vi } from "vitest";

interface Overrides {
  /** What it says of its visitor's zone, in the place of what is true. */
  timeZone?: unknown;
  /** It writes Canadian dates as CLDR 42 has them, and knows no `shortOffset`. */
  isOld?: boolean;
}

export function stubIntl(overrides: Overrides): void {
  const Real = Intl.DateTimeFormat;
  class Other extends Real {
    readonly #isDefault: boolean;

    constructor(locale?: string, options: Intl.DateTimeFormatOptions = {}) {
      if (overrides.isOld && options.timeZoneName?.endsWith("Offset"))
        throw new RangeError("timeZoneName");
      super(overrides.isOld && locale === "en-CA" ? "en-US" : locale, options);
      this.#isDefault = options.timeZone === undefined;
    }

    override resolvedOptions() {
      const said = super.resolvedOptions();
      const isOther = "timeZone" in overrides && this.#isDefault;
      return isOther ? { ...said, timeZone: overrides.timeZone as string } : said;
    }
  }
  const others = { DateTimeFormat: { value: Other } };
  vi.stubGlobal("Intl", Object.create(Intl, others));
}
