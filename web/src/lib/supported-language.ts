// Which language of the pages somebody reads.

export type Language = "en" | "de";

/** The first of these words, of which any may be no locale or nothing at all, that names a language of the pages. */
export function supportedLanguage(words: readonly unknown[]): Language {
  for (const word of words) {
    const [, name] = /^(de|en)(?![a-z\d])/i.exec(String(word)) ?? [];
    if (name) return name.toLowerCase() === "de" ? "de" : "en";
  }
  return "en";
}
