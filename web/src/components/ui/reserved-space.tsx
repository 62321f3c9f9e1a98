// Reserves space for every text that may come to stand in one place, so that none of them moves what is around it.
import type { ReactNode } from "react";

export interface ReservedSpaceProps {
  texts: string[];
  /** Texts and what is shown are written in the same size and weight. */
  className?: string;
  /** What is shown now. */
  children: ReactNode;
}

export function ReservedSpace({ texts, className = "", children }: ReservedSpaceProps) {
  return (
    <div className={`grid *:[grid-area:1/1] ${className}`}>
      {[...new Set(texts)].map((text) => (
        <span
          key={text}
          aria-hidden="true"
          data-text={text}
          className="invisible before:content-[attr(data-text)]"
        />
      ))}
      <div>{children}</div>
    </div>
  );
}
