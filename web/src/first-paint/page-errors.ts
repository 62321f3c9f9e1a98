// Tells the operator what broke in a page, and the visitor when the app could not even start.
import { sendBeacon } from "../lib/beacon";
import { redact } from "./redact";

const PATH = "/api/v1/page-errors";
/** Of one page; whatever goes on breaking has been told. */
const MOST_REPORTS = 3;
const NAME = /^[A-Za-z_$][\w$]{0,63}$/;

export interface Report {
  page: "booking" | "offers" | "manage" | "other";
  name: string;
  message: string;
  at?: string;
}

/** What kind of page is at this path: the path itself may name a booking. */
export function pageAt(path: string): Report["page"] {
  const [first = "", second, ...more] = path.split("/").filter((part) => part !== "");
  if (more.length > 0) return "other";
  if (second === undefined) return first === "admin" ? "other" : "offers";
  return first === "bookings" ? "manage" : "booking";
}

/** The first position in this text that is in a script of ours: `assets/index-B1.js:1:4711`. */
function positionIn(text: string): string | undefined {
  const origin = location.origin.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const position = new RegExp(
    `${origin}/((?:assets/)?[\\w.-]{1,120}\\.js:\\d{1,7}:\\d{1,7})(?!\\d)`,
  );
  return position.exec(text)?.[1];
}

/**
 * What was thrown, which may be anything. Nothing where it is in no script of ours: then it broke in something that the
 * visitor's browser has put into the page.
 */
function reportOf(thrown: unknown, position: string): Report | null {
  const { name, message, stack } = (thrown ?? {}) as Partial<Record<keyof Error, unknown>>;
  const trace = `${typeof stack === "string" ? stack : ""}\n${position}`.trim();
  const at = positionIn(trace);
  if (at === undefined && trace !== "") return null;
  const report: Report = {
    page: pageAt(location.pathname),
    name: typeof name === "string" && NAME.test(name) ? name : "Error",
    message: redact(typeof message === "string" ? message : typeof thrown),
  };
  if (at !== undefined) report.at = at;
  return report;
}

/** Scripts that cannot be had tell it to themselves alone, on the way to which the window hears it. */
function reportIn(event: Event): Report | null {
  if (event instanceof ErrorEvent) {
    const { filename, lineno, colno, message } = event;
    const thrown: unknown = event.error ?? { message };
    return reportOf(thrown, `${filename}:${lineno}:${colno}`);
  }
  if (!(event.target instanceof HTMLScriptElement)) return null;
  const missing = { name: "LoadError", message: "a script could not be loaded" };
  return reportOf(missing, `${event.target.src}:0:0`);
}

/** Listens for as long as the page lives. */
export function watchPageErrors(send: (report: Report) => void = post): void {
  const sent = new Set<string>();
  const sendOnce = (report: Report | null) => {
    if (!report) return;
    // Seen only for as long as the app has not taken the place of the first paint (see app.css).
    document.documentElement.setAttribute("data-broken", "");
    const key = JSON.stringify(report);
    if (sent.has(key) || sent.size >= MOST_REPORTS) return;
    sent.add(key);
    send(report);
  };
  addEventListener("error", (event: Event) => sendOnce(reportIn(event)), { capture: true });
  addEventListener("unhandledrejection", ({ reason }) => sendOnce(reportOf(reason, "")));
}

const post = (report: Report) => sendBeacon(PATH, report);
