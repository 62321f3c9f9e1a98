// Booking pages on other sites: in the page and in a dialog, where they may be and where they may not.
import type { APIRequestContext, FrameLocator, Page } from "@playwright/test";
import { type HostSite, openHostSite } from "./host-site";
import { bookedHeading, fillDetails, type BookableDay, mostFreeDay } from "./studio";
import { expect, type Invite, test } from "./visitors";

const BOOKING = process.env["HOLDFAST_URL"] ?? "http://127.0.0.1:3999";
/** The name under which sites may embed, as the server was told, and one under which they may not. */
const [FRIEND, STRANGER] = ["localhost", "127.0.0.1"] as const;
const MOST_SCRIPT_BYTES = 4096;

let site: HostSite | undefined;

test.afterEach(async () => {
  await site?.close();
  site = undefined;
});

function tag(day: BookableDay, attributes = ""): string {
  return `<script src="${BOOKING}/embed.js" data-event="default/${day.eventType.slug}" ${attributes}></script>`;
}

async function visit(
  invite: Invite,
  request: APIRequestContext,
  body: (day: BookableDay) => string,
): Promise<{ page: Page; day: BookableDay }> {
  const day = await mostFreeDay(request);
  site = await openHostSite(BOOKING, body(day));
  const page = await invite();
  await page.goto(site.url(FRIEND));
  return { page, day };
}

function frameIn(page: Page): FrameLocator {
  return page.locator("iframe[title]").first().contentFrame();
}

async function take(frame: FrameLocator): Promise<void> {
  await frame.locator('button[data-state="free"]').first().click();
  await frame.getByRole("timer").filter({ hasText: ":" }).waitFor();
}

/** Shows its times, and the site has reserved space for all of them: what is below it moves no more. */
async function isSettled(frame: FrameLocator): Promise<void> {
  await frame.locator('button[data-state="free"]').first().waitFor();
  const within = await frame.locator("#root").evaluate((root) => Math.ceil(root.clientHeight));
  await expect
    .poll(() => frame.owner().evaluate((element) => element.clientHeight))
    .toBeGreaterThanOrEqual(within);
}

/** What the site was told so far, as the events that it heard. */
async function told(page: Page): Promise<Record<string, string>[]> {
  const lines = await page.locator("#told li").allTextContents();
  return lines.map((line) => JSON.parse(line) as Record<string, string>);
}

test("a page on another site is as high as what it shows, and tells the site what happens", async ({
  invite,
  request,
}) => {
  const { page, day } = await visit(invite, request, (day) => tag(day));
  const frame = frameIn(page);
  await take(frame);
  const event = `default/${day.eventType.slug}`;
  await expect.poll(() => told(page)).toMatchObject([{ name: "held", event }]);

  const scrolls = () =>
    frame
      .locator("html")
      .evaluate((html) => html.querySelector("#root")?.clientHeight === html.clientHeight);
  await expect.poll(scrolls, "its own scroll").toBe(true);
  await expect(frame.getByRole("banner").getByLabel("Language")).toHaveCount(0);

  await fillDetails(frame, day.eventType);
  await frame.getByRole("button", { name: /Confirm booking|Send request/ }).click();
  await bookedHeading(frame).waitFor();
  await expect.poll(() => told(page)).toHaveLength(2);
  const [held, booked] = await told(page);
  expect(booked).toMatchObject({ name: "booked", event, start: held?.["start"] ?? "" });
  expect(booked?.["uid"]).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.stringify(booked)).not.toMatch(/token|Ada/);
});

