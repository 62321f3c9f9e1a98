// Browsers that say odd things of themselves, are too old, or run no scripts; and pages that fall over all the same.
import type { APIRequestContext, Browser, Page } from "@playwright/test";
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

let opened: Page | undefined;

test.afterEach(async () => {
  await opened?.context().close();
  opened = undefined;
});

/**
 * A booking page in a browser that is made odd first; what it sends to the operator; and how many reports the operator has got
 * since it was opened, which may be more: a page that was closed before may still tell of itself.
 */
async function openOddly(
  { browser, request }: { browser: Browser; request: APIRequestContext },
  makeOdd: (page: Page) => Promise<unknown>,
) {
  const day = await mostFreeDay(request);
  const before = await reportCount(request);
  const page = await browser.newPage();
  opened = page;
  const sent: unknown[] = [];
  page.on("request", (asked) => {
    if (asked.url().endsWith("/page-errors")) sent.push(asked.postDataJSON());
  });
  await makeOdd(page);
  await page.goto(day.path);
  return { page, ...day, sent, received: async () => (await reportCount(request)) - before };
}

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
  const { page } = await openOddly({ browser, request }, (page) =>
    page.route(/\.css$/, async (route) => {
      const text = await (await route.fetch()).text();
      const body = text.replaceAll("light-dark(", "newer(");
      await route.fulfill({ contentType: "text/css", body });
    }),
  );
  await expect(page.locator(NOTE)).toBeVisible();
  await freeTimes(page).first().waitFor();
});

test("who has a browser in which the app does not start is told what to do, and so is the operator", async ({
  browser,
  request,
}) => {
  const { page, eventType, sent, received } = await openOddly({ browser, request }, (page) =>
    page.route(/\/assets\/index-.*\.js$/, (route) =>
      route.fulfill({ contentType: "text/javascript", body: "const newer = a |> b;" }),
    ),
  );
  await expect(page.locator(NOTE)).toBeVisible();
  await expect(page.getByRole("heading", { name: eventType.title })).toBeVisible();
  await expect.poll(received).toBeGreaterThanOrEqual(1);
  expect(sent).toHaveLength(1);
});

test("who has a browser in which the app leaves nothing of the page is told what to do", async ({
  browser,
  request,
}) => {
  // The page that tells of what went wrong needs it, too.
  const { page, sent, received } = await openOddly({ browser, request }, (page) =>
    page.addInitScript(() => Reflect.deleteProperty(window, "matchMedia")),
  );
  await expect(page.locator(NOTE)).toBeVisible();
  await expect.poll(() => sent.length).toBeGreaterThanOrEqual(1);
  await expect.poll(received).toBeGreaterThanOrEqual(sent.length);
});

test("a page that falls over tells the operator what and where, and the visitor how to go on", async ({
  browser,
  request,
}) => {
  const { page, sent, received } = await openOddly({ browser, request }, async (page) => {
    const slots = [{ start: "Ada Example", end: "ada@example.org", state: "free" }];
    await page.route(/\/slots\?/, (route) => route.fulfill({ json: { slots } }));
    await page.route(/\/slots\/stream/, (route) => route.abort());
  });
  await expect(page.getByRole("heading", { name: "Something went wrong" })).toBeVisible();
  await expect(page.locator(NOTE)).toBeHidden();
  await expect.poll(received).toBeGreaterThanOrEqual(1);
  expect(sent).toEqual([
    {
      page: "booking",
      name: "RangeError",
      message: expect.stringContaining("Invalid time") as unknown,
      at: expect.stringMatching(/^assets\/[\w.-]+\.js:\d+:\d+$/) as unknown,
    },
  ]);
});

/** How many booking pages have told the operator, in Chromium, that they fell over. */
async function reportCount(request: APIRequestContext): Promise<number> {
  const metrics = await (await request.get("/metrics")).text();
  const count = /holdfast_page_errors_total\{page="booking",engine="blink"\} (\d+)/.exec(metrics);
  return Number(count?.[1]);
}
