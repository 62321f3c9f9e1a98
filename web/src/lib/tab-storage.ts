// Storage of this tab; in a frame that may keep nothing, storage of this page.

export type TabStorage = Pick<Storage, "getItem" | "setItem">;

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
  };
}
