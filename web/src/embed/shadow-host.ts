// The element that an embedded page lives in: the site's styles do not reach into it, nor its own out of it.

/* A sheet of its own rather than a style element or attribute, which a strict policy of the site would forbid.
   The dialog hangs from the top, so that it stays where it is when its page becomes higher. */
const STYLE = `
:host { display: block; }
iframe { display: block; width: 100%; height: 40rem; border: 0; }
.page { border: 1px solid light-dark(#dfddd8, #394049); border-radius: 1.25rem; overflow: clip; }
.refused { margin: 0; padding: 1.5rem; }
[hidden] { display: none; }
button { font: inherit; cursor: pointer; }
.opener { padding: .7em 1.3em; border: 0; border-radius: .625rem; background: light-dark(#1c2430, #e8eef5); color: light-dark(#fff, #14191f); }
dialog { box-sizing: border-box; width: min(70rem, 100vw - 2rem); max-width: none; max-height: calc(100dvh - 2rem); margin-block: 1rem auto; padding: 0; border: 0; border-radius: 1.25rem; overflow: hidden auto; background: light-dark(#fcfaf6, #171d24); color: light-dark(#1c2430, #efede9); }
dialog::backdrop { background: rgb(14 20 28 / .5); }
dialog .page { border: 0; border-radius: 0; scroll-margin-block-start: 4rem; }
.close { position: sticky; inset-block-start: 0; z-index: 1; display: flex; justify-content: end; padding: .25rem .5rem; background: inherit; }
.close button { width: 2.75rem; height: 2.75rem; border: 0; background: none; color: inherit; font-size: 1.5rem; line-height: 1; }
@media (width < 40rem) { dialog { width: 100vw; height: 100dvh; max-height: none; margin: 0; border-radius: 0; } }
`;

/** Beside the script, or inside what `data-target` names. */
export function createShadowHost(
  script: HTMLScriptElement,
  anchor: Element,
  onTheme: (theme: string | undefined) => void,
) {
  const host = document.createElement("div");
  host.className = "holdfast";
  const applyTheme = () => {
    host.style.colorScheme = script.dataset["theme"] ?? "light dark";
  };
  applyTheme();
  // A site that changes its theme changes `data-theme` of the script.
  new MutationObserver(() => {
    applyTheme();
    onTheme(script.dataset["theme"]);
  }).observe(script, { attributeFilter: ["data-theme"] });
  if (anchor === script) script.after(host);
  else anchor.append(host);
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  return { host, root };
}
