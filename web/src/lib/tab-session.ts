// The secret session id of this browser tab, of which a duplicated tab gets its own.
import { randomId } from "./random-id";
import { tabStorage } from "./tab-storage";

const KEY = "holdfast.session";

interface Tab {
  storage: Pick<Storage, "getItem" | "setItem">;
  /** Absent where the page is not served securely. */
  locks: LockManager | undefined;
  /** The page was loaded again, which a duplicated tab's is not. */
  isReload: boolean;
}

interface TabIdentity {
  id: string;
  /** The tab had this id before: it was loaded again, or came back to the page. */
  isKept: boolean;
}

/**
 * A duplicated tab starts with a copy of the storage. Whoever has the lock named after the id owns
 * it; the copy finds it taken and makes an id of its own. Without locks only a reload is known to
 * be the same tab, and every other page gets a new id.
 */
export function createTabSession({ storage, locks, isReload }: Tab) {
  let release: () => void = () => undefined;

  function own(id: string): Promise<boolean> {
    return new Promise((resolve) => {
      const ask = async () =>
        locks?.request(`${KEY}.${id}`, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          if (lock === null) return undefined;
          return new Promise<void>((done) => {
            release = done;
          });
        });
      // A frame that may store nothing may lock nothing either: there nobody can tell whose an id is.
      ask().catch(() => resolve(false));
    });
  }

  async function identify(): Promise<TabIdentity> {
    const stored = storage.getItem(KEY);
    const isOwn = locks ? (id: string) => own(id) : () => isReload;
    if (stored !== null && (await isOwn(stored))) return { id: stored, isKept: true };
    const fresh = randomId();
    if (locks) await own(fresh);
    storage.setItem(KEY, fresh);
    return { id: fresh, isKept: false };
  }

  let identity = identify();
  return {
    id: () => identity.then(({ id }) => id),
    /** Whether the tab had its id before this page was loaded. */
    isKept: identity.then(({ isKept }) => isKept),
    /** A page that rests in the back-forward cache must not keep a lock. */
    release: () => release(),
    resume() {
      identity = identify();
    },
  };
}

let current: ReturnType<typeof createTabSession> | undefined;

function isReload(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry !== undefined && "type" in entry && entry.type === "reload";
}

/** The session of this tab, made when first asked for. */
export function tabSession() {
  if (!current) {
    const session = createTabSession({
      storage: tabStorage(() => sessionStorage),
      locks: (navigator as Partial<Navigator>).locks,
      isReload: isReload(),
    });
    addEventListener("pagehide", () => session.release());
    addEventListener("pageshow", (event) => {
      if (event.persisted) session.resume();
    });
    current = session;
  }
  return current;
}
