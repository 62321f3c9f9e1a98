// The logo in the header: its own logo, or Holdfast's line made fast.
import { use } from "react";
import { OrganizationLogo } from "@/lib/organization-logo";

export function Logo() {
  const logo = use(OrganizationLogo);
  // The name stands beside it, so it says nothing more. Its place is kept whatever its shape.
  if (logo)
    return (
      <img src={logo} alt="" width="32" height="32" className="size-8 shrink-0 object-contain" />
    );
  return (
    <svg
      viewBox="0 0 32 32"
      fill="none"
      className="m-1 size-6 shrink-0 text-accent"
      aria-hidden="true"
    >
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
