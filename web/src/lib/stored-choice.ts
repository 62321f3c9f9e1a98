// Small choices of a visitor (theme, language, clock) that last from visit to visit.

export function readChoice(key: string): string | null {
  try {
    return localStorage.getItem(`holdfast.${key}`);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
    return null;
  }
}

export function writeChoice(key: string, value: string): void {
  try {
    localStorage.setItem(`holdfast.${key}`, value);
  } catch {
    // As above.
  }
}
