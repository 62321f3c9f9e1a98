// Lets a page look like the house that it belongs to: its accent, and its logo.
import { type ReactNode, useLayoutEffect } from "react";
import type { Organization } from "@/api/types";
import { type AccentShades, accentShades } from "@/lib/accent";
import { HouseLogo } from "@/lib/house-logo";

interface HouseProps {
  /** Not known while it is fetched. */
  organization: Organization | undefined;
  children: ReactNode;
}

export function House({ organization, children }: HouseProps) {
  const accent = organization?.accent;

  // Synchronizes the document's colours with the house's accent, before they are painted.
  useLayoutEffect(() => {
    const colours = accent ? coloursOf(accent) : [];
    const { style } = document.documentElement;
    for (const [name, colour] of colours) style.setProperty(name, colour);
    return () => {
      for (const [name] of colours) style.removeProperty(name);
    };
  }, [accent]);

  return <HouseLogo value={organization?.logo_url ?? null}>{children}</HouseLogo>;
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
