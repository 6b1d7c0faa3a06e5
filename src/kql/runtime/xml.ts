import type { RuntimeFunction } from './function-row.ts';
import { type Json, writeJson } from './json.ts';

/** A text longer than this is not read. */
const LONGEST = 1_048_576;
const DEEPEST = 200;

/** What the documentation leaves open stops the query; what is no XML gives null. */
class Unsure extends Error {
  constructor(what: string) {
    super(`parse_xml of ${what} is not supported`);
  }
}
class NoXml extends Error {}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };

function decoded(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]*);|&/g, (whole, name: string | undefined) => {
    if (name !== undefined && Object.hasOwn(ENTITIES, name)) return ENTITIES[name]!;
    const code = name === undefined ? null : /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2]!, code[1] ? 16 : 10) : Number.NaN;
    if (!(point > 0 && point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) throw new Unsure(`the entity ${whole.slice(0, 20)}`);
    return String.fromCodePoint(point);
  });
}

interface Element {
  readonly name: string;
  readonly items: Map<string, Json>;
  /** Names that stand there several times: their values are in an array. */
  readonly many: Set<string>;
  text: string | undefined;
}

const NAME = /[A-Za-z_][\w.-]*/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;

function add(parent: Element, name: string, value: Json): void {
  const { items, many } = parent;
  if (!items.has(name)) items.set(name, value);
  else if (many.has(name)) (items.get(name) as Json[]).push(value);
  else {
    items.set(name, [items.get(name)!, value]);
    many.add(name);
  }
}

/** An element without attributes and elements is its text, or null. */
function contentOf({ items, text }: Element): Json {
  if (items.size === 0) return null;
  return items.size === 1 && text !== undefined ? text : items;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The root under its name. */
  read(): Json {
    const top: Element = { name: '', items: new Map(), many: new Set(), text: undefined };
    const open: Element[] = [top];
    while (this.#at < this.#text.length) {
      const inner = open.at(-1)!;
      const tag = this.#text.indexOf('<', this.#at);
      this.#words(this.#text.slice(this.#at, tag < 0 ? undefined : tag), inner, inner === top);
      if (tag < 0) break;
      this.#at = tag;
      if (this.#skipped()) continue;
      if (this.#text.startsWith('</', tag)) {
        const closing = /<\/([^\s>]*)\s*>/y;
        closing.lastIndex = tag;
        const found = closing.exec(this.#text);
        if (!found || open.length < 2 || found[1] !== inner.name) throw new NoXml();
        this.#at = closing.lastIndex;
        open.pop();
        add(open.at(-1)!, inner.name, contentOf(inner));
      } else {
        if (inner === top && top.items.size > 0) throw new Unsure('several roots');
        const { element, closed } = this.#opening();
        if (closed) add(inner, element.name, contentOf(element));
        else open.push(element);
        if (open.length > DEEPEST) throw new Unsure('elements nested so deeply');
      }
    }
    if (open.length > 1 || top.items.size === 0) throw new NoXml();
    return top.items;
  }

  #words(raw: string, inner: Element, outside: boolean): void {
    const trimmed = raw.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
    if (trimmed === '') return;
    if (outside) throw new NoXml();
    if (inner.text !== undefined) throw new Unsure('an element with several pieces of text');
    const text = decoded(trimmed);
    inner.text = text;
    // Where elements stand beside it the text has a name of its own, and its place among them.
    inner.items.set('#text', text);
  }

  /** Comments and instructions. */
  #skipped(): boolean {
    for (const [start, end] of [
      ['<!--', '-->'],
      ['<?', '?>'],
    ] as const) {
      if (!this.#text.startsWith(start, this.#at)) continue;
      const stop = this.#text.indexOf(end, this.#at + start.length);
      if (stop < 0) throw new NoXml();
      this.#at = stop + end.length;
      return true;
    }
    if (this.#text.startsWith('<!', this.#at)) throw new Unsure('a CDATA section or a DOCTYPE');
    return false;
  }

  #opening(): { readonly element: Element; readonly closed: boolean } {
    NAME.lastIndex = this.#at + 1;
    const name = NAME.exec(this.#text)?.[0];
    if (name === undefined) throw new NoXml();
    this.#at = NAME.lastIndex;
    if (this.#text[this.#at] === ':') throw new Unsure('names with a prefix');
    const element: Element = { name, items: new Map(), many: new Set(), text: undefined };
    for (;;) {
      ATTRIBUTE.lastIndex = this.#at;
      const found = ATTRIBUTE.exec(this.#text);
      if (!found) break;
      const key = `@${found[1]}`;
      if (key.includes(':')) throw new Unsure('names with a prefix');
      if (element.items.has(key)) throw new Unsure('an attribute twice');
      element.items.set(key, decoded(found[2] ?? found[3] ?? ''));
      this.#at = ATTRIBUTE.lastIndex;
    }
    const end = /\s*(\/?)>/y;
    end.lastIndex = this.#at;
    const found = end.exec(this.#text);
    if (!found) throw new NoXml();
    this.#at = end.lastIndex;
    return { element, closed: found[1] === '/' };
  }
}

export const xmlFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_parse_xml',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      if (Buffer.byteLength(text) > LONGEST) return null;
      try {
        return writeJson(new Reader(text).read());
      } catch (error) {
        if (error instanceof NoXml) return null;
        throw error;
      }
    },
  },
];
