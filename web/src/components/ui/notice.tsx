// A quiet strip that says what happened, in the tone it deserves.
import type { ReactNode } from "react";

const tones = {
  calm: "border-hairline bg-raised text-ink",
  accent: "border-accent-line bg-accent-wash text-ink",
  amber: "border-amber bg-amber-wash text-ink",
  loss: "border-loss bg-loss-wash text-ink",
};

export function Notice({ tone, children }: { tone: keyof typeof tones; children: ReactNode }) {
  return (
    <div className={`rounded-control border px-4 py-3 text-body ${tones[tone]}`}>{children}</div>
  );
}
