/**
 * Other ways to ask the same: from a query and its tree, texts whose answer must be the same rows (or, where `derive` is given, rows that
 * follow from them). Kusto's semantics say so for each; none depends on what a single query computes.
 */
import type { KqlColumn } from '../../../src/core/kql-types.ts';
import { bind } from '../../../src/kql/binder/bind.ts';
import { child, isTabular, kindOf, list, type Node, need } from '../../../src/kql/tree/syntax.ts';
import { EMPTY } from './engine.ts';

export type Row = readonly unknown[];
export interface Variant {
  readonly name: string;
  readonly text: string;
  /** What becomes of the rows of the answer; the same rows where absent. */
  readonly derive?: (rows: readonly Row[]) => readonly Row[];
}

interface Parts {
  readonly text: string;
  /** Everything before the last expression. */
  readonly before: string;
  readonly query: string;
  readonly root: Node;
  readonly columns: readonly KqlColumn[];
}

const name = (column: string) => `['${column.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}']`;
const around = (p: Parts, to: (query: string) => string) => `${p.before}${to(p.query)}`;
const after = (p: Parts, pipe: string) => `${p.text}\n| ${pipe}`;
const names = (p: Parts) => p.columns.map((c) => name(c.name)).join(', ');
const plain = (p: Parts) => p.columns.length > 0 && p.columns.every((c) => c.type !== 'dynamic');

/** Ways that hold for every query. */
const WHOLE: Readonly<Record<string, (p: Parts) => string | undefined>> = {
  let: (p) => around(p, (q) => `let __T = ${q};\n__T`),
  materialize: (p) => around(p, (q) => `let __T = materialize(${q});\n__T`),
  'view twice, one empty': (p) => around(p, (q) => `let __T = ${q};\nunion __T, (__T | where false)`),
  lambda: (p) => around(p, (q) => `let __F = () { ${q} };\n__F()`),
  'lambda over a table': (p) => around(p, (q) => `let __F = (T:(*)) { T };\n${q}\n| invoke __F()`),
  serialize: (p) => after(p, 'serialize'),
  'where true': (p) => after(p, 'where true'),
  take: (p) => after(p, 'take 1000000'),
  as: (p) => after(p, 'as __T'),
  'column added and taken': (p) => after(p, 'extend __k = 1 | project-away __k'),
  'row number': (p) => after(p, 'serialize __n = row_number() | where __n >= 1 | project-away __n'),
  'mv-expand of one': (p) => after(p, 'extend __x = dynamic([1]) | mv-expand __x | project-away __x'),
  'mv-apply of one': (p) => after(p, 'mv-apply __x = dynamic([1]) on (where true) | project-away __x'),
  'join with one row': (p) => after(p, 'extend __j = 1 | join kind=inner (print __j = 1) on __j | project-away __j, __j1'),
  'lookup in one row': (p) => after(p, 'extend __j = 1 | lookup (print __j = 1, __v = 2) on __j | project-away __j, __v'),
  'outer join with none': (p) => after(p, 'extend __j = 1 | join kind=leftouter (print __j = 2) on __j | project-away __j, __j1'),
  semi: (p) => after(p, 'extend __j = 1 | join kind=leftsemi (print __j = 1) on __j | project-away __j'),
  anti: (p) => after(p, 'extend __j = 1 | join kind=leftanti (print __j = 2) on __j | project-away __j'),
  'join with itself': (p) =>
    around(
      p,
      (q) =>
        `let __T = materialize(${q}\n| serialize __n = row_number());\n__T | join kind=inner (__T | project __n) on __n | project-away __n, __n1`,
    ),
  'two halves': (p) =>
    around(
      p,
      (q) =>
        `let __T = materialize(${q}\n| serialize __n = row_number());\nunion (__T | where __n % 2 == 0), (__T | where __n % 2 == 1) | project-away __n`,
    ),
  packed: (p) => after(p, 'extend __p = pack_all() | project-away __p'),
  partition: (p) => after(p, 'extend __k = 1 | partition hint.strategy=native by __k (where true) | project-away __k'),
  scan: (p) => after(p, 'serialize | scan declare (__s:long = 0) with (step s: true => __s = 1;) | project-away __s'),
  project: (p) => (p.columns.length > 0 ? after(p, `project ${names(p)}`) : undefined),
  'columns over themselves': (p) =>
    p.columns.length > 0 ? after(p, `extend ${p.columns.map((c) => `${name(c.name)} = ${name(c.name)}`).join(', ')}`) : undefined,
  'reordered and back': (p) => (p.columns.length > 1 ? after(p, `project-reorder * desc | project ${names(p)}`) : undefined),
  sort: (p) => (plain(p) ? after(p, `sort by ${names(p)}`) : undefined),
  top: (p) => (plain(p) ? after(p, `top 1000000 by ${name(p.columns[0]!.name)}`) : undefined),
};

const text = (row: Row) => JSON.stringify(row, (_, v) => (typeof v === 'bigint' ? `${v}n` : v));
const unique = (rows: readonly Row[]) => [...new Map(rows.map((row) => [text(row), row])).values()];
function counted(rows: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(text(row), (counts.get(text(row)) ?? 0) + 1);
  return unique(rows).map((row) => [...row, counts.get(text(row))!]);
}

