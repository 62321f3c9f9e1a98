// A lost answer is asked for again; a no is a no.
import { expect, it, vi } from "vitest";
import { Refusal, Unreachable } from "./refusal";
import { sendUntilAnswered } from "./send-until-answered";

const away = new Unreachable("away");

function persistence() {
  const leaving = new AbortController();
  return {
    leaving,
    onUnreachable: vi.fn(),
    pause: vi.fn<(milliseconds: number) => Promise<void>>(() => Promise.resolve()),
    signal: leaving.signal,
  };
}

it("sends again until an answer comes", async () => {
  const how = persistence();
  const send = vi.fn().mockRejectedValueOnce(away).mockRejectedValueOnce(away);
  send.mockResolvedValueOnce("booked");
  await expect(sendUntilAnswered(send, how)).resolves.toBe("booked");
  expect(send).toHaveBeenCalledTimes(3);
  expect(how.onUnreachable).toHaveBeenCalledTimes(2);
});

it("sends again no earlier than the server asks for", async () => {
  const how = persistence();
  const send = vi
    .fn()
    .mockRejectedValueOnce(new Unreachable("busy", 7))
    .mockResolvedValue("booked");
  await expect(sendUntilAnswered(send, how)).resolves.toBe("booked");
  expect(how.pause).toHaveBeenCalledExactlyOnceWith(7000);
});

it("does not repeat what was refused", async () => {
  const no = new Refusal({ code: "slot_booked" } as Refusal["problem"]);
  const send = vi.fn().mockRejectedValue(no);
  await expect(sendUntilAnswered(send, persistence())).rejects.toBe(no);
  expect(send).toHaveBeenCalledTimes(1);
});

it("ends with the page", async () => {
  const how = persistence();
  how.leaving.abort();
  await expect(sendUntilAnswered(() => Promise.reject(away), how)).rejects.toBe(away);
});

it("sends nothing more once nobody waits for the answer", async () => {
  const how = persistence();
  how.pause.mockImplementation(() => {
    how.leaving.abort();
    return Promise.resolve();
  });
  const send = vi.fn().mockRejectedValue(away);
  await expect(sendUntilAnswered(send, how)).rejects.toBe(away);
  expect(send).toHaveBeenCalledTimes(1);
});
