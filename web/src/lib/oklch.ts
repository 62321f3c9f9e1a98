// Colours as sRGB and as OKLCH (Björn Ottosson, 2020), and their contrast (WCAG 2.2, 1.4.3).

/** Red, green and blue from 0 to 1, as written in `#rrggbb`. */
export type Rgb = readonly [number, number, number];

export interface Oklch {
  lightness: number;
  chroma: number;
  /** In degrees. */
  hue: number;
}

/** How much chroma is given up at a time until a colour is one that screens have. */
const CHROMA_STEP = 0.96;

export function parseHex(hex: string): Rgb | null {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!digits) return null;
  const [red, green, blue] = digits.slice(1).map((part) => Number.parseInt(part, 16) / 255);
  return [red ?? 0, green ?? 0, blue ?? 0];
}

export function toHex(rgb: Rgb): string {
  const part = (value: number) =>
    Math.round(value * 255)
      .toString(16)
      .padStart(2, "0");
  return `#${rgb.map(part).join("")}`;
}

function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function fromLinear(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

export function toOklch(rgb: Rgb): Oklch {
  const [red, green, blue] = [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])];
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  return {
    lightness: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    chroma: Math.hypot(a, b),
    hue: (Math.atan2(b, a) * 180) / Math.PI,
  };
}

function unbounded({ lightness, chroma, hue }: Oklch): Rgb {
  const [a, b] = [
    chroma * Math.cos((hue * Math.PI) / 180),
    chroma * Math.sin((hue * Math.PI) / 180),
  ];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

const isShown = (rgb: Rgb) => rgb.every((value) => value >= -0.0005 && value <= 1.0005);

/** The colour as screens have it: lightness and hue stay, and chroma is given up as far as it must be. */
export function toRgb(colour: Oklch): Rgb {
  let { chroma } = colour;
  let rgb = unbounded(colour);
  while (!isShown(rgb) && chroma > 0.0005) {
    chroma *= CHROMA_STEP;
    rgb = unbounded({ ...colour, chroma });
  }
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  // Rounded to what is shown, so that a contrast that is measured is the one that is seen.
  const shown = (value: number) => Math.round(clamp(value) * 255) / 255;
  return [shown(rgb[0]), shown(rgb[1]), shown(rgb[2])];
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = [toLinear(rgb[0]), toLinear(rgb[1]), toLinear(rgb[2])];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
