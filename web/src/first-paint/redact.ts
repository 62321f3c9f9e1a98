// The words of an error without what may be somebody's: engines quote what they stumbled over.

const LONGEST = 200;

/** Quoted by engines: whatever stood there, which is somebody's text more often than not. */
const QUOTED = /"[^"]*("|$)|`[^`]*(`|$)|[“”„][^“”]*([“”]|$)/g;
/** A name of our own code, as `'start'` or `'a.start'`. */
const OWN_NAME = /^'[\w$.#()[\]]{1,40}'$/;
/** Numbers in a row, as people write telephones. */
const NUMBERS = /\+?\d(?:[\s()./-]*\d){3,}/g;

export function redact(message: string): string {
  return message
    .slice(0, 10 * LONGEST)
    .replace(QUOTED, "…")
    .replace(/'[^']*'/g, (quoted) => (OWN_NAME.test(quoted) ? quoted : "…"))
    .split(/\s+/)
    .map((word) => (mayBePersonal(word) ? "…" : word))
    .join(" ")
    .replace(NUMBERS, "…")
    .trim()
    .slice(0, LONGEST);
}

/** Addresses, links, ids, secrets; and what is not of the plain letters in which engines speak. */
function mayBePersonal(word: string): boolean {
  const digits = word.replace(/\D/g, "").length;
  return digits > 3 || word.length > 40 || /@|:\/\/|[^!-~…]/.test(word);
}
