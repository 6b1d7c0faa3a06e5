import { expressionOf, type ReadResource, type ReadTemplate, type Tree } from './bicep-tree.ts';

interface ArmResource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly scope?: string;
  readonly dependsOn?: readonly string[];
}
interface ArmTemplate {
  readonly parameters: Readonly<Record<string, { readonly metadata: { readonly description: string }; readonly defaultValue?: unknown }>>;
  readonly resources: readonly ArmResource[];
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
}

/** ARM's expressions name resources by type and name: `known` (what Bicep declares) says by which symbol. */
export function readArm(text: string, known: ReadTemplate): ReadTemplate {
  const arm = JSON.parse(text) as ArmTemplate;
  const symbolOf = (type: string, names: readonly Tree[]): string => {
    const wanted = JSON.stringify(names);
    const found = [...known.resources].filter(([, resource]) => resource.type === type && JSON.stringify(resource.names) === wanted);
    if (found.length !== 1) throw new Error(`${type} ${wanted} is ${found.length} resources`);
    return found[0]![0];
  };
  const reader = new ArmExpressions(symbolOf);
  const tree = (value: unknown): Tree => {
    if (typeof value === 'string') return reader.text(value);
    if (Array.isArray(value)) return value.map(tree);
    if (typeof value !== 'object' || value === null) return value as Tree;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const name = reader.text(key);
        return [typeof name === 'string' ? name : expressionOf(name), tree(item)];
      }),
    );
  };
  const idSymbol = (id: string) => expressionOf(reader.text(id)).replace(/\.id$/, '');
  const resources = arm.resources.map(({ type, apiVersion, name, scope, dependsOn = [], ...body }): [string, ReadResource] => {
    const names = reader.names(name);
    return [
      symbolOf(type, names),
      {
        type,
        api: apiVersion,
        existing: false,
        names,
        scope: scope === undefined ? undefined : idSymbol(scope),
        waits: dependsOn.map(idSymbol).sort(),
        body: tree(body) as { [key: string]: Tree },
      },
    ];
  });
  const parameters = Object.entries(arm.parameters).map(([name, { metadata, defaultValue }]) => [
    name,
    { description: metadata.description, byDefault: defaultValue === undefined ? undefined : tree(defaultValue) },
  ]);
  const outputs = Object.entries(arm.outputs).map(([name, { value }]) => [name, tree(value)]);
  return { parameters: Object.fromEntries(parameters), resources: new Map(resources), outputs: Object.fromEntries(outputs) };
}

/** A call, a string or a property of one of them. */
type Part = { readonly call: string; readonly args: readonly Part[]; readonly path: string } | { readonly string: string };

class ArmExpressions {
  private source = '';
  private at = 0;
  private readonly symbolOf: (type: string, names: readonly Tree[]) => string;

  constructor(symbolOf: (type: string, names: readonly Tree[]) => string) {
    this.symbolOf = symbolOf;
  }

  text(value: string): Tree {
    if (value.startsWith('[[')) return value.slice(1);
    return value.startsWith('[') && value.endsWith(']') ? { expression: this.bicep(this.parsed(value)) } : value;
  }

  /** Of `parent/child` its parts. */
  names(value: string): Tree[] {
    if (!value.startsWith('[')) return [value];
    const part = this.parsed(value);
    if (!('call' in part) || part.call !== 'format') return [this.tree(part)];
    return part.args.slice(1).map((arg) => this.tree(arg));
  }

  private tree(part: Part): Tree {
    return 'string' in part ? part.string : { expression: this.bicep(part) };
  }

  private parsed(value: string): Part {
    this.source = value.slice(1, -1);
    this.at = 0;
    const part = this.part();
    if (this.at !== this.source.length) throw new Error(`more than an expression: ${value}`);
    return part;
  }

  private part(): Part {
    const rest = this.source.slice(this.at);
    const string = /^'((?:[^']|'')*)'/.exec(rest);
    if (string) {
      this.at += string[0].length;
      return { string: string[1]!.replaceAll("''", "'") };
    }
    const head = /^([A-Za-z]\w*)\(/.exec(rest);
    if (!head) throw new Error(`no expression: ${rest}`);
    this.at += head[0].length;
    const args: Part[] = [];
    while (this.source[this.at] !== ')') {
      if (args.length > 0) this.at += /^,\s*/.exec(this.source.slice(this.at))![0].length;
      args.push(this.part());
    }
    const path = /^\)((?:\.\w+)*)/.exec(this.source.slice(this.at))!;
    this.at += path[0].length;
    return { call: head[1]!, args, path: path[1]! };
  }

  private bicep(part: Part): string {
    if ('string' in part) return `'${part.string}'`;
    const { call, args, path } = part;
    const texts = args.map((arg) => this.bicep(arg));
    const plain = (arg: Part | undefined) => (arg as { readonly string: string }).string;
    if (call === 'parameters') return plain(args[0]) + path;
    if (call === 'resourceId')
      return `${this.symbolOf(
        plain(args[0]),
        args.slice(1).map((arg) => this.tree(arg)),
      )}.id${path}`;
    if (call === 'reference') return `${texts[0]!.replace(/\.id$/, '')}.properties${path}`;
    if (call === 'if') return `${texts[0]} ? ${texts[1]} : ${texts[2]}`;
    if (call === 'createArray') return `[${texts.join(', ')}]`;
    if (call === 'createObject')
      return `{ ${texts.flatMap((_, i) => (i % 2 === 0 ? [`${plain(args[i])}: ${texts[i + 1]}`] : [])).join(', ')} }`;
    if (call === 'format') {
      const written = plain(args[0]).replace(/[\\']/g, '\\$&').replaceAll('${', '\\${').replaceAll('\n', '\\n');
      const filled = written.replace(/\{\{|\}\}|\{(\d+)\}/g, (hole, n: string | undefined) =>
        n === undefined ? hole[0]! : `\${${texts[Number(n) + 1]}}`,
      );
      return `'${filled}'`;
    }
    return `${call}(${texts.join(', ')})${path}`;
  }
}
