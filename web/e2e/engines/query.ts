// How elements are asked for, and what is told of them; plain data, which passes into the page and out of it.

/** The whole text, or a pattern that is somewhere in it. */
export type Words = string | { pattern: string };

/** All of it must fit. */
export interface Query {
  css?: string;
  role?: string;
  /** The accessible name. */
  name?: Words;
  text?: Words;
  /** Which of them: 0 is the first, -1 the last. */
  at?: number;
}

export interface Look {
  count: number;
  text?: string;
  name?: string;
  description?: string;
  value?: string;
  isFocused?: boolean;
  isDisabled?: boolean;
  /** What a time is: free, held, waiting, mine, gone. */
  state?: string | null;
  live?: string | null;
}

export function words(said: string | RegExp): Words {
  return typeof said === "string" ? said : { pattern: said.source };
}
