// Whether the page is in a frame, and how it speaks to the site around it.
import {
  type FrameMessage,
  type HostMessage,
  NAME_PREFIX,
  type HostContext,
} from "./embed-protocol";

/** In any frame, whoever made it. */
export const isEmbedded = window.parent !== window;

/** Where what is told goes; nowhere in a frame that `embed.js` did not make. */
export const hostOrigin = isEmbedded ? originIn(window.name) : null;

export function originIn(name: string): string | null {
  if (!name.startsWith(NAME_PREFIX)) return null;
  try {
    const { origin } = JSON.parse(name.slice(NAME_PREFIX.length)) as Partial<HostContext>;
    return typeof origin === "string" && URL.canParse(origin) ? origin : null;
  } catch {
    return null;
  }
}

/** The browser gives it to the page around only if that is of the origin which it said it was. */
export function tellHost(message: FrameMessage): void {
  if (hostOrigin !== null) window.parent.postMessage(message, hostOrigin);
}

/** What the site around asks for, and nobody else. */
export function onHostLook(listen: (theme: string | undefined) => void): void {
  addEventListener("message", ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source !== window.parent || origin !== hostOrigin || !isLook(data)) return;
    listen(data.theme);
  });
}

function isLook(data: unknown): data is HostMessage {
  return (
    typeof data === "object" && data !== null && "holdfast" in data && data.holdfast === "look"
  );
}
