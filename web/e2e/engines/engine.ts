// What the stories ask of a browser, whichever engine is in it.

export type EngineName = "Chromium" | "Firefox" | "WebKit";

/** How somebody's browser is set, and where they are. */
export interface BrowserSettings {
  /** `null`: the browser names no language, as where nobody has set one. */
  language: "en-GB" | "de-DE" | null;
  zone: string;
  scheme: "light" | "dark";
}

export interface Engine {
  /** A tab with a profile of its own, which knows nothing of the others. */
  open: (settings: BrowserSettings, server: string) => Promise<Tab>;
  /** Ends every browser of it. */
  close: () => Promise<void>;
}

/** Where an expression is looked at: in the page, or in the frame that another expression gives. */
export interface FrameRef {
  frame: string | null;
}

export interface Tab {
  /** The booking server's address, as this browser reaches it. */
  server: string;
  goTo: (url: string) => Promise<unknown>;
  reload: () => Promise<unknown>;
  back: () => Promise<unknown>;
  forward: () => Promise<unknown>;
  /** The settled value of an expression, as plain data. */
  ask: (expression: string, ref: FrameRef) => Promise<unknown>;
  /** Clicks the element that the expression gives, as a person's mouse does. */
  click: (expression: string, ref: FrameRef) => Promise<void>;
  /** Types where the focus is. */
  type: (text: string) => Promise<void>;
  press: (key: Key) => Promise<void>;
  /** The page is out of sight and knows it. */
  hide: () => Promise<void>;
  show: () => Promise<unknown>;
  /** Closes it as people do, while the browser goes on. */
  close: () => Promise<void>;
  /** Ends whatever is left of it and gives what went wrong in it: uncaught errors, logged errors, breaches of the content policy. */
  end: () => Promise<string[]>;
}

export type Key = "Enter" | "Escape" | "Tab" | "Backspace";
