// The few icons of the page; all are decoration beside words or labels.
import type { ReactNode } from "react";

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="size-4 shrink-0"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export function LockIcon() {
  return (
    <Icon>
      <rect x="3" y="7" width="10" height="6.5" rx="1.5" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </Icon>
  );
}

/** Points against the reading direction. */
export function BackIcon() {
  return (
    <Icon>
      <path d="M9.5 3.5 5 8l4.5 4.5" className="rtl:-scale-x-100 origin-center" />
    </Icon>
  );
}

export function ForwardIcon() {
  return (
    <Icon>
      <path d="M6.5 3.5 11 8l-4.5 4.5" className="rtl:-scale-x-100 origin-center" />
    </Icon>
  );
}

export function DownIcon() {
  return (
    <Icon>
      <path d="m4 6 4 4 4-4" />
    </Icon>
  );
}

export function HalfIcon() {
  return (
    <Icon>
      <circle cx="8" cy="8" r="5.5" />
      <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" stroke="none" />
    </Icon>
  );
}

export function CheckIcon() {
  return (
    <Icon>
      <path d="m3.5 8.5 3 3 6-7" />
    </Icon>
  );
}
