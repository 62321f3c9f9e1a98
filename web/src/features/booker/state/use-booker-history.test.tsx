// Back, Forward and a reload mean what they say.
import { act, cleanup, renderHook } from "@testing-library/react";
import { StrictMode, useReducer } from "react";
import { afterEach, expect, it } from "vitest";
import { type Answer, reduce, returned } from "./booking-machine";
import { browsing } from "./booking-state";
import type { HistoryEntry, BookerHistory } from "./history-entry";
import { useBookerHistory } from "./use-booker-history";

const slot = { start: "2027-03-10T11:00:00Z", end: "2027-03-10T12:30:00Z" };
const other = { start: "2027-03-10T12:30:00Z", end: "2027-03-10T14:00:00Z" };
const answer: Answer = {
  ...{ room: "room", state: "holding", position: 0, waiting: 0, who: "me", version: 7 },
  ...{ extended: false, expiresAt: 12_500, deadline: 600_000, grantedAt: 1000 },
};

/** A browser's history of two entries and more, which goes back and forth when it is told to. */
function fakeHistory(first: HistoryEntry<string>[] = []) {
  const entries: (HistoryEntry<string> | null)[] = [null, ...first];
  let at = entries.length - 1;
  let told: (entry: HistoryEntry<string> | null) => void = () => undefined;
  const go = (by: number) => {
    at += by;
    act(() => told(entries[at] ?? null));
  };
  const asked: string[] = [];
  const bookerHistory: BookerHistory<string> = {
    here: () => entries[at] ?? null,
    push: (entry) => {
      entries.splice(at + 1, Infinity, entry);
      at += 1;
    },
    replace: (entry) => void (entries[at] = entry),
    back: () => void asked.push("back"),
    forward: () => void asked.push("forward"),
    listen: (onMove) => {
      told = onMove;
      return () => (told = () => undefined);
    },
  };
  return { bookerHistory, entries, asked, go };
}

afterEach(cleanup);

function walk(first: HistoryEntry<string>[] = []) {
  const history = fakeHistory(first);
  const { result } = renderHook(
    () => {
      const [state, dispatch] = useReducer(reduce<string>, null, () => {
        const entry = history.bookerHistory.here();
        return entry ? returned(entry) : browsing<string>();
      });
      useBookerHistory(history.bookerHistory, state, dispatch);
      return { state, dispatch };
    },
    { wrapper: StrictMode },
  );
  type Event = Parameters<typeof result.current.dispatch>[0];
  return {
    ...history,
    state: () => result.current.state,
    send: (...events: Event[]) =>
      events.forEach((event) => act(() => result.current.dispatch(event))),
  };
}

const choose = { type: "choose", slot, held: false } as const;
const granted = { type: "answered", slot, answer } as const;

it("puts one entry above the times, whatever is chosen and granted", () => {
  const { send, entries } = walk();
  send(choose, granted, { type: "choose", slot: other, held: true });
  expect(entries).toEqual([null, { kind: "queued", slot: other }]);
});

it("gives the time up when the visitor goes back, and asks for it again when they go forward", () => {
  const { send, go, state } = walk();
  send(choose, granted);
  go(-1);
  expect(state()).toMatchObject({ step: "browsing", givenUp: { slot, from: "hold" } });
  go(1);
  expect(state()).toMatchObject({ step: "holding", slot, grant: null, before: { version: 7 } });
});

it("goes back when the page itself gives the time up, and hears nothing of its own step", () => {
  const { send, go, asked, state } = walk();
  send(choose, granted, { type: "release" });
  expect(asked).toEqual(["back"]);
  go(-1);
  expect(state()).toMatchObject({ step: "browsing", givenUp: { slot } });
});

it("keeps what was chosen while the browser was still on its way back", () => {
  const { send, go, entries, state } = walk();
  send(choose, granted, { type: "release" }, { type: "choose", slot: other, held: false });
  go(-1);
  expect(state()).toMatchObject({ step: "holding", slot: other });
  expect(entries).toMatchObject([null, { kind: "held", slot: other }]);
});

it("stays while a booking is decided", () => {
  const { send, go, asked, state } = walk();
  send(choose, granted, { type: "submit", attempt: "key" });
  go(-1);
  expect(asked).toEqual(["forward"]);
  expect(state()).toMatchObject({ step: "booking" });
});

it("goes on after a reload: a hold, a line, a booking in flight, and what was booked", () => {
  const lease = { version: 7, grantedAt: 1000 };
  expect(walk([{ kind: "held", slot, lease }]).state()).toMatchObject({ step: "holding", slot });
  expect(walk([{ kind: "queued", slot }]).state()).toMatchObject({ step: "waiting", again: true });
  const sending = walk([{ kind: "sending", slot, lease, attempt: "key" }]);
  expect(sending.state()).toMatchObject({ step: "booking", attempt: "key" });
  const booked = walk([{ kind: "booked", result: "done" }]);
  expect(booked.state()).toEqual({ step: "booked", result: "done" });
});

it("goes back to the times when what was lost is loaded again", () => {
  const { asked, state } = walk([{ kind: "lost", slot }]);
  expect(state()).toMatchObject({ step: "browsing" });
  expect(asked).toEqual(["back"]);
});
