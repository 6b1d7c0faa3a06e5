import { type Binding, type Env, refuseRows, rowScope, type Scope } from '../context.ts';
import { declareLets } from '../expressions/user-function.ts';
import type { Relation } from '../relation.ts';
import { constantText } from '../scalar.ts';
import { child, isTabular, kindOf, list, type Node, nameOf, need } from '../tree/syntax.ts';

type Pattern = Extract<Binding, { readonly kind: 'pattern' }>;

export function patternOf(node: Node, env: Env): Pattern | undefined {
  const binding = kindOf(node) === 'FunctionCallExpression' ? env.get(nameOf(need(node, 'Name'))) : undefined;
  return binding?.kind === 'pattern' ? binding : undefined;
}

/** `app("X").Events`: the rows that declare pattern gives for these texts. */
export function patternRows(call: Node, path: Node | undefined, scope: Scope): Relation {
  const pattern = patternOf(call, scope.env);
  if (!pattern) return refuseRows(scope, call, nameOf(call));
  const name = nameOf(need(call, 'Name'));
  const texts = (nodes: readonly Node[]) => nodes.map((n) => constantText(scope.ctx.scalar(n, rowScope(scope.ctx, scope.env))));
  const given = texts(list(need(call, 'ArgumentList'), 'Expressions'));
  if (given.includes(undefined)) return refuseRows(scope, call, name, 'with a value that is not a constant');
  const wanted = JSON.stringify([given, path ? nameOf(path) : null]);
  const fits = (match: Node) => {
    const at = child(match, 'PathValue');
    const value = at && texts([need(at, 'Value')])[0];
    return JSON.stringify([texts(list(need(match, 'ParameterValues'), 'Expressions')), value ?? null]) === wanted;
  };
  const [match, ...more] = list(pattern.node, 'Patterns').filter(fits);
  const body = match && need(match, 'Body');
  const expression = body && child(body, 'Expression');
  if (!body || !expression || more.length > 0 || !isTabular(expression))
    return refuseRows(scope, call, name, 'with values to which the pattern gives no rows, or several');
  return scope.ctx.rows(expression, { ctx: scope.ctx, env: declareLets(list(body, 'Statements'), pattern.env), hoists: [] });
}
