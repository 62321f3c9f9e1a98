// A frame that may store nothing still has a session, for as long as its page lives.
import { expect, it } from "vitest";
import { createTabSession } from "./tab-session";
import { tabStorage } from "./tab-storage";

const forbidden = () => {
  throw new DOMException("Access is denied for this document.", "SecurityError");
};

it("keeps what is stored where nothing may be stored", () => {
  const storage = tabStorage(forbidden);
  expect(storage.getItem("a")).toBeNull();
  storage.setItem("a", "1");
  expect(storage.getItem("a")).toBe("1");
  storage.removeItem("a");
  expect(storage.getItem("a")).toBeNull();
});

it("keeps what is stored in the tab where it may", () => {
  const kept = new Map<string, string>();
  const tab = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  tabStorage(() => tab).setItem("a", "1");
  expect(tabStorage(() => tab).getItem("a")).toBe("1");
});

const denied = () => new DOMException("Denied.", "SecurityError");

it.each([
  ["refuses", { request: () => Promise.reject(denied()) }],
  [
    "throws",
    {
      request: () => {
        throw denied();
      },
    },
  ],
  ["has none", undefined],
])("gives a session to a page that may neither store nor lock: the browser %s", async (_, none) => {
  const locks = none as unknown as LockManager | undefined;
  const session = createTabSession({ storage: tabStorage(forbidden), locks, isReload: false });
  expect(await session.id()).toMatch(/^[0-9a-f-]{36}$/);
});
