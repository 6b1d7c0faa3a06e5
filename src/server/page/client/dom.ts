import { type BrowserEvent, browser, type Element } from './browser.ts';
import { shown } from './format.ts';

export type Child = Element | string | number | null | undefined | false;
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: BrowserEvent) => void)>>;

function fill(element: Element, attributes: Attributes, children: readonly Child[]): Element {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  // Strings become text nodes: what stands in a log is never read as HTML.
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === 'number' ? String(child) : typeof child === 'string' ? shown(child) : child);
  }
  return element;
}

/** An HTML element; functions among the attributes are listeners of the event of that name. */
export function h(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Element {
  return fill(browser.document.createElement(name), attributes, children);
}

/** An SVG element. */
export function svg(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Element {
  return fill(browser.document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/** A button that does something. */
export function button(label: string, act: () => void, attributes: Attributes = {}): Element {
  return h('button', { type: 'button', click: act, ...attributes }, label);
}

/** A button that copies a text, and says that it did. */
export function copyButton(label: string, text: string): Element {
  const made = button(label, () => {
    browser.navigator.clipboard?.writeText(text).then(
      () => {
        made.textContent = 'Copied';
        setTimeout(() => {
          made.textContent = label;
        }, 1500);
      },
      () => undefined,
    );
  });
  return made;
}
