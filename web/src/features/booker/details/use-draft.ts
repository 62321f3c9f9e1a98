// What the visitor has typed for one event type, kept over a reload of the tab.
import { useState } from "react";
import { readTabValue, writeTabValue } from "@/lib/tab-storage";
import type { Draft } from "./draft";

export function useDraft(eventTypeId: string) {
  const key = `draft.${eventTypeId}`;
  const [draft, setDraft] = useState(() => (readTabValue(key) ?? {}) as Draft);
  return {
    draft,
    change: (part: Draft) => {
      const next = { ...draft, ...part };
      setDraft(next);
      writeTabValue(key, next);
    },
    /** The tab forgets it; the page still has it, for another booking. */
    forget: () => writeTabValue(key, null),
  };
}
