// Each tab has a secret of its own, also one that was duplicated from another.
import { expect, it } from "vitest";
import { createTabSession } from "./tab-session";

function fakeStorage(copied: Record<string, string> = {}) {
  const kept = { ...copied };
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void (kept[key] = value),
  };
}

/** Locks of one browser, as far as `ifAvailable` goes. */
function fakeLocks() {
  const taken = new Set<string>();
  async function request(
    name: string,
    _: LockOptions,
    held: (lock: Lock | null) => Promise<void> | undefined,
  ) {
    if (taken.has(name)) return held(null);
    taken.add(name);
    await held({ name, mode: "exclusive" });
    taken.delete(name);
  }
  return { request } as unknown as LockManager;
}

it("keeps its id over a reload", async () => {
  const storage = fakeStorage();
  const first = await createTabSession({ storage, locks: fakeLocks() }).id();
  const second = await createTabSession({ storage, locks: fakeLocks() }).id();
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(second).toBe(first);
});

it("gives a duplicated tab an id of its own", async () => {
  const locks = fakeLocks();
  const storage = fakeStorage();
  const original = await createTabSession({ storage, locks }).id();
  const copy = fakeStorage(storage.kept);
  const duplicate = await createTabSession({ storage: copy, locks }).id();
  expect(duplicate).not.toBe(original);
  expect(Object.values(copy.kept)).toEqual([duplicate]);
});

it("takes a new id where locks cannot tell, because the page is not served securely", async () => {
  const storage = fakeStorage();
  const first = await createTabSession({ storage, locks: undefined }).id();
  expect(await createTabSession({ storage, locks: undefined }).id()).not.toBe(first);
});

it("takes its id up again after a rest in the back-forward cache", async () => {
  const session = createTabSession({ storage: fakeStorage(), locks: fakeLocks() });
  const before = await session.id();
  session.rest();
  await Promise.resolve();
  session.resume();
  expect(await session.id()).toBe(before);
});
