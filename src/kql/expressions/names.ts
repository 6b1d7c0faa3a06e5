import { type Binding, hoist, refuse, reject, type Scope } from '../context.ts';
import { pathText } from '../convert.ts';
import { tupleOf } from '../functions/tuples.ts';
import { findColumn, type Relation } from '../relation.ts';
import { nullOf, type Scalar } from '../scalar.ts';
import { literalOf } from '../tree/literal.ts';
import { bare, kindOf, type Node, nameOf, need, symbolKind } from '../tree/syntax.ts';
import { inlineCall } from './user-function.ts';

/** A name: a column of the row, or what a let statement, a parameter or a function's argument bound it to. */
export function nameReference(node: Node, scope: Scope): Scalar {
  const name = nameOf(node);
  const kind = symbolKind(node);
  const binding = scope.env.get(name);
  if (!(binding && /Variable|Parameter|Function/.test(kind))) {
    const column = scope.rows && findColumn(scope.rows, name);
    if (column) return { sql: column.id, type: column.type };
    if (scope.aggregates) {
      const inner = scope.aggregates.inner.rows;
      if (inner && findColumn(inner, name)) return reject(scope, node, name, `'${name}' is neither an aggregate nor a key of by`);
    }
  }
  if (binding) return bound(node, name, binding, scope);
  if (/Function/.test(kind)) return inlineCall(node, scope);
  if (/Parameter/.test(kind)) return refuse(scope, node, name, 'a name of declare pattern inside of it');
  return reject(scope, node, name, `the name '${name}' does not refer to any known column, table, variable or function`);
}

function bound(node: Node, name: string, binding: Binding, scope: Scope): Scalar {
  switch (binding.kind) {
    case 'value':
      return binding.value;
    case 'scalar':
      return scope.ctx.scalar(binding.node, { ...scope, env: binding.env, rows: undefined, sides: undefined });
    case 'function':
      return inlineCall(node, scope);
    default:
      return refuse(scope, node, name, 'a table where a value is expected');
  }
}

/** Whether a subquery reads a value that an argument bound to the row around it: no engine runs it once for each row. */
export function dependsOnRow(relation: Relation, scope: Scope): boolean {
  for (const binding of scope.env.values()) {
    if (binding.kind !== 'value' || binding.value.constant) continue;
    const ids = binding.value.sql.match(/\b[a-rt-z]\d+\b/g) ?? [];
    if (ids.some((id) => new RegExp(`\\b${id}\\b`).test(relation.sql))) return true;
  }
  return false;
}

/** `a.b[0]["c"]`: constant steps are read in one path; a step that is computed is read by itself. */
export function pathExpression(node: Node, scope: Scope): Scalar {
  const inner = need(node, 'Expression');
  if (scope.sides && kindOf(inner) === 'NameReference' && /^\$(left|right)$/.test(nameOf(inner))) {
    const side = nameOf(inner) === '$left' ? scope.sides.left : scope.sides.right;
    const column = findColumn(side, nameOf(need(node, 'Selector')));
    if (!column)
      return reject(scope, node, nameOf(need(node, 'Selector')), `no column '${nameOf(need(node, 'Selector'))}' on that side of the join`);
    return { sql: column.id, type: column.type };
  }
  if (scope.states && kindOf(inner) === 'NameReference' && kindOf(need(node, 'Selector')) === 'NameReference') {
    const state = scope.states(nameOf(inner), nameOf(need(node, 'Selector')));
    if (state) return state;
  }
  const several = tupleOf(inner, scope);
  const place = several && constantStep(need(node, 'Selector'));
  if (several && typeof place === 'number') return several[place] ?? nullOf('dynamic');
  const base = scope.ctx.scalar(inner, scope);
  if (base.type !== 'dynamic') return refuse(scope, node, '[]', `a path into a value of type ${base.type}`);
  const step = constantStep(need(node, 'Selector'));
  if (step !== undefined) {
    const steps = base.path ? [...base.path.steps, step] : [step];
    const root = base.path ? base.path.base : hoistPath(scope, base.sql);
    return { sql: `kql_path(${root}, ${pathText(steps)})`, type: 'dynamic', path: { base: root, steps } };
  }
  const index = scope.ctx.scalar(need(need(node, 'Selector'), 'Expression'), scope);
  const whole = hoist(scope, base.sql);
  const key = hoist(scope, index.sql);
  if (index.type === 'string') return { sql: `kql_get(${whole}, ${key})`, type: 'dynamic' };
  if (index.type === 'int' || index.type === 'long') return { sql: `kql_at(${whole}, ${key})`, type: 'dynamic' };
  if (index.type === 'dynamic')
    return {
      sql: `CASE WHEN (${key})[1] = '"' THEN kql_get(${whole}, kql_dynamic_text(${key})) ELSE kql_at(${whole}, kql_long_of_dynamic(${key})) END`,
      type: 'dynamic',
    };
  return refuse(scope, node, '[]', `an index of type ${index.type}`);
}

function hoistPath(scope: Scope, sql: string): string {
  return scope.rows ? hoist(scope, sql) : sql;
}

function constantStep(selector: Node): string | number | undefined {
  if (kindOf(selector) === 'NameReference') return nameOf(selector);
  if (kindOf(selector) !== 'BracketedExpression') return undefined;
  let inside = bare(need(selector, 'Expression'));
  let sign = 1;
  if (kindOf(inside) === 'UnaryMinusExpression') {
    inside = bare(need(inside, 'Expression'));
    sign = -1;
  }
  const literal = literalOf(inside);
  if (literal?.type === 'string') return String(literal.value);
  if ((literal?.type === 'long' || literal?.type === 'int') && literal.value !== null) {
    const index = sign * Number(literal.value);
    return Math.abs(index) < 2 ** 31 ? index : undefined;
  }
  return undefined;
}