test("a dialog takes the focus, gives it back, and lets the time go when it is closed", async ({
  invite,
  request,
}) => {
  const { page, day } = await visit(invite, request, (day) => tag(day, 'data-mode="dialog"'));
  const opener = page.getByRole("button", { name: "Book a time" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Booking" });
  await expect(dialog).toBeVisible();
  await take(frameIn(page));
  await expect.poll(() => told(page)).toMatchObject([{ name: "held" }]);
  const [held] = await told(page);

  // The focus is inside the frame, so the frame hears Escape and passes it on.
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
  await expect.poll(() => told(page)).toMatchObject([{ name: "held" }, { name: "closed" }]);
  const { id } = day.eventType;
  const duration = day.eventType.durations_minutes[0] ?? 30;
  await expect
    .poll(async () => {
      const query = `event_type_id=${id}&start=${held?.["start"] ?? ""}&duration_minutes=${duration}`;
      const answer = await request.get(`/api/v1/presence?${query}`);
      return ((await answer.json()) as { present: unknown[] }).present;
    })
    .toEqual([]);

  await opener.click();
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toHaveCount(0);
});

test("several pages on one site tell each its own", async ({ invite, request }) => {
  const { page, day } = await visit(
    invite,
    request,
    (day) => `${tag(day)}<hr><div id="tour"></div>
      <script src="${BOOKING}/embed.js" data-event="default/tour" data-target="#tour" data-language="de"></script>`,
  );
  const tour = page.locator("#tour").frameLocator("iframe");
  await isSettled(frameIn(page));
  await expect(tour.locator("html")).toHaveAttribute("lang", "de");
  await take(tour);
  await expect.poll(() => told(page)).toMatchObject([{ name: "held", event: "default/tour" }]);
  await take(frameIn(page));
  await expect
    .poll(() => told(page))
    .toMatchObject([{ event: "default/tour" }, { event: `default/${day.eventType.slug}` }]);
});

test("nobody else is believed: neither by the site nor by the frame", async ({
  invite,
  request,
}) => {
  const { page } = await visit(invite, request, (day) => tag(day, 'data-theme="light"'));
  const frame = frameIn(page);
  await frame.locator('button[data-state="free"]').first().waitFor();
  await page.evaluate(() => {
    const forger = document.createElement("iframe");
    forger.src = "/forger.html";
    document.body.append(forger);
  });
  await expect.poll(() => page.frame({ url: /forger/ })?.title()).toBe("said");
  await take(frame);
  await expect.poll(() => told(page)).toMatchObject([{ name: "held" }]);
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "light");
  await page.locator("script[data-event]").evaluate((script) => {
    script.setAttribute("data-theme", "dark");
  });
  await expect(frame.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a site that is not named says why there is no page, and where it is", async ({
  browser,
  request,
}) => {
  const day = await mostFreeDay(request);
  site = await openHostSite(BOOKING, tag(day));
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.goto(site.url(STRANGER));
  await expect(page.getByText("The booking page cannot be shown here.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Open it in a new tab" })).toHaveAttribute(
    "href",
    `${BOOKING}/default/${day.eventType.slug}`,
  );
  expect(said.join("\n")).toContain("HOLDFAST_FRAME_ANCESTORS");
  await page.close();
});

test("a frame that may store nothing can hold a time", async ({ invite, request }) => {
  const day = await mostFreeDay(request);
  site = await openHostSite(BOOKING, tag(day));
  const page = await invite();
  await page.addInitScript(() => {
    const denied = () => {
      throw new DOMException("Access is denied for this document.", "SecurityError");
    };
    if (window.parent === window) return;
    Object.defineProperty(window, "sessionStorage", { get: denied });
    Object.defineProperty(window, "localStorage", { get: denied });
    LockManager.prototype.request = () =>
      Promise.reject(new DOMException("Denied.", "SecurityError"));
  });
  await page.goto(site.url(FRIEND));
  await take(frameIn(page));
  await expect.poll(() => told(page)).toMatchObject([{ name: "held" }]);
});

test("the demo shows how it is done", async ({ invite }) => {
  const page = await invite();
  await page.goto("/embed-example.html");
  await take(frameIn(page));
  await expect(page.getByText(/held: .*default\/live-room/)).toBeVisible();
  await page.getByRole("button", { name: "Book the practice room" }).click();
  const dialog = page.getByRole("dialog", { name: "Book the practice room" });
  await dialog.frameLocator("iframe").getByRole("heading", { name: "Practice room" }).waitFor();
});

test("the script for other sites is small", async ({ request }) => {
  const answer = await request.head("/embed.js", { headers: { "accept-encoding": "gzip" } });
  const bytes = Number(answer.headers()["content-length"]);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT_BYTES);
});
