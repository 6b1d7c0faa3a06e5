/**
 * The form into which Bicep (here) and ARM JSON (arm-tree.ts) of a template are read, each by a reader of its own, so that their values can be compared. An
 * expression is its text in Bicep. Only what our templates use is understood; anything else throws.
 */
export type Tree = string | number | boolean | { readonly expression: string } | Tree[] | { [key: string]: Tree };

export interface ReadResource {
  readonly type: string;
  readonly api: string;
  readonly existing: boolean;
  /** From the outermost parent down. */
  readonly names: readonly Tree[];
  readonly scope: string | undefined;
  /** Symbols of resources of the template that it waits for. */
  readonly waits: readonly string[];
  readonly body: { readonly [key: string]: Tree };
}

export interface ReadTemplate {
  readonly parameters: Readonly<Record<string, { readonly description: string; readonly byDefault: Tree | undefined }>>;
  readonly resources: ReadonlyMap<string, ReadResource>;
  readonly outputs: Readonly<Record<string, Tree>>;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', "'": "'", '\\': '\\', $: '$' };

/** A cursor over Bicep's values. */
class Values {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  value(): Tree {
    const c = this.text[this.at];
    if (c === "'") return this.string();
    if (c === '[') return this.list();
    if (c === '{') return this.object();
    const end = this.lineEnd();
    const raw = this.text.slice(this.at, end).trim();
    this.at = end;
    if (/^-?\d+(\.\d+)?$/.test(raw)) return Number(raw);
    return raw === 'true' || raw === 'false' ? raw === 'true' : { expression: raw };
  }

  end(): boolean {
    this.spaces();
    return this.at === this.text.length;
  }

  private lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  private spaces(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private string(): Tree {
    const start = this.at++;
    let value = '';
    let interpolated = false;
    for (let depth = 0; ; this.at++) {
      const c = this.text[this.at];
      if (c === undefined || c === '\n') throw new Error('a string without an end');
      if (depth > 0) depth += c === '{' ? 1 : c === '}' ? -1 : 0;
      else if (c === '\\') {
        const escaped = ESCAPES[this.text[++this.at] ?? ''];
        if (escaped === undefined) throw new Error(`\\${this.text[this.at]} is no escape`);
        value += escaped;
      } else if (c === '$' && this.text[this.at + 1] === '{') {
        interpolated = true;
        depth = 1;
        this.at++;
      } else if (c === "'") break;
      else value += c;
    }
    this.at++;
    return interpolated ? { expression: this.text.slice(start, this.at) } : value;
  }

  private list(): Tree {
    const items: Tree[] = [];
    for (this.at++; ; ) {
      this.spaces();
      if (this.text[this.at] === ']') break;
      items.push(this.value());
    }
    this.at++;
    return items;
  }

  private object(): Tree {
    const entries: [string, Tree][] = [];
    for (this.at++; ; ) {
      this.spaces();
      if (this.text[this.at] === '}') break;
      const key = this.text[this.at] === "'" ? this.string() : this.word();
      if (this.text[this.at++] !== ':') throw new Error('a key without a colon');
      this.spaces();
      entries.push([typeof key === 'string' ? key : (key as { expression: string }).expression, this.value()]);
    }
    this.at++;
    return Object.fromEntries(entries);
  }

  private word(): string {
    const word = /^[A-Za-z_]\w*/.exec(this.text.slice(this.at))?.[0];
    if (word === undefined) throw new Error(`no key at ${this.text.slice(this.at, this.at + 20)}`);
    this.at += word.length;
    return word;
  }
}

function treeOf(text: string): Tree {
  const values = new Values(text);
  const value = values.value();
  if (!values.end()) throw new Error(`more than a value: ${text}`);
  return value;
}

export const expressionOf = (tree: Tree | undefined): string => (tree as { readonly expression: string }).expression;

export function readBicep(text: string): ReadTemplate {
  const parameters: Record<string, { description: string; byDefault: Tree | undefined }> = {};
  for (const [, description, name, byDefault] of text.matchAll(
    /^@description\((.*)\)\n(?:@secure\(\)\n)?param (\w+) string(?: = (.*))?$/gm,
  ))
    parameters[name!] = {
      description: treeOf(description!) as string,
      byDefault: byDefault === undefined ? undefined : treeOf(byDefault),
    };
  const made = [...text.matchAll(/^resource (\w+) '([^@']+)@([^']+)' (existing )?= (\{\n[\s\S]*?\n\})$/gm)];
  const trees = new Map(made.map(([, symbol, , , , body]) => [symbol!, treeOf(body!) as { [key: string]: Tree }]));
  const existing = new Set(made.filter(([, , , , mark]) => mark !== undefined).map(([, symbol]) => symbol!));
  const namesOf = (symbol: string): Tree[] => {
    const { name, parent } = trees.get(symbol)!;
    return [...(parent === undefined ? [] : namesOf(expressionOf(parent))), name!];
  };
  const resources = made.map(([, symbol = '', type = '', api = '']): [string, ReadResource] => {
    const { name: _, parent, scope, dependsOn = [], ...body } = trees.get(symbol)!;
    const named = [...trees.keys()].filter(
      (other) => other !== symbol && new RegExp(`\\b${other}\\.`).test(expressions(trees.get(symbol)!)),
    );
    const waits = [parent, scope, ...(dependsOn as Tree[])]
      .flatMap((tree) => (tree === undefined ? [] : [expressionOf(tree)]))
      .concat(named);
    return [
      symbol,
      {
        type,
        api,
        existing: existing.has(symbol),
        names: namesOf(symbol),
        scope: scope === undefined ? undefined : expressionOf(scope),
        waits: [...new Set(waits)].filter((other) => !existing.has(other)).sort(),
        body,
      },
    ];
  });
  const outputs = [...text.matchAll(/^output (\w+) string = (.*)$/gm)].map(([, name, value]) => [name!, treeOf(value!)] as const);
  return { parameters, resources: new Map(resources), outputs: Object.fromEntries(outputs) };
}

/** All expressions below a tree, keys too. */
function expressions(tree: Tree): string {
  if (typeof tree !== 'object') return '';
  if (Array.isArray(tree)) return tree.map(expressions).join('\n');
  if (typeof tree['expression'] === 'string') return tree['expression'];
  return Object.entries(tree)
    .map(([key, value]) => `${key.startsWith("'") ? key : ''}\n${expressions(value as Tree)}`)
    .join('\n');
}
