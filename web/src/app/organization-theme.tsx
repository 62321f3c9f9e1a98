// Lets a page wear the theme of the organization that it belongs to: its accent, and its logo.
import { type ReactNode, useLayoutEffect } from "react";
import type { Organization } from "@/api/types";
import { type AccentShades, accentShades } from "@/lib/accent";
import { OrganizationLogo } from "@/lib/organization-logo";

interface OrganizationThemeProps {
  /** Not known while it is fetched. */
  organization: Organization | undefined;
  children: ReactNode;
}

export function OrganizationTheme({ organization, children }: OrganizationThemeProps) {
  const accent = organization?.accent;

  // Synchronizes the document's colours with the organization's accent, before they are painted.
  useLayoutEffect(() => {
    const colours = accent ? coloursOf(accent) : [];
    const { style } = document.documentElement;
    for (const [name, colour] of colours) style.setProperty(name, colour);
    return () => {
      for (const [name] of colours) style.removeProperty(name);
    };
  }, [accent]);

  return <OrganizationLogo value={organization?.logo_url ?? null}>{children}</OrganizationLogo>;
}

/** The tokens that the accent replaces. */
function coloursOf(accent: string): [name: string, colour: string][] {
  const shades = accentShades(accent);
  if (!shades) return [];
  const twin = (shade: keyof AccentShades) =>
    `light-dark(${shades.light[shade]}, ${shades.dark[shade]})`;
  return [
    ["--color-accent", twin("accent")],
    ["--color-accent-deep", twin("accentDeep")],
    ["--color-accent-wash", twin("accentWash")],
    ["--color-accent-line", twin("accentLine")],
    ["--color-on-accent", twin("onAccent")],
  ];
}
