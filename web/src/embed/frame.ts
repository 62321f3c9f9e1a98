// The frame with the booking page in it: as high as its page, and heard only when it is really that page that speaks.
import {
  type FrameMessage,
  type Happening,
  type HostMessage,
  NAME_PREFIX,
  type Surroundings,
} from "../lib/embed-protocol";
import type { Words } from "./words";

/** How long the page may stay silent once something has loaded. A page of Holdfast speaks before that. */
const SILENCE_MS = 2000;
/** No page is higher; whatever asks for more is wrong. */
const MOST_HEIGHT = 20_000;

interface FrameParts {
  event: string;
  label: string;
  words: Words;
  onHappening: (happening: Happening) => void;
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
  const around: Surroundings = { origin: location.origin, theme, language };
  const iframe = document.createElement("iframe");
  iframe.title = parts.label;
  iframe.name = NAME_PREFIX + JSON.stringify(around);
  iframe.src = address;
  const excuse = createExcuse(address, parts.words);
  const element = document.createElement("div");
  element.className = "page";
  element.append(iframe, excuse);

  let hasSpoken = false;
  const showPage = (isShown: boolean) => {
    iframe.hidden = !isShown;
    excuse.hidden = isShown;
  };
  listen(iframe, origin, (message) => {
    hasSpoken = true;
    showPage(true);
    if (message.holdfast === "size") {
      iframe.style.height = `${Math.min(MOST_HEIGHT, Math.max(0, message.height))}px`;
    } else if (message.holdfast === "top") {
      if (element.getBoundingClientRect().top < 0) element.scrollIntoView({ block: "start" });
    } else if (message.holdfast === "close") {
      parts.onClose();
    } else if (message.holdfast !== "hello") {
      parts.onHappening(message);
    }
  });
  iframe.addEventListener("load", () => {
    setTimeout(() => {
      const isPage = hasSpoken || !iframe.isConnected;
      hasSpoken = false;
      if (isPage) return;
      showPage(false);
      console.error(
        `Holdfast: ${address} cannot be shown on ${location.origin}. Name this site in HOLDFAST_FRAME_ANCESTORS of that server.`,
      );
    }, SILENCE_MS);
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
  hear: (message: FrameMessage) => void,
): void {
  const receive = ({ source, origin: from, data }: MessageEvent<unknown>) => {
    if (!iframe.isConnected) {
      removeEventListener("message", receive);
    } else if (source === iframe.contentWindow && from === origin && isMessage(data)) {
      hear(data);
    }
  };
  addEventListener("message", receive);
}

function isMessage(data: unknown): data is FrameMessage {
  return typeof data === "object" && data !== null && "holdfast" in data;
}

/** What stands in the place of a page that may not be shown here. */
function createExcuse(address: string, words: Words): HTMLElement {
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = words.elsewhere;
  const excuse = document.createElement("p");
  excuse.className = "refused";
  excuse.hidden = true;
  excuse.append(words.refused, " ", link);
  return excuse;
}
