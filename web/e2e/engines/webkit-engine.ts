// WebKit by WebDriver: Debian's MiniBrowser on a screen that nobody sees.
import { Builder, Key as Keys, type WebDriver, type WebElement } from "selenium-webdriver";
import type { Engine, BrowserSettings, Key, FrameRef, Tab } from "./engine";
import { openErrorProxy } from "./error-proxy";
import { localesFolder, startDriver, startScreen } from "./webkit-processes";

const WINDOW = { x: 0, y: 0, width: 1280, height: 900 };
const MINI_BROWSER =
  process.env["MINI_BROWSER"] ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

const KEYS: Record<Key, string> = {
  Enter: Keys.ENTER,
  Escape: Keys.ESCAPE,
  Tab: Keys.TAB,
  Backspace: Keys.BACK_SPACE,
};

export async function openWebKit(): Promise<Engine> {
  const screen = await startScreen();
  const locales = await localesFolder();
  return {
    open: (settings, server) =>
      openTab(server, { DISPLAY: screen.display, ...environmentFor(settings, locales.path) }),
    close: async () => {
      await screen.end();
      await locales.remove();
    },
  };
}

/** WebKit takes the language from the name of the locale, and the colours from the desktop's theme. */
function environmentFor(
  { language, zone, scheme }: BrowserSettings,
  locales: string,
): Record<string, string> {
  return {
    TZ: zone,
    LOCPATH: locales,
    LC_ALL: language ? `${language.replace("-", "_")}.UTF-8` : "C.UTF-8",
    GTK_THEME: scheme === "dark" ? "Adwaita:dark" : "Adwaita",
  };
}

/** Each has a browser of its own, since a driver drives one. */
async function openTab(server: string, environment: Record<string, string>): Promise<Tab> {
  const proxy = await openErrorProxy(server);
  const process = await startDriver(environment);
  const driver = await new Builder()
    .usingServer(process.url)
    .withCapabilities({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary: MINI_BROWSER, args: ["--automation"] },
    })
    .build();
  const window = driver.manage().window();
  await window.setRect(WINDOW);
  return {
    server: proxy.url,
    goTo: (url) => driver.get(url),
    reload: () => driver.navigate().refresh(),
    back: () => driver.navigate().back(),
    forward: () => driver.navigate().forward(),
    ...pageActions(driver),
    // Its tabs count as seen whichever is in front; in a window that is put away they do not.
    hide: () => window.minimize(),
    show: () => window.setRect(WINDOW),
    close: () => closeTab(driver),
    end: async () => {
      await process.end();
      await proxy.close();
      return proxy.errors;
    },
  };
}

/** With its last window a browser ends, and people close one of many. */
async function closeTab(driver: WebDriver): Promise<void> {
  const tab = await driver.getWindowHandle();
  await driver.switchTo().newWindow("window");
  const other = await driver.getWindowHandle();
  await driver.switchTo().window(tab);
  await driver.close();
  await driver.switchTo().window(other);
}

/** What a person does on a page and sees of it. */
function pageActions(driver: WebDriver): Pick<Tab, "ask" | "click" | "type" | "press"> {
  const point = (expression: string) => driver.executeScript<WebElement>(`return ${expression}`);
  const within = async <T>({ frame }: FrameRef, work: () => Promise<T>): Promise<T> => {
    if (frame === null) return work();
    await driver.switchTo().frame(await point(frame));
    try {
      return await work();
    } finally {
      await driver.switchTo().defaultContent();
    }
  };
  return {
    ask: (expression, ref) =>
      within(ref, async () => {
        const text = `return Promise.resolve(${expression}).then((value) => JSON.stringify(value ?? null))`;
        return JSON.parse(await driver.executeScript<string>(text)) as unknown;
      }),
    click: (expression, ref) => within(ref, async () => (await point(expression)).click()),
    type: (text) => driver.actions().sendKeys(text).perform(),
    press: (key) => driver.actions().sendKeys(KEYS[key]).perform(),
  };
}
