// What the form notices by itself, and what it sends.
import { expect, it } from "vitest";
import type { EventType, Question } from "@/api/types";
import { mistakes, splitErrors, requestParts } from "./draft";

const question = (key: string, kind: Question["kind"]): Question => ({
  ...{ key, kind, label: key, required: true, options: [] },
});
const eventType = {
  questions: [question("topic", "text"), question("rules", "checkbox")],
} as unknown as EventType;

it("finds what is missing and what is no address", () => {
  expect(mistakes({ "booker.email": "ada at example" }, eventType)).toEqual({
    "booker.name": "form.missing",
    "booker.email": "form.email_wrong",
    "answers.topic": "form.missing",
    "answers.rules": "form.tick",
  });
});

it("takes nothing for a name or an answer in which nothing is seen", () => {
  for (const [text, isMissing] of [
    ["李", false],
    ["5", false],
    ["🎹", false],
    ["\u200b", true],
    [" \u202e\u202c", true],
  ] as const) {
    const found = mistakes({ "booker.name": text, "answers.topic": text }, eventType);
    const expected = isMissing ? "form.missing" : undefined;
    expect([found["booker.name"], found["answers.topic"]]).toEqual([expected, expected]);
  }
});

it("sends trimmed text, and ticks as true or false", () => {
  const draft = {
    "booker.name": " Ada ",
    "booker.email": "ada@example.org ",
    "answers.topic": "two pianos",
  };
  expect(requestParts(draft, eventType)).toEqual({
    booker: { name: "Ada", email: "ada@example.org" },
    answers: { topic: "two pianos", rules: false },
  });
});

it("puts the server's errors at their fields, and says the others below", () => {
  const at = (field: string) => ({
    code: "invalid_argument",
    detail: "Wrong.",
    errors: [{ field, message: "no" }],
  });
  expect(splitErrors(at("answers.topic"), eventType)).toEqual({
    atFields: { "answers.topic": "no" },
    elsewhere: null,
  });
  expect(splitErrors(at("time_zone"), eventType)).toEqual({ atFields: {}, elsewhere: "Wrong." });
});
