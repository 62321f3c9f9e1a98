// The secret session id of this browser tab, of which a duplicated tab gets its own.
import { randomId } from "./random-id";
import { tabStorage } from "./tab-storage";

const KEY = "holdfast.session";

interface Tab {
  storage: Pick<Storage, "getItem" | "setItem">;
  /** Absent where the page is not served securely. */
  locks: LockManager | undefined;
}

/**
 * A duplicated tab starts with a copy of the storage. Whoever has the lock named after the id owns
 * it; the copy finds it taken and makes an id of its own. Without locks nobody can tell, so every
 * page gets a new id.
 */
export function createTabSession({ storage, locks }: Tab) {
  let release: () => void = () => undefined;

  function own(id: string): Promise<boolean> {
    return new Promise((resolve) => {
      const asked = locks?.request(`${KEY}.${id}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        return new Promise<void>((done) => {
          release = done;
        });
      });
      // A frame that may store nothing may lock nothing either: there nobody can tell whose an id is.
      asked?.catch(() => resolve(false));
    });
  }

  async function claim(): Promise<string> {
    const stored = locks ? storage.getItem(KEY) : null;
    if (stored !== null && (await own(stored))) return stored;
    const fresh = randomId();
    if (locks) await own(fresh);
    storage.setItem(KEY, fresh);
    return fresh;
  }

  let id = claim();
  return {
    id: () => id,
    /** A page that rests in the back-forward cache must not keep a lock. */
    rest: () => release(),
    resume() {
      id = claim();
    },
  };
}

let current: ReturnType<typeof createTabSession> | undefined;

/** The session of this tab, made when first asked for. */
export function tabSession() {
  if (!current) {
    const session = createTabSession({
      storage: tabStorage(() => sessionStorage),
      locks: navigator.locks,
    });
    addEventListener("pagehide", () => session.rest());
    addEventListener("pageshow", (event) => {
      if (event.persisted) session.resume();
    });
    current = session;
  }
  return current;
}
