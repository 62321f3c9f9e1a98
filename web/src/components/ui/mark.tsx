// The sign of the house: a line made fast.
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" fill="none" className="size-6 text-sea" aria-hidden="true">
      <path
        d="M5 10h22M9 10c0 3 2 4 4 4h6c2 0 4-1 4-4"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path
        d="M4 25C13 25 10 7 16 7s3 18 12 18"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
