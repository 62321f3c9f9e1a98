// What a page in a frame does besides: it is as high as what it shows, lets Escape out, and wears the site's theme.
import { hostOrigin, onHostLook, tellHost } from "@/lib/embedding";

export function startEmbedded(root: HTMLElement): void {
  if (hostOrigin === null) return;
  // From here on the site gives the frame its height, so the page needs no scroll of its own.
  document.documentElement.dataset["embedded"] = "sized";
  new ResizeObserver(() => {
    const height = Math.ceil(root.getBoundingClientRect().height);
    // Nothing is shown yet: the site keeps the space that it has reserved.
    if (height > 0) tellHost({ holdfast: "size", height });
  }).observe(root);
  addEventListener("keydown", (event) => {
    // What is open in the page takes the first Escape for itself.
    const isTaken = event.defaultPrevented || document.querySelector("dialog[open]") !== null;
    if (event.key === "Escape" && !isTaken) tellHost({ holdfast: "close" });
  });
  onHostLook((theme) => {
    if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
    else delete document.documentElement.dataset["theme"];
  });
}
