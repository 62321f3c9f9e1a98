// Scripts that give a page the Intl, and the word of its visitor, that other browsers have.

/** As a browser in a container or a webview speaks of itself, with an Intl of other conventions than this one's. */
export function speakOddly(timeZone: string | undefined): void {
  Object.defineProperty(navigator, "languages", { get: () => ["C", "en-US@posix"] });
  Object.defineProperty(navigator, "language", { get: () => "C" });
  const { prototype } = Intl.DateTimeFormat;
  const { resolvedOptions, format } = Object.getOwnPropertyDescriptors(prototype);
  const asked = resolvedOptions.value as () => Intl.ResolvedDateTimeFormatOptions;
  const own = asked.call(new Intl.DateTimeFormat()).timeZone;
  prototype.resolvedOptions = function () {
    const said = asked.call(this);
    return said.timeZone === own ? { ...said, timeZone: timeZone as string } : said;
  };
  Object.defineProperty(prototype, "format", {
    get(this: Intl.DateTimeFormat) {
      const write = format.get?.call(this) as (date?: Date) => string;
      if (!asked.call(this).locale.startsWith("en-CA")) return write;
      return (date: Date) => date.toUTCString();
    },
  });
}

/** As a browser of next year, in a city that has made itself a zone. */
export function knowNewZone(): void {
  const Real = Intl.DateTimeFormat;
  const here = (zone: string | undefined) => (zone === "Europe/Bonn" ? "Europe/Berlin" : zone);
  class Newer extends Real {
    readonly #zone: string | undefined;
    constructor(locale?: string, options: Intl.DateTimeFormatOptions = {}) {
      super(locale, { ...options, timeZone: here(options.timeZone) });
      this.#zone = options.timeZone;
    }
    override resolvedOptions() {
      return { ...super.resolvedOptions(), timeZone: this.#zone ?? "Europe/Bonn" };
    }
  }
  Object.assign(Intl, { DateTimeFormat: Newer });
}
