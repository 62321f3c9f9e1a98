// The chosen language: its texts, and the locale by which dates and times are written.
import { createContext, use } from "react";
import { en, type MessageKey } from "./messages/en";
import { regionalForm, tagToWriteBy } from "./browser-locale";
import type { Language } from "./supported-language";

export type { Language } from "./supported-language";
export type Params = Record<string, string | number>;

type Messages = Record<MessageKey, string>;

/** English is always there; another language is fetched by those who read it. */
const messages: Partial<Record<Language, Messages>> & { en: Messages } = { en };

/** What the first paint has chosen. */
export function firstLanguage(): Language {
  return document.documentElement.lang === "de" ? "de" : "en";
}

export async function loadMessages(language: Language): Promise<void> {
  if (language === "de") messages.de ??= (await import("./messages/de")).de;
}

export interface I18n {
  language: Language;
  /** BCP 47, with the visitor's region where it goes with the language, and what they want of its extensions: it decides clock and first weekday. */
  locale: string;
  setLanguage: (language: Language) => void;
  t: (key: MessageKey, params?: Params) => string;
}

export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

export function translate(language: Language, key: MessageKey, params?: Params): string {
  return fill((messages[language] ?? messages.en)[key], params);
}

/** The visitor's own regional form of the language, or the one of its home region in Europe. */
export function localeFor(language: Language, preferred: readonly unknown[]): string {
  return regionalForm(language, preferred) ?? tagToWriteBy(language === "de" ? "de-DE" : "en-GB");
}

export const I18nContext = createContext<I18n | null>(null);

export function useI18n(): I18n {
  const i18n = use(I18nContext);
  if (!i18n) throw new Error("A I18nProvider must be around this component.");
  return i18n;
}
