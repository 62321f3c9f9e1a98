// The few words that stand on the site itself, not in the frame.
import { browserLanguages } from "../lib/browser-locale";
import { supportedLanguage } from "../lib/supported-language";

const english = {
  book: "Book a time",
  title: "Booking",
  close: "Close",
  refused: "The booking page cannot be shown here.",
  elsewhere: "Open it in a new tab",
};

const german: typeof english = {
  book: "Termin buchen",
  title: "Buchung",
  close: "Schließen",
  refused: "Die Buchungsseite kann hier nicht gezeigt werden.",
  elsewhere: "In einem neuen Tab öffnen",
};

export type Texts = typeof english;

/** In the language that the site asks for, else the visitor's, as in the frame. */
export function textsFor(language: string | undefined): Texts {
  return supportedLanguage([language, ...browserLanguages()]) === "de" ? german : english;
}
