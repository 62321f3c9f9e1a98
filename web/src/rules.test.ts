// @vitest-environment node
// The rules that keep the pages alive in every engine do fire.
import { ESLint } from "eslint";
import { expect, it } from "vitest";

const eslint = new ESLint({ cwd: new URL("..", import.meta.url).pathname });

/** The rules that refuse this text in the place of a file. */
async function refusedBy(text: string, filePath = "src/features/booker/state/offer.ts") {
  const [result] = await eslint.lintText(`${text}\n`, { filePath });
  return result?.messages.map(({ ruleId }) => ruleId) ?? [];
}

const LONG = 60_000;

it.each([
  [`export const a = new Intl.DateTimeFormat("en-CA").format();`, "no-restricted-globals"],
  [`export const a = globalThis.Intl.supportedValuesOf("timeZone");`, "no-restricted-globals"],
  [`export const a = new Date().toLocaleDateString("en-CA");`, "no-restricted-syntax"],
  [`export const a = (1.5)["toLocaleString"]();`, "no-restricted-syntax"],
  [`export const a = ["b", "a"].sort((x, y) => x.localeCompare(y));`, "no-restricted-syntax"],
  [
    `import { DateFormatter } from "@internationalized/date";\nexport const a = DateFormatter;`,
    "no-restricted-syntax",
  ],
  [`export const a = navigator.language;`, "no-restricted-properties"],
  [`const { languages } = navigator;\nexport const a = languages;`, "no-restricted-properties"],
])("nothing is read from what a locale writes: %s", { timeout: LONG }, async (text, rule) => {
  expect(await refusedBy(text)).toContain(rule);
  expect(await refusedBy(text, "e2e/studio.ts")).toContain(rule);
});

it(
  "what shows people things may write by a locale, and reads no browser",
  { timeout: LONG },
  async () => {
    const file = "src/lib/time-format.ts";
    expect(
      await refusedBy(`export const a = new Intl.NumberFormat("en").format(1);`, file),
    ).toEqual([]);
    expect(await refusedBy(`export const a = navigator.language;`, file)).toContain(
      "no-restricted-properties",
    );
  },
);

it.each([
  `document.startViewTransition(() => undefined);`,
  `export const a = AbortSignal.timeout(8);`,
  `document.body.showPopover();`,
  `await Promise.resolve();\nexport {};`,
])("nothing newer than Baseline is taken for granted: %s", { timeout: LONG }, async (text) => {
  expect(await refusedBy(text)).toContain("baseline-js/use-baseline");
});

it("nor in the style sheets", { timeout: LONG }, async () => {
  const text = "textarea { field-sizing: content; }";
  expect(await refusedBy(text, "src/app/app.css")).toContain("css/use-baseline");
  expect(await refusedBy(".a { color: red; }", "src/app/app.css")).toEqual([]);
});

it("no function is longer than 60 lines, unless it is a test", { timeout: LONG }, async () => {
  const long = (lines: number) => `export function a() {\n${"  Date.now();\n".repeat(lines)}}`;
  expect(await refusedBy(long(59))).toContain("max-lines-per-function");
  expect(await refusedBy(long(58))).toEqual([]);
  expect(await refusedBy(long(59), "e2e/studio.ts")).toEqual([]);
});
