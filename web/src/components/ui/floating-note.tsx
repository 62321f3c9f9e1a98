// A word over the page that moves nothing on it: what is wrong for now, or what has just happened.
import type { ReactNode } from "react";

export interface FloatingNoteProps {
  /** Null says nothing; the place for it is always there, so that screen readers hear what comes. */
  children: ReactNode;
  /** `passing` goes by itself after a while. */
  kind: "lasting" | "passing";
}

const looks = {
  lasting: "border-amber bg-amber-wash text-amber-ink",
  passing: "border-hairline bg-raised text-ink passing",
};

export function FloatingNote({ children, kind }: FloatingNoteProps) {
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 top-3 z-20 flex justify-center px-4"
    >
      {children && (
        <p
          key={kind}
          className={`rounded-full border px-4 py-1.5 text-small font-medium ${looks[kind]}`}
        >
          {children}
        </p>
      )}
    </div>
  );
}
