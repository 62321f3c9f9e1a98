// The frame with the booking page in it: as high as its page, and heard only when it is really that page that speaks.
import {
  type FrameMessage,
  type BookingEvent,
  type HostMessage,
  NAME_PREFIX,
  type HostContext,
} from "../lib/embed-protocol";
import type { Texts } from "./texts";

/** How long the page may stay silent once something has loaded. A page of Holdfast speaks before that. */
const REPORT_TIMEOUT_MS = 2000;
/** No page is higher; whatever asks for more is wrong. */
const MOST_HEIGHT = 20_000;

interface FrameParts {
  event: string;
  label: string;
  texts: Texts;
  onEvent: (event: BookingEvent) => void;
  onClose: () => void;
}

export interface Frame {
  element: HTMLElement;
  focus: () => void;
  look: (theme: string | undefined) => void;
}

export function createFrame(script: HTMLScriptElement, parts: FrameParts): Frame {
  const { origin } = new URL(script.src);
  const address = `${origin}/${parts.event}`;
  const { theme, language } = script.dataset;
  const context: HostContext = { origin: location.origin, theme, language };
  const iframe = document.createElement("iframe");
  iframe.title = parts.label;
  iframe.name = NAME_PREFIX + JSON.stringify(context);
  iframe.src = address;
  const fallback = createFallback(address, parts.texts);
  const element = document.createElement("div");
  element.className = "page";
  element.append(iframe, fallback);

  let hasReported = false;
  const showPage = (isShown: boolean) => {
    iframe.hidden = !isShown;
    fallback.hidden = isShown;
  };
  listen(iframe, origin, (message) => {
    hasReported = true;
    showPage(true);
    if (message.holdfast === "size") {
      iframe.style.height = `${Math.min(MOST_HEIGHT, Math.max(0, message.height))}px`;
    } else if (message.holdfast === "top") {
      if (element.getBoundingClientRect().top < 0) element.scrollIntoView({ block: "start" });
    } else if (message.holdfast === "close") {
      parts.onClose();
    } else if (message.holdfast !== "hello") {
      parts.onEvent(message);
    }
  });
  iframe.addEventListener("load", () => {
    setTimeout(() => {
      const isPage = hasReported || !iframe.isConnected;
      hasReported = false;
      if (isPage) return;
      showPage(false);
      console.error(
        `Holdfast: ${address} cannot be shown on ${location.origin}. Name this site in HOLDFAST_FRAME_ANCESTORS of that server.`,
      );
    }, REPORT_TIMEOUT_MS);
  });
  return {
    element,
    focus: () => iframe.focus(),
    look: (next) => {
      const message: HostMessage = { holdfast: "look", theme: next };
      iframe.contentWindow?.postMessage(message, origin);
    },
  };
}

/** Hears this frame alone, and only while it shows a page of that origin. */
function listen(
  iframe: HTMLIFrameElement,
  origin: string,
  onMessage: (message: FrameMessage) => void,
): void {
  const receive = ({ source, origin: from, data }: MessageEvent<unknown>) => {
    if (!iframe.isConnected) {
      removeEventListener("message", receive);
    } else if (source === iframe.contentWindow && from === origin && isMessage(data)) {
      onMessage(data);
    }
  };
  addEventListener("message", receive);
}

function isMessage(data: unknown): data is FrameMessage {
  return typeof data === "object" && data !== null && "holdfast" in data;
}

/** What stands in the place of a page that may not be shown here. */
function createFallback(address: string, texts: Texts): HTMLElement {
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = texts.elsewhere;
  const fallback = document.createElement("p");
  fallback.className = "refused";
  fallback.hidden = true;
  fallback.append(texts.refused, " ", link);
  return fallback;
}
