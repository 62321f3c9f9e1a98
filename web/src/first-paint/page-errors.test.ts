// A page that falls over says what and where, a few times, and nothing of who uses it.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pageAt, type Report, watchPageErrors } from "./page-errors";

let reports: Report[] = [];
let stop: AbortController;

beforeEach(() => {
  reports = [];
  stop = new AbortController();
  const { signal } = stop;
  const listen = addEventListener.bind(window);
  vi.stubGlobal("addEventListener", (type: string, listener: EventListener, options?: object) =>
    listen(type, listener, { ...options, signal }),
  );
  vi.stubGlobal("location", new URL("https://book.example.org/default/live-room?date=2027-03-10"));
  watchPageErrors((report) => void reports.push(report));
});

afterEach(() => {
  stop.abort();
  vi.unstubAllGlobals();
  delete document.documentElement.dataset["broken"];
});

const OURS = "https://book.example.org/assets/index-B1.js";

function thrown(message: string, stack = `TypeError: ${message}\n    at a (${OURS}:1:4711)`) {
  return Object.assign(new TypeError(message), { stack });
}

const breaks = (error: unknown, where: ErrorEventInit = {}) =>
  dispatchEvent(new ErrorEvent("error", { error, message: "Script error.", ...where }));

function rejects(reason: unknown) {
  dispatchEvent(Object.assign(new Event("unhandledrejection"), { reason }));
}

it.each([
  ["Chromium", `TypeError: x\n    at a (${OURS}:1:4711)\n    at https://else.example/b.js:2:2`],
  ["Firefox and WebKit", `a@${OURS}:1:4711\nb@https://else.example/b.js:2:2`],
  ["an extension around it", `c@webkit-masked-url://hidden/:1:1\na@${OURS}:1:4711`],
])("says what broke and where, by a stack as of %s", (_, stack) => {
  breaks(thrown("a is not a function", stack));
  expect(reports).toEqual([
    {
      page: "booking",
      name: "TypeError",
      message: "a is not a function",
      at: "assets/index-B1.js:1:4711",
    },
  ]);
});

it("says it of scripts that cannot be read or had, and that the app has not begun", () => {
  breaks(undefined, { message: "SyntaxError: bad", filename: OURS, lineno: 3, colno: 7 });
  const script = document.createElement("script");
  document.head.append(script);
  Object.defineProperty(script, "src", { value: OURS });
  script.dispatchEvent(new Event("error"));
  script.remove();
  expect(reports.map(({ name, at }) => [name, at])).toEqual([
    ["Error", "assets/index-B1.js:3:7"],
    ["LoadError", "assets/index-B1.js:0:0"],
  ]);
  expect(document.documentElement.dataset["broken"]).toBe("");
});

it("hears promises that nobody has kept, whatever they were broken with", () => {
  rejects(thrown("b is null"));
  rejects("Ada Example");
  rejects({ name: "Ada Example", message: { not: "a text" } });
  expect(reports).toEqual([
    expect.objectContaining({ message: "b is null", at: "assets/index-B1.js:1:4711" }),
    { page: "booking", name: "Error", message: "string" },
    { page: "booking", name: "Error", message: "object" },
  ]);
});

it("says nothing of what is not ours", () => {
  breaks(thrown("c", "TypeError: c\n    at chrome-extension://abc/inpage.js:1:1"));
  breaks(undefined, { message: "Script error.", filename: "", lineno: 0, colno: 0 });
  breaks(undefined, {
    message: "ResizeObserver loop completed",
    filename: "https://book.example.org/default/live-room",
  });
  rejects(thrown("d", "d@moz-extension://abc/inpage.js:1:1"));
  expect(reports).toEqual([]);
  expect(document.documentElement.dataset["broken"]).toBeUndefined();
});

it("says the same once, and no more than three things", () => {
  for (let time = 0; time < 5; time += 1) breaks(thrown("again"));
  expect(reports).toHaveLength(1);
  for (const what of ["one", "two", "three", "four"]) breaks(thrown(what));
  expect(reports.map(({ message }) => message)).toEqual(["again", "one", "two"]);
});

it("knows kinds of pages, and never the page", () => {
  const paths = ["/", "/default", "/default/live-room/", "/bookings/0198c0de", "/a/b/c", "/admin"];
  expect(paths.map(pageAt)).toEqual(["offers", "offers", "booking", "manage", "other", "other"]);
});
