// @vitest-environment node
// The browsers are said once, and everybody says the same.
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { oldestBrowsers } from "../build/browsers.ts";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
const settings = await readFile(new URL("../package.json", import.meta.url), "utf8");

it("the oldest of each is the one that the README names", () => {
  const oldest = Object.fromEntries(
    oldestBrowsers().map((browser) => {
      const [, name = "", version] = /^([a-z]+)([\d.]+)$/.exec(browser) ?? [];
      return [name, version];
    }),
  );
  const { chrome, edge, firefox, safari, ios } = oldest;
  expect([edge, ios]).toEqual([chrome, safari]);
  expect(readme.replaceAll(/\s+/g, " ")).toContain(
    `Chrome and Edge ${chrome}, Firefox ${firefox}, Safari ${safari} on a Mac or an iPhone`,
  );
});

it("the date of the release is the one of the README", () => {
  const { browserslist } = JSON.parse(settings) as { browserslist: string[] };
  const [, date = "none"] = / on (\d{4}-\d{2}-\d{2})$/.exec(browserslist[0] ?? "") ?? [];
  expect(browserslist).toHaveLength(1);
  expect(readme).toContain(`(${date})`);
});
