// The colours that an organization's own accent gives the page: its hue, in a lightness that can be read, in light and dark.
import { contrast, type Oklch, parseHex, type Rgb, toHex, toOklch, toRgb } from "./oklch";

/** Text and what it stands on (WCAG 2.2, 1.4.3), with a little to spare. */
const READABLE = 4.6;
/** How finely a readable lightness is looked for; less than the eye tells apart. */
const STEP = 0.004;
/** More chroma than this glows rather than says something. */
const MOST_CHROMA = 0.25;

/** A theme: what the accent stands on, and which way it moves to be read. */
interface ThemeRules {
  /** The plain grounds, lightest and darkest, as `tokens.css` has them. */
  papers: readonly Oklch[];
  /** The pale ground that is made of the accent itself. */
  wash: { lightness: number; chroma: number };
  line: { lightness: number; chroma: number };
  /** What is written on the accent. */
  on: (hue: number) => Oklch;
  /** Darker is -1, lighter is 1. */
  towards: -1 | 1;
  /** The deeper accent, for text. */
  deeper: number;
}

const light: ThemeRules = {
  papers: [
    { lightness: 0.96, chroma: 0.007, hue: 85 },
    { lightness: 1, chroma: 0, hue: 0 },
  ],
  wash: { lightness: 0.955, chroma: 0.022 },
  line: { lightness: 0.78, chroma: 0.06 },
  on: () => ({ lightness: 1, chroma: 0, hue: 0 }),
  towards: -1,
  deeper: -0.06,
};

const dark: ThemeRules = {
  papers: [
    { lightness: 0.195, chroma: 0.017, hue: 250 },
    { lightness: 0.27, chroma: 0.02, hue: 250 },
  ],
  wash: { lightness: 0.31, chroma: 0.04 },
  line: { lightness: 0.48, chroma: 0.06 },
  on: (hue) => ({ lightness: 0.2, chroma: 0.03, hue }),
  towards: 1,
  deeper: 0.06,
};

/** The colours of one theme, each as `#rrggbb`. */
export interface AccentShades {
  accent: string;
  accentDeep: string;
  accentWash: string;
  accentLine: string;
  onAccent: string;
}

function shadesOn(ground: ThemeRules, accent: Oklch): AccentShades {
  const { hue } = accent;
  const chroma = Math.min(accent.chroma, MOST_CHROMA);
  // A grey accent stays grey in all its shades.
  const pale = (shade: { lightness: number; chroma: number }) =>
    toRgb({ lightness: shade.lightness, chroma: Math.min(shade.chroma, chroma), hue });
  const wash = pale(ground.wash);
  const on = toRgb(ground.on(hue));
  const under = [...ground.papers.map(toRgb), wash, on];
  const lightness = readableLightness({ ...accent, chroma }, under, ground.towards);
  const deep = Math.min(0.97, Math.max(0, lightness + ground.deeper));
  return {
    accent: toHex(toRgb({ lightness, chroma, hue })),
    accentDeep: toHex(toRgb({ lightness: deep, chroma, hue })),
    accentWash: toHex(wash),
    accentLine: toHex(pale(ground.line)),
    onAccent: toHex(on),
  };
}

/** The accent's own lightness, or the nearest to it that can be read on, and under, all of these. */
function readableLightness(accent: Oklch, under: Rgb[], towards: -1 | 1): number {
  let { lightness } = accent;
  const isReadable = () => {
    const shown = toRgb({ ...accent, lightness });
    return under.every((colour) => contrast(shown, colour) >= READABLE);
  };
  while (!isReadable() && lightness >= 0 && lightness <= 1) lightness += towards * STEP;
  return Math.min(1, Math.max(0, lightness));
}

/** The colours for both themes; nothing when the text is no colour. */
export function accentShades(hex: string): { light: AccentShades; dark: AccentShades } | null {
  const rgb = parseHex(hex);
  if (!rgb) return null;
  const accent = toOklch(rgb);
  return { light: shadesOn(light, accent), dark: shadesOn(dark, accent) };
}
