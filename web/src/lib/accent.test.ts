// Whatever colour an organization chooses, what is written in it and on it can be read.
import { describe, expect, it } from "vitest";
import { accentShades } from "./accent";
import { contrast, parseHex, type Rgb, toHex, toOklch, toRgb } from "./oklch";

/** The grounds of `tokens.css`, from the page's to the raised card's. */
const papers = {
  light: [
    { lightness: 0.96, chroma: 0.007, hue: 85 },
    { lightness: 0.985, chroma: 0.006, hue: 85 },
    { lightness: 1, chroma: 0, hue: 0 },
  ].map(toRgb),
  dark: [
    { lightness: 0.195, chroma: 0.017, hue: 250 },
    { lightness: 0.23, chroma: 0.018, hue: 250 },
    { lightness: 0.27, chroma: 0.02, hue: 250 },
  ].map(toRgb),
};

const steps = [0, 51, 102, 153, 204, 255];
const everyColour = steps.flatMap((red) =>
  steps.flatMap((green) => steps.map((blue) => toHex([red / 255, green / 255, blue / 255]))),
);

function rgb(hex: string): Rgb {
  const parsed = parseHex(hex);
  if (!parsed) throw new Error(`${hex} is no colour.`);
  return parsed;
}

function shadesOf(hex: string) {
  const shades = accentShades(hex);
  if (!shades) throw new Error(`${hex} is no colour.`);
  return shades;
}

describe("the colours of an organization", () => {
  it.each(["light", "dark"] as const)(
    "can be read in the %s theme, whichever they are",
    (theme) => {
      for (const hex of everyColour) {
        const shades = shadesOf(hex)[theme];
        const wash = rgb(shades.accentWash);
        for (const ground of [...papers[theme], wash]) {
          expect(contrast(rgb(shades.accent), ground), hex).toBeGreaterThanOrEqual(4.5);
          expect(contrast(rgb(shades.accentDeep), ground), hex).toBeGreaterThanOrEqual(4.5);
        }
        expect(contrast(rgb(shades.onAccent), rgb(shades.accent)), hex).toBeGreaterThanOrEqual(4.5);
        expect(contrast(rgb(shades.onAccent), rgb(shades.accentDeep)), hex).toBeGreaterThanOrEqual(
          4.5,
        );
      }
    },
  );

  it("keep the text of the page readable on their wash", () => {
    const ink = {
      light: toRgb({ lightness: 0.25, chroma: 0.02, hue: 250 }),
      dark: toRgb({ lightness: 0.95, chroma: 0.006, hue: 85 }),
    };
    for (const hex of everyColour) {
      const shades = shadesOf(hex);
      for (const theme of ["light", "dark"] as const) {
        expect(contrast(ink[theme], rgb(shades[theme].accentWash)), hex).toBeGreaterThanOrEqual(7);
      }
    }
  });

  it("are left as they are when they can be read already", () => {
    expect(shadesOf("#2f5f8f").light.accent).toBe("#2f5f8f");
    expect(shadesOf("#7fc4f0").dark.accent).toBe("#7fc4f0");
  });

  it("keep their hue when they must be made darker or lighter", () => {
    for (const hex of ["#ff3300", "#00cc66", "#3344ff", "#cc00aa"]) {
      const wanted = toOklch(rgb(hex)).hue;
      for (const { accent } of Object.values(shadesOf(hex))) {
        expect(Math.abs(toOklch(rgb(accent)).hue - wanted)).toBeLessThan(3);
      }
    }
  });

  it("are grey all through when they are grey", () => {
    for (const shades of Object.values(shadesOf("#777777"))) {
      for (const hex of [shades.accent, shades.accentWash, shades.accentLine]) {
        expect(toOklch(rgb(hex)).chroma).toBeLessThan(0.004);
      }
    }
  });

  it("are none where no colour is given", () => {
    for (const text of ["", "teal", "#12345", "#1234567", "url(#a)"]) {
      expect(accentShades(text)).toBeNull();
    }
  });
});

describe("OKLCH", () => {
  it("gives each colour back", () => {
    for (const hex of everyColour) expect(toHex(toRgb(toOklch(rgb(hex))))).toBe(hex);
  });

  it("knows the contrast of black on white", () => {
    expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21);
  });
});
