// People with browsers of their own: each visitor is a separate context in which nothing may fail, break the content policy, or jump.
import {
  type APIRequestContext,
  type Browser,
  type BrowserContextOptions,
  expect,
  type Page,
  test as base,
} from "@playwright/test";
import { type HoldTimes, type OwnServer, startOwnServer } from "./own-server";

export type Invite = (options?: BrowserContextOptions) => Promise<Page>;

/** What a test has to begin with. */
export interface Fixtures {
  invite: Invite;
  request: APIRequestContext;
}

/** Starts a server for this test alone, with fixtures to visit it. */
export type Serve = (times: HoldTimes) => Promise<OwnServer & { fixtures: Fixtures }>;

/** Refusals and lost connections are part of the stories; the browser logs them by itself. */
const EXPECTED = /Failed to load resource|net::ERR_/;

/** An entry of the layout instability API, which TypeScript does not know yet. */
interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null }[];
}

async function watched(browser: Browser, errors: string[], options?: BrowserContextOptions) {
  const context = await browser.newContext(options);
  await context.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
    // The site that embeds the pages in the tests notes above them what it is told, and moves them by that.
    if (location.hostname === "localhost") return;
    // The browser excuses what follows an input or another size of the window within half a second, but knows
    // of neither in a frame of the same site. There it is excused here by the same rule.
    const excuses: number[] = [];
    if (window.parent !== window) {
      for (const kind of ["pointerdown", "pointerup", "click", "keydown", "resize"]) {
        addEventListener(kind, ({ timeStamp }) => excuses.push(timeStamp), { capture: true });
      }
    }
    const isExcused = ({ hadRecentInput, startTime }: LayoutShift) =>
      hadRecentInput || excuses.some((at) => at <= startTime && startTime < at + 500);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        if (isExcused(entry)) continue;
        const what = entry.sources.map(({ node }) => node?.textContent?.slice(0, 60)).join(" | ");
        console.error(`layout shift of ${entry.value}: ${what}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) {
      errors.push(message.text());
    }
  });
  return page;
}

export const test = base.extend<{ invite: Invite; serve: Serve }>({
  invite: async ({ browser }, give) => {
    const errors: string[] = [];
    const pages: Page[] = [];
    await give(async (options) => {
      const page = await watched(browser, errors, options);
      pages.push(page);
      return page;
    });
    for (const page of pages) await page.context().close();
    expect(errors).toEqual([]);
  },
  serve: async ({ invite, playwright }, give) => {
    const ends: (() => Promise<void>)[] = [];
    await give(async (times) => {
      const server = await startOwnServer(times);
      const { url: baseURL } = server;
      const request = await playwright.request.newContext({ baseURL });
      ends.push(() => request.dispose(), server.close);
      const fixtures = {
        request,
        invite: (options?: BrowserContextOptions) => invite({ ...options, baseURL }),
      };
      return { ...server, fixtures };
    });
    for (const end of ends) await end();
  },
});

export { expect } from "@playwright/test";
