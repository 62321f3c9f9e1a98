// The sign of the house: a line made fast.
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" fill="none" className="size-6 text-sea" aria-hidden="true">
      <path
        d="M3 22C9 24 12 8 19 8c5 0 7 4 5 8-3 6-13 6-14 1-1-4 5-6 9-2"
        stroke="currentColor"
        strokeWidth="2.8"
        strokeLinecap="round"
      />
      <path d="M17 24c5 1 9-1 12-4" stroke="currentColor" strokeWidth="2.8" strokeLinecap="round" />
    </svg>
  );
}
