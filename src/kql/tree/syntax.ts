import { KQL_TYPES, type KqlType } from '../../core/kql-types.ts';
import { loadKusto } from '../binder/kusto.ts';
import type { KustoNode, KustoType } from '../binder/shapes.ts';

export type Node = KustoNode;

export function kindOf(node: Node): string {
  return loadKusto().kindName(node.Kind);
}

/** A member of a node that is another node (or token); undefined when it is absent. */
export function child(node: Node, member: string): Node | undefined {
  return (node[member] as Node | null | undefined) ?? undefined;
}

/** A member that the grammar says is there. */
export function need(node: Node, member: string): Node {
  const found = child(node, member);
  if (!found) throw new TypeError(`${kindOf(node)} has no ${member}`);
  return found;
}

/** The elements of a list member, without separators. */
export function list(node: Node | undefined, member?: string): Node[] {
  const found = member === undefined ? node : node && child(node, member);
  if (!found) return [];
  const out: Node[] = [];
  for (let i = 0; i < found.ChildCount; i++) {
    const item = found.GetChild(i);
    if (item) out.push(kindOf(item) === 'SeparatedElement' ? (item['Element'] as Node) : item);
  }
  return out;
}

/** The text of a node without the blanks and comments before it. */
export function textOf(node: Node): string {
  // Most are a token, or a literal or name around one, whose text is at hand.
  let at: Node | null = node;
  while (at?.ChildCount === 1) at = at.GetChild(0);
  if (at?.ChildCount === 0 && at.Width === node.Width && typeof at.Text === 'string') return at.Text.trim();
  const text = node.toString(0);
  return (node.Width > 0 ? text.slice(-node.Width) : text).trim();
}

/** The name that a declaration or reference says. */
export function nameOf(node: Node): string {
  return node.SimpleName ?? child(node, 'Name')?.SimpleName ?? textOf(node);
}

const KNOWN: ReadonlySet<string> = new Set(KQL_TYPES);

export function typeFromName(name: string | undefined): KqlType | undefined {
  if (name === undefined) return undefined;
  return KNOWN.has(name) ? (name as KqlType) : ALIASES[name];
}
const ALIASES: Readonly<Record<string, KqlType>> = {
  boolean: 'bool',
  date: 'datetime',
  double: 'real',
  time: 'timespan',
  uniqueid: 'guid',
  uuid: 'guid',
  int32: 'int',
  int64: 'long',
};

/** The scalar type that the binder gave an expression; undefined when it knows none. */
export function boundType(node: Node): KqlType | undefined {
  const type = node.ResultType;
  if (!type) return undefined;
  if (KNOWN.has(type.Name)) return type.Name as KqlType;
  return undefined;
}

export interface BoundColumn {
  readonly name: string;
  readonly type: KqlType;
}

/** The columns of a tabular result as the binder sees them; undefined when it is not tabular. */
export function boundColumns(type: KustoType | null | undefined): BoundColumn[] | undefined {
  const columns = type?.Columns;
  if (!columns) return undefined;
  const out: BoundColumn[] = [];
  for (let i = 0; i < columns.Count; i++) {
    const column = columns.getItem(i);
    out.push({ name: column.Name, type: typeFromName(column.Type.Name) ?? 'dynamic' });
  }
  return out;
}

/** The columns of an operator's answer; behind scan the binder has a match_id even where none is asked for. */
export function resultColumns(node: Node, own: readonly { readonly name: string }[]): BoundColumn[] | undefined {
  const bound = boundColumns(node.ResultType);
  if (own.some((c) => c.name === 'match_id')) return bound;
  return bound?.filter((b) => !/^match_id\d*$/.test(b.name));
}

export function isTabular(node: Node): boolean {
  return Boolean(node.ResultType?.Columns) && kindOf(node) !== 'StarExpression';
}

/** Named parameters of an operator (`kind=inner hint.strategy=shuffle`), as text by name. */
export function parameters(node: Node, member = 'Parameters'): Map<string, Node> {
  const out = new Map<string, Node>();
  for (const item of list(node, member)) {
    const expression = child(item, 'Expression');
    if (expression) out.set(nameOf(need(item, 'Name')), expression);
  }
  return out;
}

/** The declared type of `name: type` or `typeof(type)`. */
export function declaredType(node: Node | undefined): KqlType | undefined {
  if (!node) return undefined;
  if (kindOf(node) === 'TypeOfLiteralExpression') return declaredType(list(node, 'Types')[0]);
  const token = child(node, 'Type');
  return typeFromName(token ? textOf(token) : undefined);
}

/** Takes parentheses off an expression. */
export function bare(node: Node): Node {
  let at = node;
  while (kindOf(at) === 'ParenthesizedExpression') at = need(at, 'Expression');
  return at;
}

/** The name that the engine gives a column made from an expression without a name. */
export function resultName(node: Node, fallback: string): string {
  return loadKusto().language['Binding'].Binder.GetExpressionResultName(node, fallback) ?? fallback;
}

/** What kind of thing a name refers to: ColumnSymbol, VariableSymbol, FunctionSymbol ... */
export function symbolKind(node: Node): string {
  return node.ReferencedSymbol ? loadKusto().typeName(node.ReferencedSymbol) : '';
}
