// Choices last where they may be stored, and are made all the same where not.
import { afterEach, expect, it, vi } from "vitest";
import { readChoice, writeChoice } from "./stored-choice";

afterEach(() => vi.unstubAllGlobals());

it("reads and writes nothing where nothing may be stored", () => {
  const denied = () => {
    throw new DOMException("Denied.", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: denied, setItem: denied });
  expect(() => writeChoice("clock", "h12")).not.toThrow();
  expect(readChoice("clock")).toBeNull();
});
