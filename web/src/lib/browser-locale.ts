// What the browser says of its visitor, languages and time zone, parsed: it may be of POSIX, made up, or missing.

/** What is honoured of a tag's extensions: the visitor's clock, and the day on which their week begins. */
const HONOURED = /-(?:fw|hc)-[a-z\d]+/g;

/**
 * Of what a browser, a system or a site calls a locale. Of POSIX's forms (`de_DE.UTF-8@euro`, `en-US@posix`) the
 * language and region count; `C`, `POSIX` and what is no locale say nothing.
 */
export function parseLocale(word: unknown) {
  if (typeof word !== "string") return null;
  const [name = ""] = word.split(/[.@]/);
  if (/^posix$/i.test(name)) return null;
  try {
    return new Intl.Locale(name.replaceAll("_", "-"));
  } catch {
    return null;
  }
}

/**
 * The first of these locales that is a regional form of the language, as a tag to write by; null where there is none.
 * Other calendars and digits (`-u-ca-buddhist`, `-u-nu-arab`) are passed over: the pages count Gregorian days, and
 * mix no two kinds of digits.
 */
export function regionalForm(language: string, words: readonly unknown[]): string | null {
  for (const word of words) {
    const locale = parseLocale(word);
    if (locale?.language === language && locale.region) {
      const name = [locale.language, locale.script, locale.region].filter(Boolean).join("-");
      return tagToWriteBy(name, locale.toString());
    }
  }
  return null;
}

/** Counts in Gregorian days and Latin digits, whatever a region or a tag would have. */
export function tagToWriteBy(name: string, tag = name): string {
  const [, extensions = ""] = tag.split(/-u(?=-)/);
  const honoured = extensions.match(HONOURED) ?? [];
  return `${name}-u-ca-gregory${honoured.join("")}-nu-latn`;
}

/** The visitor's languages, the best first, as the browser words them: `parseLocale` says what they are. */
export function browserLanguages(
  browser: Partial<Pick<Navigator, "language" | "languages">> = navigator,
): readonly unknown[] {
  const { language, languages } = browser;
  return languages && languages.length > 0 ? languages : [language];
}

/** The first use of dates and locales takes a phone a while: it is made while the app is still on its way. */
export function warmUp(language: string): void {
  setTimeout(() => new Intl.DateTimeFormat(language).format());
}

/** The zone of this name as the server knows it, or null. */
export function parseTimeZone(name: unknown): string | null {
  // Browsers also take, and give, offsets, names in any case, and some zones that are in no time-zone database.
  if (typeof name !== "string" || !/^(?!factory|systemv|etc\/unknown)[a-z]/i.test(name)) {
    return null;
  }
  try {
    const found = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    const timeZone = (found.timeZone as string | undefined) ?? name;
    return /[A-Z]/.test(name) && timeZone.toLowerCase() !== name.toLowerCase() ? name : timeZone;
  } catch {
    return null;
  }
}

/** What the browser says, and whether it has been put right for those who ask it themselves. */
const saidTimeZone = (): unknown => new Intl.DateTimeFormat("en").resolvedOptions().timeZone;
let isPutRight = false;

/** The visitor's zone; null where the browser does not know it. */
export function browserTimeZone(): string | null {
  return isPutRight ? null : parseTimeZone(saidTimeZone());
}

/**
 * The calendar asks the browser for its zone itself, and writes by whatever it hears. Where that is no zone, it hears
 * UTC from here on: days are the same days in any zone that dates are both made and written in.
 */
export function putZoneRight(): void {
  if (browserTimeZone() !== null) return;
  const wrong = saidTimeZone();
  const { prototype } = Intl.DateTimeFormat;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called below on what it belongs to
  const { resolvedOptions } = prototype;
  prototype.resolvedOptions = function () {
    const said = resolvedOptions.call(this);
    return said.timeZone === wrong ? { ...said, timeZone: "UTC" } : said;
  };
  isPutRight = true;
}

/** Every zone that the browser lists; none where it keeps no list. */
export function listedTimeZones(): string[] {
  return "supportedValuesOf" in Intl ? Intl.supportedValuesOf("timeZone") : [];
}

export interface KnownZone {
  timeZone: string;
  /** The zone that was wanted is none that this browser knows: to be told, for times are shown in another. */
  isInstead: boolean;
}

/** The wanted zone, or the first of the others that this browser knows. */
export function knownZone(wanted: unknown, ...others: unknown[]): KnownZone {
  const own = parseTimeZone(wanted);
  if (own !== null) return { timeZone: own, isInstead: false };
  const other = others.map(parseTimeZone).find((zone) => zone !== null);
  return { timeZone: other ?? "UTC", isInstead: true };
}
