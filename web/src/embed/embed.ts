// The script for other sites: shows a booking page where it stands, or in a dialog, and tells the site what happens in it.
import { createDialog, createOpener } from "./dialog";
import { createFrame, type Frame } from "./frame";
import { createShadowHost } from "./shadow-host";
import { textsFor } from "./texts";

/** `organization/event-type`, or an organization alone for all that it offers. */
const EVENT = /^[a-z0-9-]+(\/[a-z0-9-]+)?$/;

function embed(script: HTMLScriptElement): void {
  const { event = "", mode, target, button, language } = script.dataset;
  const texts = textsFor(language);
  const label = script.dataset["label"] ?? texts.title;
  const anchor = target ? document.querySelector(target) : script;
  if (!EVENT.test(event) || !anchor || anchor.closest("head")) {
    console.error(
      'Holdfast: the script needs data-event="organization/event-type", and a place in the body, its own or what data-target names.',
      script,
    );
    return;
  }

  let shown: Frame | undefined;
  const { host, root } = createShadowHost(script, anchor, (theme) => shown?.look(theme));
  const report = (name: string, detail: object = {}) =>
    host.dispatchEvent(
      new CustomEvent(`holdfast:${name}`, { bubbles: true, detail: { event, ...detail } }),
    );
  const frameFor = (onClose: () => void): Frame =>
    createFrame(script, {
      event,
      label,
      texts,
      onEvent: ({ holdfast, ...detail }) => report(holdfast, detail),
      onClose,
    });

  if (mode !== "dialog") {
    shown = frameFor(() => undefined);
    root.append(shown.element);
    return;
  }
  const open = (opener: HTMLElement) => {
    const dialog = createDialog(label, texts.close);
    const frame = (shown = frameFor(() => dialog.close()));
    dialog.append(frame.element);
    dialog.addEventListener("close", () => {
      // With its frame gone the hold ends, and the next in line has the time.
      dialog.remove();
      opener.focus();
      report("closed");
    });
    root.append(dialog);
    dialog.showModal();
    frame.focus();
  };
  const openers = button
    ? [...document.querySelectorAll<HTMLElement>(button)]
    : [root.appendChild(createOpener(script.dataset["label"] ?? texts.book))];
  for (const opener of openers) opener.addEventListener("click", () => open(opener));
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  const { target, button } = script.dataset;
  // What the script names may come after it.
  if (document.readyState === "loading" && (target || button)) {
    addEventListener("DOMContentLoaded", () => embed(script), { once: true });
  } else {
    embed(script);
  }
} else {
  console.error("Holdfast: embed.js is an ordinary script, not a module.");
}
