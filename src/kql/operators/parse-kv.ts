import type { KqlType } from '../../core/kql-types.ts';
import { hoist, layered, newId, refuseRows, reject, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { quoteString } from '../quote.ts';
import type { Column, Relation } from '../relation.ts';
import { constantText } from '../scalar.ts';
import { child, declaredType, list, type Node, nameOf, need, parameters } from '../tree/syntax.ts';
import type { OperatorRow } from './row.ts';

interface Key {
  readonly name: string;
  readonly type: KqlType;
}

/** The text of each key: read in JavaScript with delimiters, or as the pairs that a regular expression finds. */
function texts(text: string, keys: readonly Key[], marks: ReadonlyMap<string, string>, row: Scope): string[] | string {
  const regex = marks.get('regex');
  if (regex !== undefined) {
    const all = (group: number) => hoist(row, `regexp_extract_all(${text}, ${quoteString(regex)}, ${group})`);
    const [names, values] = [all(1), all(2)];
    return keys.map((k) => `coalesce(${values}[nullif(list_position(${names}, ${quoteString(k.name)}), 0)], '')`);
  }
  const [pair, keyValue, quote, escaping] = ['pair_delimiter', 'kv_delimiter', 'quote', 'escape'].map((name) => marks.get(name));
  if ((pair ?? '') === '' ? keyValue !== undefined : !keyValue) return 'with one delimiter of the two';
  if ((quote?.length ?? 0) > 2 || (escaping?.length ?? 0) > 1) return 'a quote or escape of several characters';
  const greedy = marks.get('greedy') === 'true';
  const said = JSON.stringify({
    pair: pair ?? '',
    keyValue: keyValue ?? '',
    open: quote?.[0] ?? '',
    close: quote?.at(-1) ?? '',
    escape: escaping ?? '',
    greedy,
  });
  const wanted = JSON.stringify(keys.map((k) => k.name));
  const found = hoist(row, `kqlf_parse_kv(${text}, ${quoteString(wanted)}, ${quoteString(said)})`);
  return keys.map((_, i) => `coalesce(json_extract_string(${found}, '$[${i}]'), '')`);
}

function parseKv(node: Node, input: Relation, scope: Scope): Relation {
  const row = rowScope(scope.ctx, scope.env, input);
  const marks = new Map<string, string>();
  const clause = child(node, 'WithClause');
  for (const [name, value] of clause ? parameters(clause, 'Properties') : []) {
    const given = scope.ctx.scalar(value, rowScope(scope.ctx, scope.env));
    const known = given.type === 'bool' && given.constant ? String(given.constant.value) : constantText(given);
    if (known === undefined) return refuseRows(scope, node, `parse-kv ${name}`, 'a value that is not a text constant');
    marks.set(name, known);
  }
  const keys = list(need(node, 'Keys'), 'Columns').map(
    (c): Key => ({ name: nameOf(need(c, 'Name')), type: declaredType(need(c, 'Type')) ?? 'string' }),
  );
  const given = scope.ctx.scalar(need(node, 'Expression'), row);
  if (given.type !== 'string' && given.type !== 'dynamic') reject(scope, node, 'parse-kv', `parse-kv reads a string, not a ${given.type}`);
  const text = hoist(row, convert(row, given, 'string').sql);
  const found = texts(text, keys, marks, row);
  if (typeof found === 'string') return refuseRows(scope, node, 'parse-kv', found);
  const columns: Column[] = [...input.columns];
  const added = keys.map((key, i) => {
    const id = newId(scope.ctx);
    const value =
      key.type === 'dynamic'
        ? { sql: `kqlf_parse_json(${found[i]})` }
        : convert(row, { sql: hoist(row, found[i]!), type: 'string' }, key.type);
    const column: Column = { id, name: key.name, type: key.type };
    const at = columns.findIndex((c) => c.name === key.name);
    if (at >= 0) columns[at] = column;
    else columns.push(column);
    return `${value.sql} AS ${id}`;
  });
  return { ...input, columns, sql: `SELECT *${added.map((a) => `, ${a}`).join('')} FROM (${layered(row, input.sql)})` };
}

export const keyValues: readonly OperatorRow[] = [{ name: 'parse-kv', kinds: ['ParseKvOperator'], emit: parseKv }];
