// Browsers that say odd things of themselves, are too old, or run no scripts; and pages that fall over all the same.
import type { APIRequestContext } from "@playwright/test";
import { knowNewZone, speakOddly } from "./other-intl";
import { freeTimes, mostFreeDay, takeFirst } from "./studio";
import { expect, test } from "./visitors";

for (const timeZone of [undefined, "Etc/Unknown", "Foo/Bar"]) {
  test(`who is in the zone ${String(timeZone)} is told whose times are shown, and holds one`, async ({
    invite,
    request,
  }) => {
    const { path, eventType } = await mostFreeDay(request);
    const ada = await invite();
    await ada.addInitScript(speakOddly, timeZone);
    await ada.goto(path.replace(/&zone=.*/, ""));
    await freeTimes(ada).first().waitFor();
    await expect(ada.getByText(`times are shown for ${eventType.time_zone}`)).toBeVisible();
    await takeFirst(ada);
    await ada.goto(path);
    await freeTimes(ada).first().waitFor();
    await expect(ada.getByText("times are shown for")).toBeHidden();
  });
}

test("a zone that the server does not know gives way to the schedule's", async ({
  invite,
  request,
}) => {
  const { path, eventType } = await mostFreeDay(request);
  const ada = await invite();
  await ada.addInitScript(knowNewZone);
  await ada.goto(path.replace(/&zone=.*/, ""));
  await freeTimes(ada).first().waitFor();
  await expect(ada.getByText(`times are shown for ${eventType.time_zone}`)).toBeVisible();
});

const NOTE = "#browser-note";

test("who runs no scripts is told what to do", async ({ browser, request }) => {
  const { path, eventType } = await mostFreeDay(request);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(path);
  // Texts and roles are not looked for in there.
  const told = page.locator("noscript p");
  await expect(told).toHaveCount(2);
  for (const sentence of await told.all()) await expect(sentence).toBeVisible();
  await expect(page.getByRole("heading", { name: eventType.title })).toBeVisible();
  await expect(page.locator(NOTE)).toBeHidden();
  await context.close();
});

test("who has a browser that is too old for the style sheet is told so, and the app runs as it can", async ({
  browser,
  request,
}) => {
  const { path } = await mostFreeDay(request);
  const page = await browser.newPage();
  await page.route(/\.css$/, async (route) => {
    const text = await (await route.fetch()).text();
    await route.fulfill({
      contentType: "text/css",
      body: text.replaceAll("light-dark(", "newer("),
    });
  });
  await page.goto(path);
  await expect(page.locator(NOTE)).toBeVisible();
  await freeTimes(page).first().waitFor();
  await page.context().close();
});

test("who has a browser in which the app does not start is told what to do, and so is the operator", async ({
  browser,
  request,
}) => {
  const { path, eventType } = await mostFreeDay(request);
  const before = await told(request, "booking");
  const page = await browser.newPage();
  await page.route(/\/assets\/index-.*\.js$/, (route) =>
    route.fulfill({ contentType: "text/javascript", body: "const newer = a |> b;" }),
  );
  await page.goto(path);
  await expect(page.locator(NOTE)).toBeVisible();
  await expect(page.getByRole("heading", { name: eventType.title })).toBeVisible();
  await expect.poll(() => told(request, "booking")).toBe(before + 1);
  await page.context().close();
});

test("who has a browser in which the app leaves nothing of the page is told what to do", async ({
  browser,
  request,
}) => {
  const { path } = await mostFreeDay(request);
  const before = await told(request, "booking");
  const page = await browser.newPage();
  // The page that tells of what went wrong needs it, too.
  await page.addInitScript(() => Reflect.deleteProperty(window, "matchMedia"));
  await page.goto(path);
  await expect(page.locator(NOTE)).toBeVisible();
  await expect.poll(() => told(request, "booking")).toBeGreaterThan(before);
  await page.context().close();
});

test("a page that falls over tells the operator what and where, and the visitor how to go on", async ({
  browser,
  request,
}) => {
  const { path } = await mostFreeDay(request);
  const before = await told(request, "booking");
  const page = await browser.newPage();
  const reports: unknown[] = [];
  page.on("request", (sent) => {
    if (sent.url().endsWith("/page-errors")) reports.push(sent.postDataJSON());
  });
  await page.route(/\/slots\?/, (route) =>
    route.fulfill({
      json: { slots: [{ start: "Ada Example", end: "ada@example.org", state: "free" }] },
    }),
  );
  await page.route(/\/slots\/stream/, (route) => route.abort());
  await page.goto(path);
  await expect(page.getByRole("heading", { name: "Something went wrong" })).toBeVisible();
  await expect(page.locator(NOTE)).toBeHidden();
  await expect.poll(() => told(request, "booking")).toBe(before + 1);
  expect(reports).toEqual([
    {
      page: "booking",
      name: "RangeError",
      message: expect.stringContaining("Invalid time") as unknown,
      at: expect.stringMatching(/^assets\/[\w.-]+\.js:\d+:\d+$/) as unknown,
    },
  ]);
  await page.context().close();
});

/** How often the operator was told of a page of this kind in Chromium. */
async function told(request: APIRequestContext, page: string): Promise<number> {
  const metrics = await (await request.get("/metrics")).text();
  const count = new RegExp(`holdfast_page_errors_total{page="${page}",engine="blink"} (\\d+)`);
  return Number(count.exec(metrics)?.[1]);
}
