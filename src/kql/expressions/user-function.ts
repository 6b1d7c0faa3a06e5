import type { KustoList, KustoSymbol } from '../binder/shapes.ts';
import { alone, type Binding, type Env, hoist, refuse, reject, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Relation } from '../relation.ts';
import type { Scalar } from '../scalar.ts';
import { boundColumns, child, isTabular, kindOf, list, type Node, nameOf, need, typeFromName } from '../tree/syntax.ts';

interface Parameter extends KustoSymbol {
  readonly DeclaredTypes: KustoList<KustoSymbol> & { readonly [index: number]: KustoSymbol };
  readonly DefaultValue: Node | null;
}

interface Body {
  readonly scope: Scope;
  readonly expression: Node;
  readonly leave: () => void;
}

/** A stored function or lambda called for a value: its body takes the place of the call. */
export function inlineCall(node: Node, scope: Scope): Scalar {
  const body = enter(node, scope);
  if (!body) return refuse(scope, node, nameOf(node), 'this function cannot be resolved here');
  try {
    return scope.ctx.scalar(body.expression, body.scope);
  } finally {
    body.leave();
  }
}

/** The same for a function that gives a table; with invoke its first argument is what comes down the pipe. */
export function inlineRows(node: Node, scope: Scope, piped?: Relation): Relation | undefined {
  const body = enter(node, { ...scope, hoists: [] }, piped);
  if (!body) return undefined;
  try {
    return scope.ctx.rows(body.expression, { ctx: scope.ctx, env: body.scope.env, hoists: [] });
  } finally {
    body.leave();
  }
}

function enter(node: Node, scope: Scope, piped?: Relation): Body | undefined {
  const { ctx } = scope;
  const body = node.GetCalledFunctionBody?.();
  if (!body || ctx.depth > 60) return undefined;
  const name = nameOf(child(node, 'Name') ?? node);
  const binding = scope.env.get(name);
  const stored = binding?.kind === 'function' ? undefined : ctx.catalog.functions.get(name);
  const outer = binding?.kind === 'function' ? binding.env : ctx.rootEnv;
  const given = new Map<string, Binding>();
  bindArguments(node, scope, given, piped);
  // A function without parameters sees the same names at each call: what is computed once for them is computed once for all calls.
  const env = given.size > 0 ? new Map([...outer, ...given]) : outer;
  const origin = ctx.origin;
  if (stored) ctx.origin = { text: stored.text, file: stored.file ?? stored.name };
  ctx.depth += 1;
  const leave = () => {
    ctx.origin = origin;
    ctx.depth -= 1;
  };
  const inner = declareLets(list(body, 'Statements'), env);
  return { scope: { ...scope, env: inner, rows: undefined, sides: undefined }, expression: need(body, 'Expression'), leave };
}

function bindArguments(node: Node, scope: Scope, env: Map<string, Binding>, piped: Relation | undefined): void {
  const symbol = node.ReferencedSymbol as unknown as { Signatures?: KustoList<{ Parameters: KustoList<Parameter> }> } | null;
  const declared = symbol?.Signatures?.getItem(0).Parameters;
  const given = list(child(node, 'ArgumentList'), 'Expressions');
  const named = new Map(
    given.filter((a) => kindOf(a) === 'SimpleNamedExpression').map((a) => [nameOf(need(a, 'Name')), need(a, 'Expression')]),
  );
  let optional: string | undefined;
  for (let i = 0; i < (declared?.Count ?? 0); i++) {
    const parameter = declared!.getItem(i);
    if (env.has(parameter.Name)) reject(scope, node, nameOf(node), `two parameters have the name '${parameter.Name}'`);
    if (parameter.DefaultValue) optional = parameter.Name;
    else if (optional !== undefined)
      refuse(
        scope,
        node,
        nameOf(node),
        `its parameter '${parameter.Name}' has no default value but stands behind '${optional}', which has one`,
      );
    if (piped && i === 0) {
      env.set(parameter.Name, { kind: 'relation', relation: piped });
      continue;
    }
    const at = given[piped ? i - 1 : i];
    const positional = at && kindOf(at) !== 'SimpleNamedExpression' ? at : undefined;
    const argument = named.get(parameter.Name) ?? positional ?? parameter.DefaultValue ?? undefined;
    if (!argument) continue;
    const types = parameter.DeclaredTypes;
    const type = types.Count > 0 ? types.getItem(0) : undefined;
    if (isTabular(argument) || (type && boundColumns(type as never))) {
      env.set(parameter.Name, { kind: 'tabular', node: argument, env: scope.env });
      continue;
    }
    const target = typeFromName(type?.Name);
    const valueIn = (own: Scope): Scalar => {
      const value = own.ctx.scalar(argument, own);
      return target ? convert(own, value, target) : value;
    };
    const value = scope.rows || scope.sides ? rowValue(scope, valueIn(scope)) : alone(scope, valueIn);
    env.set(parameter.Name, { kind: 'value', value });
  }
}

function rowValue(scope: Scope, value: Scalar): Scalar {
  return scope.rows && !value.constant ? { ...value, sql: hoist(scope, value.sql) } : value;
}

/** Adds let statements to the names that are seen; each sees those before it. */
export function declareLets(statements: readonly Node[], start: Env): Env {
  let env = start;
  for (const statement of statements) {
    const pattern = kindOf(statement) === 'PatternStatement' ? child(statement, 'Pattern') : undefined;
    if (pattern) env = new Map(env).set(nameOf(need(statement, 'Name')), { kind: 'pattern', node: pattern, env });
    if (kindOf(statement) !== 'LetStatement') continue;
    const expression = need(statement, 'Expression');
    const kind = kindOf(expression) === 'FunctionDeclaration' ? 'function' : isTabular(expression) ? 'tabular' : 'scalar';
    env = new Map(env).set(nameOf(need(statement, 'Name')), { kind, node: expression, env });
  }
  return env;
}
