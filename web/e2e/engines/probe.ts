// Runs inside the pages: finds elements as people and their aids do, by role and name, and says what can be told of them.
import {
  computeAccessibleDescription,
  computeAccessibleName,
  getRole,
  isInaccessible,
} from "dom-accessibility-api";
import type { Look, Query, Words } from "./query";

/** Every document fragment in which something may be: shadow trees are open. */
function* roots(root: Document | ShadowRoot): Generator<Document | ShadowRoot> {
  yield root;
  for (const { shadowRoot } of root.querySelectorAll("*")) {
    if (shadowRoot) yield* roots(shadowRoot);
  }
}

const plain = (text: string) => text.replaceAll(/\s+/g, " ").trim();

function says(text: string, words: Words | undefined): boolean {
  if (words === undefined) return true;
  return typeof words === "string"
    ? plain(text) === words
    : new RegExp(words.pattern).test(plain(text));
}

/** The text is its own, not only what stands in an element within. */
function ownText(element: Element): string {
  const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  return texts.map((node) => node.textContent ?? "").join("");
}

function fits(element: Element, { role, name, text }: Query): boolean {
  if (role !== undefined && getRole(element) !== role) return false;
  if (text !== undefined && !(ownText(element) && says(element.textContent, text))) return false;
  if (isInaccessible(element)) return false;
  return name === undefined || says(computeAccessibleName(element), name);
}

function find(query: Query): Element[] {
  const all = [...roots(document)].flatMap((root) => [...root.querySelectorAll(query.css ?? "*")]);
  return all.filter((element) => fits(element, query));
}

function pick(query: Query): Element | undefined {
  return find(query).at(query.at ?? 0);
}

/** The element that has the focus, in whichever tree it is. */
function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

export function look(query: Query): Look {
  const found = find(query);
  const element = found.at(query.at ?? 0);
  if (!element) return { count: found.length };
  const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  return {
    count: found.length,
    text: plain(element.textContent),
    name: plain(computeAccessibleName(element)),
    description: plain(computeAccessibleDescription(element)),
    ...(isField ? { value: element.value } : {}),
    isFocused: element === focused(),
    isDisabled: element.matches(":disabled, [aria-disabled=true]"),
    state: element.getAttribute("data-state"),
    live: element.getAttribute("aria-live"),
  };
}

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

function boundsOf(element: Element): string {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x, y, width, height].join(" ");
}

/** What a click in the middle of it would meet. */
function isMet(element: Element): boolean {
  const { x, y, width, height } = element.getBoundingClientRect();
  const root = element.getRootNode() as Document | ShadowRoot;
  const met = root.elementFromPoint(x + width / 2, y + height / 2);
  return element.contains(met);
}

/** The element once it can be clicked: it is there, enabled, rests, and nothing lies over it. */
export async function ready(query: Query): Promise<Element> {
  const element = pick(query);
  if (!element) throw new Error("It is not there.");
  if (element.matches(":disabled")) throw new Error("It is disabled.");
  element.scrollIntoView({ block: "center", behavior: "instant" });
  const before = boundsOf(element);
  await nextFrame();
  await nextFrame();
  if (!element.isConnected || boundsOf(element) !== before) throw new Error("It moves.");
  if (!isMet(element)) throw new Error("Something lies over it.");
  return element;
}

/** The element, whatever is before it or going on with it. */
export function theElement(query: Query): Element {
  const element = pick(query);
  if (!element) throw new Error("It is not there.");
  return element;
}

/** What is typed next takes the place of what a field has. */
export function selectAll(query: Query): void {
  const element = theElement(query);
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    element.select();
  } else throw new Error("It is no field for text.");
}

/** The states that an element passes through in this time, from the one it has. */
export function statesOf(query: Query, ms: number): Promise<(string | null)[]> {
  const element = theElement(query);
  return new Promise((resolve) => {
    const states = [element.getAttribute("data-state")];
    const note = () => states.push(element.getAttribute("data-state"));
    new MutationObserver(note).observe(element, { attributeFilter: ["data-state"] });
    setTimeout(() => resolve(states), ms);
  });
}

/** How bright the ground of an element is, and the text on it: 0 is black, 1 is white. */
export function brightness(query: Query): { ground: number; ink: number } {
  const { backgroundColor, color } = getComputedStyle(theElement(query));
  return { ground: brightnessOf(backgroundColor), ink: brightnessOf(color) };
}

function brightnessOf(color: string): number {
  const brush = new OffscreenCanvas(1, 1).getContext("2d");
  if (!brush) throw new Error("Nothing can be painted.");
  brush.fillStyle = color;
  brush.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = brush.getImageData(0, 0, 1, 1).data;
  return (red + green + blue) / (3 * 255);
}

/** What a person could read. */
export function everything(): string {
  return document.body.innerText;
}
