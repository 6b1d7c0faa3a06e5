import { layered, newId, placeOf, refuseRows, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Column, Relation } from '../relation.ts';
import { constantText } from '../scalar.ts';
import { child, declaredType, list, type Node, nameOf, need, parameters } from '../tree/syntax.ts';

const INSTEAD =
  'Load the file before with `factorwatch import FILE --table NAME_CL` and read NAME_CL, or with `factorwatch import --watchlist ALIAS FILE.csv` and read _GetWatchlist("ALIAS")';

/** externaldata over files of this machine, where a setting names the folders that may be read. */
export function externalData(node: Node, scope: Scope): Relation {
  const { ctx } = scope;
  const refuse = (why: string) => refuseRows(scope, node, 'externaldata', why);
  if (!ctx.options.externalData)
    return refuse(
      `a query reads no file and no network. ${INSTEAD}; or let external_data of an embedded target name the folders that queries may read`,
    );
  const free = rowScope(ctx, scope.env);
  const paths = list(node, 'URIs').map((uri) => constantText(ctx.scalar(uri, free)));
  if (paths.includes(undefined)) return refuse('with a path that is not a constant');
  if (paths.some((path) => /^[a-z][a-z0-9+.-]*:\/\//i.test(path!)))
    return refuse('a query reads no network. Save the file below a folder of external_data and write its path instead of the address');
  const said = new Map<string, string>();
  const clause = child(node, 'WithClause');
  for (const [name, value] of clause ? parameters(clause, 'Properties') : []) {
    const constant = ctx.scalar(value, free).constant?.value;
    if (constant === undefined || constant === null || !/^(format|ignorefirstrecord)$/i.test(name)) return refuse(`with ${name}`);
    said.set(name.toLowerCase(), String(constant).toLowerCase());
  }
  const fields = list(need(node, 'Schema'), 'Columns').map((c) => ({
    id: newId(ctx),
    name: nameOf(need(c, 'Name')),
    type: declaredType(need(c, 'Type')) ?? 'string',
  }));
  const parameter = `__external_${ctx.external.length + 1}`;
  ctx.external.push({
    parameter,
    paths: paths as string[],
    columns: fields.map((f) => f.name),
    format: said.get('format'),
    ignoreFirstRecord: said.get('ignorefirstrecord') === 'true',
    ...placeOf(ctx, node),
  });
  const [rows, row, place] = [newId(ctx, 'x'), newId(ctx, 'x'), newId(ctx)];
  const inner = rowScope(ctx, scope.env);
  const columns: Column[] = fields;
  const values = fields.map((f, i) => {
    const text = { sql: `${row}[${i + 1}]`, type: 'string' as const };
    if (f.type === 'string') return `coalesce(${text.sql}, '') AS ${f.id}`;
    return `${f.type === 'dynamic' ? `kqlf_parse_json(${text.sql})` : convert(inner, text, f.type).sql} AS ${f.id}`;
  });
  const texts = `SELECT from_json($${parameter}, '[["VARCHAR"]]') AS ${rows}`;
  const each = `SELECT unnest(${rows}) AS ${row}, unnest(range(len(${rows}))) AS ${place} FROM (${texts})`;
  return {
    sql: `SELECT ${values.join(', ')}, ${place} FROM (${layered(inner, each)})`,
    columns,
    order: [{ id: place, desc: false, nullsFirst: true }],
    serialized: false,
    sorted: false,
  };
}
