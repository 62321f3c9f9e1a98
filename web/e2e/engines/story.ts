// The fixtures of a story: an engine, visitors in it with whom nothing may go wrong unseen, and servers to visit.
import { type APIRequestContext, expect, test as base } from "@playwright/test";
import { type HoldTimes, startOwnServer } from "../own-server";
import type { Engine, EngineName, BrowserSettings, Tab } from "./engine";
import { openChromium, openFirefox } from "./puppeteer-engine";
import { Visitor } from "./visitor";
import { openWebKit } from "./webkit-engine";

const ENGINES: Record<EngineName, () => Engine | Promise<Engine>> = {
  Chromium: openChromium,
  Firefox: openFirefox,
  WebKit: openWebKit,
};

/** How long a hold lives without a heartbeat on the server of all stories. */
export const TTL_MS = Number(process.env["HOLDFAST_HOLD_TTL_MS"] ?? 15_000);

const USUAL: BrowserSettings = { language: "en-GB", zone: "Europe/Berlin", scheme: "light" };

export interface Invitation extends Partial<BrowserSettings> {
  /** Another server than the one of all stories. */
  server?: string;
}

export type Invite = (invitation?: Invitation) => Promise<Visitor>;
/** Starts a server for this story alone, with fixtures to visit it. */
export type Serve = (times: HoldTimes) => Promise<Fixtures>;

/** What a story has to begin with. */
export interface Fixtures {
  invite: Invite;
  request: APIRequestContext;
}

export interface EngineOptions {
  engineName: EngineName;
}

/** What is to be ended once the visitors have gone, so that no server goes before them. */
type Ends = (() => Promise<void>)[];

export const test = base.extend<
  { invite: Invite; serve: Serve; ends: Ends },
  EngineOptions & { engine: Engine }
>({
  engineName: ["Chromium", { option: true, scope: "worker" }],
  engine: [
    async ({ engineName }, give) => {
      const engine = await ENGINES[engineName]();
      await give(engine);
      await engine.close();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  // eslint-disable-next-line no-empty-pattern -- the runner reads from the pattern that nothing is needed
  ends: async ({}, give) => give([]),
  invite: async ({ engine, engineName, baseURL, ends }, give, story) => {
    const tabs: Tab[] = [];
    await give(async ({ server, ...settings } = {}) => {
      const tab = await engine.open({ ...USUAL, ...settings }, server ?? baseURL ?? "");
      tabs.push(tab);
      return new Visitor(tab);
    });
    if (story.status !== story.expectedStatus) await tell(engineName, tabs);
    const errors: string[] = [];
    for (const tab of tabs) errors.push(...(await tab.end()));
    for (const end of ends) await end();
    expect(errors, `what went wrong in ${engineName}`).toEqual([]);
  },
  serve: async ({ invite, ends, playwright }, give) => {
    await give(async (times) => {
      const { url: server, close } = await startOwnServer(times);
      const request = await playwright.request.newContext({ baseURL: server });
      ends.push(() => request.dispose(), close);
      return { request, invite: (invitation) => invite({ ...invitation, server }) };
    });
  },
});

/** What each visitor has before them when a story fails. */
async function tell(engine: EngineName, tabs: Tab[]): Promise<void> {
  for (const [index, tab] of tabs.entries()) {
    const account = await new Visitor(tab)
      .account()
      .catch((error: unknown) => `nothing: ${String(error)}`);
    console.log(`\n--- visitor ${index + 1} in ${engine} sees ${account}\n---`);
  }
}

export { expect } from "@playwright/test";
