// Sites get texts whatever the browser says of its visitor.
import { afterEach, expect, it, vi } from "vitest";
import { textsFor } from "./texts";

afterEach(() => vi.unstubAllGlobals());

it("are there where the browser says nothing at all", () => {
  vi.stubGlobal("navigator", {});
  expect(textsFor(undefined).book).toBe("Book a time");
  expect(textsFor("de_DE").book).toBe("Termin buchen");
});
