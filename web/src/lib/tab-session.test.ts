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

/** A tab of a page that is served securely. */
const tab = (storage = fakeStorage(), locks = fakeLocks()) =>
  createTabSession({ storage, locks, isReload: false });

/** A page loaded in a browser without locks. */
const plainTab = (storage: ReturnType<typeof fakeStorage>, isReload: boolean) =>
  createTabSession({ storage, locks: undefined, isReload });

it("keeps its id over a reload, and knows it", async () => {
  const storage = fakeStorage();
  const first = tab(storage);
  await first.id();
  const second = tab(storage);
  expect(await first.id()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(await second.id()).toBe(await first.id());
  expect([await first.isKept, await second.isKept]).toEqual([false, true]);
});

it("gives a duplicated tab an id of its own", async () => {
  const locks = fakeLocks();
  const storage = fakeStorage();
  const original = await tab(storage, locks).id();
  const copy = fakeStorage(storage.kept);
  const duplicate = tab(copy, locks);
  expect(await duplicate.id()).not.toBe(original);
  expect(await duplicate.isKept).toBe(false);
  expect(Object.values(copy.kept)).toEqual([await duplicate.id()]);
});

it("knows only a reload for the same tab where there are no locks", async () => {
  const storage = fakeStorage();
  const first = await plainTab(storage, false).id();
  expect(await plainTab(storage, true).id()).toBe(first);
  expect(await plainTab(storage, false).id()).not.toBe(first);
});

it("takes its id up again after a rest in the back-forward cache", async () => {
  const session = tab();
  const before = await session.id();
  session.release();
  await Promise.resolve();
  session.resume();
  expect(await session.id()).toBe(before);
});
