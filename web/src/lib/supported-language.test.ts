// People are spoken to in the first of their languages that the pages support.
import { expect, it } from "vitest";
import { supportedLanguage } from "./supported-language";

it.each([
  [["de"], "de"],
  [["de-AT", "en"], "de"],
  [["DE_de.UTF-8@euro"], "de"],
  [["fr-CH", "de-CH", "en"], "de"],
  [["fr"], "en"],
  [["den"], "en"],
  [["C", "de"], "de"],
  [["en-US@posix"], "en"],
  [[], "en"],
  [[undefined, null, 7, {}], "en"],
  [[undefined, "de"], "de"],
])("whoever reads %o is spoken to in %s", (words, language) => {
  expect(supportedLanguage(words)).toBe(language);
});
