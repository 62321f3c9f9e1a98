// What is said of an error tells nothing of anybody.
import { expect, it } from "vitest";
import { redact } from "./redact";

it.each([
  [
    "Cannot read properties of undefined (reading 'start')",
    "Cannot read properties of undefined (reading 'start')",
  ],
  [
    "undefined is not an object (evaluating 'a.slot.start')",
    "undefined is not an object (evaluating 'a.slot.start')",
  ],
  [
    "Minified React error #31; visit https://react.dev/errors/31",
    "Minified React error #31; visit …",
  ],
])("%s is said as %s", (message, said) => {
  expect(redact(message)).toBe(said);
});

it.each([
  [`Unexpected token 'A', "Ada Example <ada@"... is not valid JSON`, "Ada"],
  ['JSON Parse error: Unexpected identifier "Ada"', "Ada"],
  [`unterminated "Ada Example`, "Ada"],
  ["'Ada Example' is not a valid selector", "Ada"],
  ["`Ada` is not a function", "Ada"],
  ["„Ada“ fehlt", "Ada"],
  ["no mailbox for ada@example.org", "ada@"],
  ["at https://book.example.org/bookings/0198#token=27b1", "token"],
  ["no booking 0198c0de-7e57-7000-8000-000000000001", "0198"],
  ["27b1e0aa41f09c6d27b1e0aa41f09c6d27b1e0aa41f09c6d27b1e0aa41f09c6d is gone", "27b1"],
  ["call +49 30 12 34 56 or (030) 1 2-3 4", "30"],
  ["Größe is unknown", "Gr"],
  [`${"long".repeat(20)} word`, "long"],
])("%s says nothing of anybody", (message, secret) => {
  expect(redact(message)).not.toContain(secret);
  expect(redact(message)).toContain("…");
});

it("is short, and one line", () => {
  expect(redact("is not\na function\r\n\u0007 here")).toBe("is not a function … here");
  expect(redact("word ".repeat(100_000)).length).toBeLessThanOrEqual(200);
});
