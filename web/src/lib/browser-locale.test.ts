// Whatever the browser says of its visitor, the page knows how to write and in which zone.
import { afterEach, describe, expect, it, vi } from "vitest";
import { localeFor } from "./i18n";
import {
  knownZone,
  listedTimeZones,
  parseTimeZone,
  browserLanguages,
  browserTimeZone,
} from "./browser-locale";
import { stubIntl } from "./stub-intl";
import { createTimeFormat, localeHourCycle } from "./time-format";

afterEach(() => vi.unstubAllGlobals());

const home = "en-GB-u-ca-gregory-nu-latn";

describe("the visitor's locale", () => {
  it.each([
    ["C", home],
    ["POSIX", home],
    ["C.UTF-8", home],
    ["en-US@posix", "en-US-u-ca-gregory-nu-latn"],
    ["en_US.UTF-8", "en-US-u-ca-gregory-nu-latn"],
    ["en_AU.ISO8859-1@euro", "en-AU-u-ca-gregory-nu-latn"],
    ["en-US-posix", "en-US-u-ca-gregory-nu-latn"],
    ["EN-us", "en-US-u-ca-gregory-nu-latn"],
    ["en", home],
    ["english", home],
    ["en-", home],
    ["", home],
    ["de_DE@euro", home],
    [undefined, home],
    [7, home],
  ])("of a browser that says %o is %s", (said, locale) => {
    expect(localeFor("en", [said])).toBe(locale);
  });

  it("keeps the clock and the first weekday that the visitor wants, and no other calendar or digits", () => {
    const wants = "en-US-u-ca-buddhist-fw-mon-hc-h23-nu-arab";
    const locale = localeFor("en", [wants]);
    expect(locale).toBe("en-US-u-ca-gregory-fw-mon-hc-h23-nu-latn");
    expect(localeHourCycle(locale)).toBe("h23");
    const write = createTimeFormat(locale, "h23", "UTC");
    expect(write.longDay("2027-03-10T09:05:00Z")).toContain("2027");
    expect(write.time("2027-03-10T09:05:00Z")).toBe("09:05");
  });

  it.each([
    [{ languages: ["C"] }, "C"],
    [{ languages: [], language: "de" }, "de"],
    [{ language: "de" }, "de"],
    [{}, undefined],
  ])("is looked for in %o", (browser, first) => {
    expect(browserLanguages(browser)[0]).toBe(first);
  });

  it("is found where the browser says nothing at all", () => {
    vi.stubGlobal("navigator", {});
    expect(localeFor("en", browserLanguages())).toBe(home);
  });
});

describe("the visitor's zone", () => {
  it.each([
    undefined,
    null,
    "",
    "Etc/Unknown",
    "Foo/Bar",
    "+01:00",
    "Factory",
    "SystemV/PST8PDT",
    5,
  ])(
    "is not known when the browser says %o, and another takes its place, which is told",
    (said) => {
      stubIntl({ timeZone: said });
      expect(browserTimeZone()).toBeNull();
      expect(knownZone(browserTimeZone(), "Europe/Berlin")).toEqual({
        timeZone: "Europe/Berlin",
        isInstead: true,
      });
      expect(knownZone(said, "Foo/Bar")).toEqual({ timeZone: "UTC", isInstead: true });
    },
  );

  it("is what the browser says where it says one", () => {
    stubIntl({ timeZone: "Asia/Calcutta" });
    expect(browserTimeZone()).toBe("Asia/Calcutta");
    expect(knownZone("Asia/Kolkata", "UTC")).toEqual({
      timeZone: "Asia/Kolkata",
      isInstead: false,
    });
  });

  it("is written as the server knows it", () => {
    expect(parseTimeZone("europe/berlin")).toBe("Europe/Berlin");
    expect(parseTimeZone("Etc/GMT-2")).toBe("Etc/GMT-2");
  });
});

it("lists no zones where the browser lists none", () => {
  const without = Object.create(null, Object.getOwnPropertyDescriptors(Intl)) as Partial<
    typeof Intl
  >;
  delete without.supportedValuesOf;
  vi.stubGlobal("Intl", without);
  expect(listedTimeZones()).toEqual([]);
});
