// What a page in a frame and the page around it say to each other, by `postMessage`.

/** How the frame is told who is around it: in its name, which lasts through every page that it shows. */
export const NAME_PREFIX = "holdfast:";

/** What the frame's name says, as JSON after the prefix. */
export interface HostContext {
  /** The origin of the page around the frame, which alone is spoken to. */
  origin: string;
  theme?: string | undefined;
  language?: string | undefined;
}

/** What happened in the frame. Nothing here is secret: no name, no address, no token. */
export type BookingEvent =
  | { holdfast: "held"; start: string; end: string }
  | { holdfast: "booked"; start: string; end: string; uid: string; status: string };

/** From the frame. */
export type FrameMessage =
  | BookingEvent
  /** The frame shows a page of Holdfast, and nothing in its place. */
  | { holdfast: "hello" }
  | { holdfast: "size"; height: number }
  /** What is looked at next begins at the top. */
  | { holdfast: "top" }
  /** The visitor wants out. */
  | { holdfast: "close" };

/** To the frame. */
export interface HostMessage {
  holdfast: "look";
  theme: string | undefined;
}
