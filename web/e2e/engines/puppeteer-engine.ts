// Firefox by WebDriver BiDi, and Chromium, by the same client.
import puppeteer, { type Browser, type ElementHandle, type Frame, type Page } from "puppeteer-core";
import type { Engine, BrowserSettings, FrameRef, Tab } from "./engine";

const VIEWPORT = { width: 1280, height: 860 };
/** Refused and lost connections are part of the stories; Chromium logs them by itself. */
const EXPECTED = /Failed to load resource|net::ERR_/;

type Launch = (settings: BrowserSettings) => Promise<Browser>;

/** What both are launched with. */
const common = ({ zone }: BrowserSettings) => ({
  env: { ...process.env, LANG: "C.UTF-8", TZ: zone },
  defaultViewport: VIEWPORT,
});
/** As both number it. */
const numberOf = (scheme: BrowserSettings["scheme"]) => (scheme === "dark" ? 0 : 1);

const launchFirefox: Launch = (settings) =>
  puppeteer.launch({
    ...common(settings),
    browser: "firefox",
    executablePath: process.env["FIREFOX"] ?? "/usr/bin/firefox-esr",
    extraPrefsFirefox: {
      ...(settings.language ? { "intl.accept_languages": settings.language } : {}),
      "layout.css.prefers-color-scheme.content-override": numberOf(settings.scheme),
    },
  });

const launchChromium: Launch = (settings) =>
  puppeteer.launch({
    ...common(settings),
    browser: "chrome",
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      ...(settings.language ? [`--accept-lang=${settings.language}`] : []),
      `--blink-settings=preferredColorScheme=${numberOf(settings.scheme)}`,
    ],
  });

export const openFirefox = () => engineOf(launchFirefox);
export const openChromium = () => engineOf(launchChromium);

/** One browser for all who have the same settings; each visitor has a profile in it. */
function engineOf(launch: Launch): Engine {
  const browsers = new Map<string, Promise<Browser>>();
  return {
    open: async (settings, server) => {
      const key = JSON.stringify(settings);
      const browser = browsers.get(key) ?? launch(settings);
      browsers.set(key, browser);
      return openTab(await browser, server);
    },
    close: async () => {
      for (const browser of browsers.values()) await (await browser).close();
    },
  };
}

async function openTab(browser: Browser, server: string): Promise<Tab> {
  const context = await browser.createBrowserContext();
  // Windows of their own do not hide each other.
  const page = await context.newPage({ type: "window" });
  const errors = recordErrors(page);
  let cover: Page | undefined;
  return {
    server,
    goTo: (url) => page.goto(url),
    reload: () => page.reload(),
    back: () => page.goBack(),
    forward: () => page.goForward(),
    ...pageActions(page),
    hide: async () => {
      await page.bringToFront();
      cover = await context.newPage();
      await cover.bringToFront();
    },
    show: async () => {
      await cover?.close();
      await page.bringToFront();
    },
    close: () => page.close({ runBeforeUnload: true }),
    end: async () => {
      await context.close();
      return errors;
    },
  };
}

function recordErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    const isError = message.type() === "error" && !EXPECTED.test(message.text());
    if (isError) errors.push(message.text());
  });
  return errors;
}

/** What a person does on a page and sees of it. */
function pageActions(page: Page): Pick<Tab, "ask" | "click" | "type" | "press"> {
  const point = async (expression: string, ref: FrameRef) => {
    const element = await elementIn(await frameAt(page, ref), expression);
    if (!element) throw new Error(`No element: ${expression}`);
    return element;
  };
  return {
    ask: async (expression, ref) => {
      const text = `Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
      return JSON.parse((await (await frameAt(page, ref)).evaluate(text)) as string) as unknown;
    },
    click: async (expression, ref) => (await point(expression, ref)).click(),
    type: (text) => page.keyboard.type(text),
    press: (key) => page.keyboard.press(key),
  };
}

async function elementIn(frame: Page | Frame, expression: string) {
  const handle = await frame.evaluateHandle(expression);
  return handle.asElement() as ElementHandle | null;
}

async function frameAt(page: Page, { frame }: FrameRef): Promise<Frame> {
  if (frame === null) return page.mainFrame();
  const within = await (await elementIn(page, frame))?.contentFrame();
  if (!within) throw new Error(`No frame: ${frame}`);
  return within;
}
