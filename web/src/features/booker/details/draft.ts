// What the visitor has typed, and what is wrong with it.
import type { BookingRequest } from "@/api/bookings";
import type { EventType } from "@/api/types";
import type { MessageKey } from "@/lib/messages/en";
import type { FormTrouble } from "../state/booking-state";

/** Keyed by the field names of the contract: `booker.name`, `answers.topic`. */
export type Draft = Record<string, string | boolean>;
export type FieldErrors = Record<string, string>;

// One sign, one dot after it, no spaces: the server judges the rest.
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function textOf(draft: Draft, field: string): string {
  const value = draft[field];
  return typeof value === "string" ? value : "";
}

export function hasTyped(draft: Draft): boolean {
  return Object.values(draft).some((value) => (typeof value === "string" ? value.trim() : value));
}

/** A free text field of its own is offered only where no question has one. */
export function asksForNotes(eventType: EventType): boolean {
  return !eventType.questions.some((question) => question.kind === "textarea");
}

/** A letter, a number or a sign; the server takes nothing for a name in which none is seen. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

export function mistakes(draft: Draft, eventType: EventType): Record<string, MessageKey> {
  const found: Record<string, MessageKey> = {};
  if (!VISIBLE.test(textOf(draft, "booker.name"))) found["booker.name"] = "form.missing";
  const email = textOf(draft, "booker.email").trim();
  if (!EMAIL.test(email)) found["booker.email"] = email ? "form.email_wrong" : "form.missing";
  for (const question of eventType.questions) {
    const field = `answers.${question.key}`;
    if (!question.required) continue;
    if (question.kind === "checkbox") {
      if (draft[field] !== true) found[field] = "form.tick";
    } else if (!VISIBLE.test(textOf(draft, field))) {
      found[field] = "form.missing";
    }
  }
  return found;
}

/** The server's errors at their fields, and what belongs to no field of this form. */
export function splitErrors(trouble: FormTrouble | null, eventType: EventType) {
  const fields = ["booker.name", "booker.email", "booker.notes"];
  for (const question of eventType.questions) fields.push(`answers.${question.key}`);
  const atFields: FieldErrors = {};
  for (const { field, message } of trouble?.errors ?? []) {
    if (fields.includes(field)) atFields[field] = message;
  }
  const isPlaced = Object.keys(atFields).length > 0;
  return { atFields, elsewhere: trouble && !isPlaced ? trouble.detail : null };
}

export function requestParts(
  draft: Draft,
  eventType: EventType,
): Pick<BookingRequest, "booker" | "answers"> {
  const answers: NonNullable<BookingRequest["answers"]> = {};
  for (const { key, kind } of eventType.questions) {
    const field = `answers.${key}`;
    if (kind === "checkbox") answers[key] = draft[field] === true;
    else if (textOf(draft, field).trim()) answers[key] = textOf(draft, field).trim();
  }
  const notes = textOf(draft, "booker.notes").trim();
  return {
    booker: {
      name: textOf(draft, "booker.name").trim(),
      email: textOf(draft, "booker.email").trim(),
      ...(notes ? { notes } : {}),
    },
    answers,
  };
}
