// The dialog around an embedded page, and the button that opens it.

export function createOpener(label: string): HTMLButtonElement {
  const opener = document.createElement("button");
  opener.type = "button";
  opener.className = "opener";
  // Lets the site give it a look of its own: `.holdfast::part(button)`.
  opener.part.add("button");
  opener.textContent = label;
  return opener;
}

/** The browser keeps the focus inside, and Escape closes it. */
export function createDialog(label: string, closeLabel: string): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.ariaLabel = label;
  const close = document.createElement("button");
  close.type = "button";
  close.ariaLabel = closeLabel;
  close.textContent = "×";
  close.addEventListener("click", () => dialog.close());
  const bar = document.createElement("div");
  bar.className = "close";
  bar.append(close);
  dialog.append(bar);
  return dialog;
}
