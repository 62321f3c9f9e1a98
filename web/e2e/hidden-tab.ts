// A tab that the browser really hides: the ones that the test tool makes itself always count as seen.
import { type Browser, chromium, type LaunchOptions } from "@playwright/test";

/** With these, which the test tool asks for, a browser treats what is hidden as if it were seen. */
const UNTHROTTLED = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

export interface HideableTab {
  /** The value of this expression in the tab, once it is settled. */
  ask: (expression: string) => Promise<unknown>;
  /** Puts another tab of the same window in front. */
  hide: () => Promise<void>;
  show: () => Promise<void>;
  close: () => Promise<void>;
}

interface Evaluated {
  result: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

/** Opens the address in a browser that does with hidden tabs what browsers do. */
export async function openHideableTab(url: string, options: LaunchOptions): Promise<HideableTab> {
  const browser = await chromium.launch({ ...options, ignoreDefaultArgs: UNTHROTTLED });
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send("Target.createBrowserContext");
  const open = async (address: string) =>
    (await session.send("Target.createTarget", { url: address, browserContextId })).targetId;
  const targetId = await open(url);
  const ask = await evaluatorFor(session, targetId);
  return {
    ask,
    hide: async () => {
      await session.send("Target.activateTarget", { targetId: await open("about:blank") });
    },
    show: async () => {
      await session.send("Target.activateTarget", { targetId });
    },
    close: () => browser.close(),
  };
}

type CdpSession = Awaited<ReturnType<Browser["newBrowserCDPSession"]>>;

/** The tab stays unknown to the test tool, so it is spoken with by messages of the protocol itself. */
async function evaluatorFor(session: CdpSession, targetId: string): Promise<HideableTab["ask"]> {
  const { sessionId } = await session.send("Target.attachToTarget", { targetId, flatten: false });
  const awaited = new Map<number, (evaluated: Evaluated) => void>();
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result: Evaluated };
    if (id !== undefined) awaited.get(id)?.(result);
  });
  let last = 0;
  return async (expression) => {
    const id = ++last;
    const params = { expression, awaitPromise: true, returnByValue: true };
    const message = JSON.stringify({ id, method: "Runtime.evaluate", params });
    const answer = new Promise<Evaluated>((resolve) => awaited.set(id, resolve));
    await session.send("Target.sendMessageToTarget", { sessionId, message });
    const { result, exceptionDetails } = await answer;
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? expression);
    return result.value;
  };
}
