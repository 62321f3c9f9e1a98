// Languages are complete, and locales follow the visitor.
import { expect, it } from "vitest";
import { fill, localeFor } from "./i18n";
import { de } from "./messages/de";
import { en, type MessageKey } from "./messages/en";
import { countdown, localeHourCycle } from "./time-format";

/** The server's own words are English, and left out elsewhere. */
const placeholders = (text: string) =>
  [...text.matchAll(/\{(?!detail)\w+\}/g)].map(([placeholder]) => placeholder).sort();

it("says everything in both languages, with the same parts", () => {
  const keys = Object.keys(en) as MessageKey[];
  const partsDiffer = (key: MessageKey) =>
    placeholders(de[key]).join() !== placeholders(en[key]).join();
  expect(keys.filter((key) => de[key] === "" || partsDiffer(key))).toEqual([]);
});

it("fills in what is known", () => {
  expect(fill("{count} left of {all}", { count: 2 })).toBe("2 left of {all}");
});

it("takes the visitor's own region, else the language's home", () => {
  expect(localeFor("en", ["de-AT", "en-US"])).toMatch(/^en-US-u-/);
  expect(localeFor("en", ["de-AT"])).toMatch(/^en-GB-u-/);
  expect(localeFor("de", ["de-AT"])).toMatch(/^de-AT-u-/);
  expect(localeFor("de", [])).toMatch(/^de-DE-u-/);
});

it("knows the habits of clocks", () => {
  expect(localeHourCycle("en-US")).toBe("h12");
  expect(localeHourCycle("de-DE")).toBe("h23");
  expect([countdown(581_000), countdown(59_100), countdown(-5)]).toEqual(["9:41", "1:00", "0:00"]);
});
