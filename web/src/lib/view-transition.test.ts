// A change of the view never waits for how it looks.
import { afterEach, expect, it, vi } from "vitest";
import { withTransition } from "./view-transition";

afterEach(() => vi.unstubAllGlobals());

it("changes the view at once where the browser has no transitions", () => {
  expect("startViewTransition" in document).toBe(false);
  const update = vi.fn();
  withTransition(update);
  expect(update).toHaveBeenCalledOnce();
});

it("keeps the change of a transition that is skipped", async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  const start = (change: () => void) => {
    change();
    return { ready: Promise.reject(new DOMException("Skipped.", "AbortError")) };
  };
  Object.assign(document, { startViewTransition: start });
  const update = vi.fn();
  withTransition(update);
  await Promise.resolve();
  expect(update).toHaveBeenCalledOnce();
  Reflect.deleteProperty(document, "startViewTransition");
});