function derived(p: Parts): Variant[] {
  const out: Variant[] = [
    { name: 'count', text: after(p, 'count'), derive: (rows) => [[rows.length]] },
    { name: 'summarize count', text: after(p, 'summarize n = count()'), derive: (rows) => [[rows.length]] },
    { name: 'twice', text: around(p, (q) => `let __T = materialize(${q});\nunion __T, __T`), derive: (rows) => [...rows, ...rows] },
    { name: 'none', text: after(p, 'where false'), derive: () => [] },
  ];
  // NaN is a value of its own for distinct, but no two of it are the same anywhere else.
  if (plain(p) && p.columns.every((c) => c.type !== 'real')) {
    out.push({ name: 'distinct', text: after(p, `distinct ${names(p)}`), derive: unique });
    out.push({ name: 'distinct *', text: after(p, 'distinct *'), derive: unique });
    out.push({ name: 'groups', text: after(p, `summarize __n = count() by ${names(p)}`), derive: counted });
    out.push({
      name: 'any of a group',
      text: after(
        p,
        `summarize take_any(${names(p)}) by ${p.columns.map((c, i) => `__g${i} = ${name(c.name)}`).join(', ')} | project ${names(p)}`,
      ),
      derive: unique,
    });
  }
  return out;
}

/** Replaces pieces of a text, the last first. */
function edited(source: string, edits: readonly { readonly node: Node; readonly to: string }[]): string {
  return [...edits]
    .sort((a, b) => b.node.TextStart - a.node.TextStart)
    .reduce((s, { node, to }) => s.slice(0, node.TextStart) + to + s.slice(node.TextStart + node.Width), source);
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (let i = 0; i < node.ChildCount; i++) {
    const item = node.GetChild(i);
    if (item) walk(item, visit);
  }
}

/** Ways that change the inside of a query. */
function inner(p: Parts): Variant[] {
  const found: Readonly<Record<string, Node[]>> = { DataTableExpression: [], FilterOperator: [], ExtendOperator: [] };
  walk(p.root, (node) => found[kindOf(node)]?.push(node));
  const slice = (node: Node) => p.text.slice(node.TextStart, node.TextStart + node.Width);
  const out: Variant[] = [];
  const change = (label: string, nodes: readonly Node[], to: (node: Node) => string | undefined) => {
    const edits = nodes.flatMap((node) => {
      const made = to(node);
      return made === undefined ? [] : [{ node, to: made }];
    });
    if (edits.length > 0) out.push({ name: label, text: edited(p.text, edits) });
  };
  const tables = found['DataTableExpression']!.filter((t) => kindOf(t.Parent!) !== 'FunctionCallExpression');
  change('source in brackets', tables, (t) => `(${slice(t)})`);
  change('source with a column more', tables, (t) => `(${slice(t)} | extend __p = 1 | project-away __p)`);
  if (tables.length > 0 && tables.every((t) => t.TextStart >= p.before.length))
    out.push({
      name: 'source by let',
      text: `${p.before}${tables.map((t, i) => `let __D${i} = ${slice(t)};\n`).join('')}${edited(
        p.text,
        tables.map((node, i) => ({ node, to: `__D${i}` })),
      ).slice(p.before.length)}`,
    });
  const conditions = found['FilterOperator']!.map((f) => need(f, 'Condition'));
  change('not not', conditions, (c) => `not(not(${slice(c)}))`);
  change('iff of a condition', conditions, (c) => `iff(${slice(c)}, true, false)`);
  change('condition or false', conditions, (c) => `(${slice(c)}) or false`);
  change('condition twice', conditions, (c) => `(${slice(c)}) and (${slice(c)})`);
  change('and in two', conditions, (c) =>
    kindOf(c) === 'AndExpression' ? `${slice(need(c, 'Left'))} | where ${slice(need(c, 'Right'))}` : undefined,
  );
  change('and the other way', conditions, (c) =>
    kindOf(c) === 'AndExpression' ? `(${slice(need(c, 'Right'))}) and (${slice(need(c, 'Left'))})` : undefined,
  );
  const values = found['ExtendOperator']!.flatMap((e) => list(e, 'Expressions')).flatMap((item) => {
    const expression = kindOf(item) === 'SimpleNamedExpression' ? child(item, 'Expression') : undefined;
    return expression && !/\b(prev|next|row_|rand|new_guid|now|series_(?:fit|stats|decompose|outliers))/.test(slice(expression))
      ? [expression]
      : [];
  });
  change('iff of a value', values, (v) => `iff(1 == 1, ${slice(v)}, ${slice(v)})`);
  change('value in brackets', values, (v) => `(${slice(v)})`);
  return out;
}

/** The variants of a query whose answer has these columns; none where its last statement is not a table. */
export function variantsOf(written: string, columns: readonly KqlColumn[]): Variant[] {
  const source = written.replace(/[\s;]+$/, '');
  const code = bind(source, EMPTY);
  const last = list(code.Syntax, 'Statements').at(-1)!;
  const expression = child(last, 'Expression');
  if (kindOf(last) !== 'ExpressionStatement' || !expression || !isTabular(expression)) return [];
  const from = expression.TextStart;
  const query = source.slice(from, from + expression.Width);
  // A comment at the end would swallow what is put behind it; render stands last or nowhere.
  if (/\/\/[^\n]*$/.test(source) || /\|\s*render\b/.test(query) || source.slice(from + expression.Width).trim() !== '') return [];
  const p: Parts = { text: source, before: source.slice(0, from), query, root: code.Syntax, columns };
  const whole = Object.entries(WHOLE).flatMap(([label, make]) => {
    const made = make(p);
    return made === undefined ? [] : [{ name: label, text: made }];
  });
  return [...whole, ...derived(p), ...inner(p)];
}
