// A frame speaks only to whom its name says that it is in.
import { expect, it } from "vitest";
import { originIn } from "./embedding";

it("knows the site around from the name of its frame", () => {
  expect(originIn('holdfast:{"origin":"https://shop.example.org"}')).toBe(
    "https://shop.example.org",
  );
});

it("speaks to nobody when the name says nothing that makes sense", () => {
  for (const name of [
    "",
    "menu",
    "holdfast:",
    "holdfast:{",
    "holdfast:{}",
    'holdfast:{"origin":"*"}',
    'holdfast:{"origin":"null"}',
    'holdfast:{"origin":7}',
  ]) {
    expect(originIn(name), name).toBeNull();
  }
});
