// Storage of this tab; in a frame that may keep nothing, storage of this page.

export type TabStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Sites in frames of other sites may be forbidden to store anything: then even looking at the storage throws. */
export function tabStorage(open: () => TabStorage): TabStorage {
  const kept = new Map<string, string>();
  return {
    getItem(key) {
      try {
        return open().getItem(key);
      } catch {
        return kept.get(key) ?? null;
      }
    },
    setItem(key, value) {
      kept.set(key, value);
      try {
        open().setItem(key, value);
      } catch {
        // It lasts as long as the page then, which is as long as the hold needs it.
      }
    },
    removeItem(key) {
      kept.delete(key);
      try {
        open().removeItem(key);
      } catch {
        // As above.
      }
    },
  };
}

const tab = tabStorage(() => sessionStorage);

/** What the tab keeps over a reload under this name, and forgets when it is closed. */
export function readTabValue(key: string): unknown {
  const text = tab.getItem(`holdfast.${key}`);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    // Somebody else wrote there; it counts as nothing.
    return null;
  }
}

/** Null forgets. */
export function writeTabValue(key: string, value: unknown): void {
  if (value === null) tab.removeItem(`holdfast.${key}`);
  else tab.setItem(`holdfast.${key}`, JSON.stringify(value));
}
