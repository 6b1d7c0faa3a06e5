/**
 * The part of the browser that the page uses. The DOM library is not loaded: its globals (`name`, `event`, `status`...) would be
 * declared for the whole program, and a misspelt variable on the server would compile.
 */
export interface Element {
  readonly tagName: string;
  value: string;
  textContent: string | null;
  hidden: boolean;
  disabled: boolean;
  append(...children: readonly (Element | string)[]): void;
  replaceChildren(...children: readonly (Element | string)[]): void;
  setAttribute(name: string, value: string): void;
  getAttribute(name: string): string | null;
  addEventListener(kind: string, listener: (event: BrowserEvent) => void): void;
  focus(): void;
  scrollIntoView(options: { readonly block: 'nearest' }): void;
}

export interface BrowserEvent {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  preventDefault(): void;
}

interface Browser {
  readonly document: {
    title: string;
    createElement(name: string): Element;
    createElementNS(space: string, name: string): Element;
    getElementById(id: string): Element | null;
    querySelector(selector: string): Element | null;
  };
  readonly location: { hash: string };
  readonly navigator: { readonly clipboard?: { writeText(text: string): Promise<void> } };
  readonly sessionStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  addEventListener(kind: string, listener: (event: BrowserEvent) => void): void;
}

export const browser = globalThis as unknown as Browser;
