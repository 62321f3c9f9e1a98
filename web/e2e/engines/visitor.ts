// Somebody at a browser: what they see, by role and name, and what they do; each waits until it can be.
import { expect } from "@playwright/test";
import type { Key, FrameRef, Tab } from "./engine";
import type { brightness } from "./probe";
import { HAS_PROBE, probed, probeSource } from "./probe-source";
import { type Look, type Query, words } from "./query";

const TIMEOUT_MS = 15_000;
const POLL_MS = [20, 50];
const PAGE: FrameRef = { frame: null };

/** Until it holds, for a bounded time; then its own complaint is what is told. */
async function until(work: () => Promise<void>, ms = TIMEOUT_MS): Promise<void> {
  await expect(work).toPass({ intervals: POLL_MS, timeout: ms });
}

/** What is expected of an element: texts as they are, or patterns in them. */
type Expected = {
  [What in keyof Look]?: Look[What] | (Look[What] extends string | undefined ? RegExp : never);
};

/** What may be on a page, or in a frame of it. */
export class View {
  constructor(
    protected readonly tab: Tab,
    private readonly ref: FrameRef = PAGE,
  ) {}

  part(query: Query): Part {
    return new Part(this, query);
  }

  role(role: string, name?: string | RegExp): Part {
    return this.part({ role, ...(name === undefined ? {} : { name: words(name) }) });
  }

  text(text: string | RegExp): Part {
    return this.part({ text: words(text) });
  }

  /** What is told to those who listen. */
  says(text: string | RegExp): Part {
    return this.part({ role: "status", text: words(text) });
  }

  testId(id: string): Part {
    return this.part({ css: `[data-testid="${id}"]` });
  }

  /** The button of a time, whatever its state. */
  time(label: string): Part {
    return this.part({ css: "button[data-state]", name: { pattern: `^${label}` } });
  }

  /** The first that is free. */
  freeTime(): Part {
    return this.part({ css: "button[data-state=free]" });
  }

  async ask(expression: string): Promise<unknown> {
    await this.prepare();
    return this.tab.ask(expression, this.ref);
  }

  async click(expression: string): Promise<void> {
    await this.prepare();
    await this.tab.click(expression, this.ref);
  }

  type(text: string): Promise<void> {
    return this.tab.type(text);
  }

  /** Each document begins without the probe. */
  private async prepare(): Promise<void> {
    for (const ref of this.ref.frame === null ? [PAGE] : [PAGE, this.ref]) {
      if (!(await this.tab.ask(HAS_PROBE, ref))) await this.tab.ask(await probeSource(), ref);
    }
  }
}

/** Something that is on the page, or will be. */
export class Part {
  constructor(
    private readonly view: View,
    private readonly query: Query,
  ) {}

  async look(): Promise<Look> {
    return (await this.view.ask(probed("look", this.query))) as Look;
  }

  /** Waits until it is there and like this. */
  shows(expected: Expected = {}, withinMs?: number): Promise<void> {
    const like: Record<string, unknown> = { text: expect.any(String) };
    for (const [what, value] of Object.entries(expected)) {
      like[what] = value instanceof RegExp ? expect.stringMatching(value) : value;
    }
    return until(async () => {
      expect(await this.look(), JSON.stringify(this.query)).toMatchObject(like);
    }, withinMs);
  }

  isGone(): Promise<void> {
    return until(async () => {
      expect(await this.look(), JSON.stringify(this.query)).toEqual({ count: 0 });
    });
  }

  click(): Promise<void> {
    return until(() => this.view.click(probed("ready", this.query)));
  }

  async fill(text: string): Promise<void> {
    await this.click();
    await this.view.ask(probed("selectAll", this.query));
    await this.view.type(text);
    await this.shows({ value: text });
  }

  statesFor(ms: number): Promise<unknown> {
    return this.view.ask(probed("statesOf", this.query, ms));
  }

  async isDark(): Promise<boolean> {
    const painted = await this.view.ask(probed("brightness", this.query));
    const { ground, ink } = painted as ReturnType<typeof brightness>;
    return ground < ink;
  }
}

export class Visitor extends View {
  /** The booking server, as this browser reaches it. */
  get server(): string {
    return this.tab.server;
  }

  async goTo(address: string): Promise<void> {
    await this.tab.goTo(new URL(address, this.server).href);
  }

  /** What is in the frame of this title. */
  frame(title: string): View {
    return new View(this.tab, { frame: probed("theElement", { css: `iframe[title="${title}"]` }) });
  }

  reload = () => this.tab.reload();
  back = () => this.tab.back();
  forward = () => this.tab.forward();
  press = (key: Key) => this.tab.press(key);
  hide = () => this.tab.hide();
  show = () => this.tab.show();
  close = () => this.tab.close();

  title(): Promise<unknown> {
    return this.ask("document.title");
  }

  hasTitle(pattern: RegExp): Promise<void> {
    return until(async () => expect(await this.title()).toMatch(pattern));
  }

  isSeen(isSeen: boolean): Promise<void> {
    const expected = isSeen ? "visible" : "hidden";
    return until(async () => expect(await this.ask("document.visibilityState")).toBe(expected));
  }

  /** For people who must find out what went wrong. */
  async account(): Promise<string> {
    const address = await this.ask("location.href");
    return `${String(address)}\n${String(await this.ask(probed("everything")))}`;
  }
}
