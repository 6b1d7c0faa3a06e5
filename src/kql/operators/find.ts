import { layered, newId, refuseRows, rowScope, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { quoteString } from '../quote.ts';
import { type Column, findColumn, missing, type Relation } from '../relation.ts';
import { boundColumns, child, kindOf, list, type Node, nameOf, need, parameters } from '../tree/syntax.ts';
import { columnNames } from './filter.ts';
import { condition } from './search.ts';
import { combined, type Named, namedSources } from './union.ts';

const PACK = '\0pack';

/** What is not shown by itself goes into one bag. */
function packed({ name, relation }: Named, shown: ReadonlySet<string>, scope: Scope): Named {
  const row = rowScope(scope.ctx, scope.env, relation);
  const pairs = relation.columns
    .filter((c) => !shown.has(c.name))
    .map(
      (c) =>
        `${quoteString(`${JSON.stringify(c.name)}:`)} || coalesce(${convert(row, { sql: c.id, type: c.type }, 'dynamic').sql}, 'null')`,
    );
  const id = newId(scope.ctx);
  const bag = pairs.length > 0 ? `'{' || ${pairs.join(" || ',' || ")} || '}'` : "'{}'";
  const columns: Column[] = [...relation.columns, { id, name: PACK, type: 'dynamic' }];
  return { name, relation: { ...relation, columns, sql: `SELECT *, ${bag} AS ${id} FROM (${layered(row, relation.sql)})` } };
}

/** `find in (T1, T2) where condition`: rows of several tables, with the columns that the binder says and a bag of the rest. */
export function find(node: Node, scope: Scope): Relation {
  const { ctx } = scope;
  const refuse = (why: string) => refuseRows(scope, node, 'find', why);
  const within = child(node, 'InClause');
  const wanted = columnNames(need(node, 'Condition'));
  const all = within
    ? list(within, 'Expressions').flatMap((item, i) => namedSources(item, i, false, scope))
    : namedSources(undefined, 0, false, scope);
  const sources = all.filter((s) => wanted.length === 0 || wanted.some((name) => findColumn(s.relation, name)));
  if (sources.length === 0) return refuse('there is no table to search');
  const project = child(node, 'Project');
  const bound = boundColumns(node.ResultType) ?? [];
  if (project && list(project, 'Columns').some((c) => kindOf(c) === 'PackExpression')) return refuse('with pack() in project');
  const types = new Map<string, string>();
  for (const { relation } of sources)
    for (const { name, type } of relation.columns) {
      if ((types.get(name) ?? type) !== type) return refuse(`the column '${name}' has several types`);
      types.set(name, type);
    }
  const [source, ...shown] = bound;
  const bag = !project || list(project, 'Columns').length === 0 ? shown.find((c) => c.name === 'pack_') : undefined;
  const visible = new Set(shown.map((c) => c.name));
  const said = parameters(node).get('withsource');
  const label = said ? nameOf(said) : (source?.name ?? 'source_');
  const rows = combined(bag ? sources.map((s) => packed(s, visible, scope)) : sources, { inner: false, source: label }, scope);
  const row = rowScope(ctx, scope.env, rows);
  const searched = rows.columns.filter((c, i) => i > 0 && c.name !== PACK);
  const test = condition(need(node, 'Condition'), { row, columns: searched, exact: false });
  const added: string[] = [];
  const columns = shown.map((c): Column => {
    const found = findColumn(rows, c === bag ? PACK : c.name);
    if (found && (found.type === c.type || c === bag)) return { ...found, name: c.name };
    const id = newId(ctx);
    added.push(`${found ? convert(row, { sql: found.id, type: found.type }, c.type).sql : missing(c.type)} AS ${id}`);
    return { id, name: c.name, type: c.type };
  });
  const kept = `SELECT * FROM (${layered(row, rows.sql)}) WHERE ${test}`;
  return {
    ...rows,
    columns: [rows.columns[0]!, ...columns],
    sql: added.length > 0 ? `SELECT *, ${added.join(', ')} FROM (${kept})` : kept,
  };
}
