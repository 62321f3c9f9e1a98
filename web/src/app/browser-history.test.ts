// A browser that refuses an entry of its history takes no page down.
import { afterEach, expect, it, vi } from "vitest";
import { browserHistory, writeEntry } from "./browser-history";

afterEach(() => vi.unstubAllGlobals());

function refusing(name: string) {
  const refuse = () => {
    throw new DOMException("100 times per 30 seconds", name);
  };
  vi.stubGlobal("history", { state: { isMoving: true }, pushState: refuse, replaceState: refuse });
}

it("goes on where entries come too fast for the browser, and stays where it was", () => {
  refusing("SecurityError");
  const history = browserHistory<never>();
  expect(() => history.replace({ step: "waiting" } as never)).not.toThrow();
  expect(() => writeEntry("replaceState", null, "?date=2027-03-10")).not.toThrow();
  expect(history.here()).toBeNull();
});

it("hides no other mistake", () => {
  refusing("DataCloneError");
  expect(() => writeEntry("pushState", () => undefined)).toThrow();
});
