import { hoist, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import type { Scalar } from '../scalar.ts';
import { boundType, kindOf } from '../tree/syntax.ts';
import type { Call, FunctionRow } from './row.ts';

function array(scope: Scope, items: readonly Scalar[]): string {
  const texts = items.map((item) => `coalesce(${convert(scope, item, 'dynamic').sql}, 'null')`);
  return `'[' || ${texts.join(" || ',' || ")} || ']'`;
}

function merge(name: string, fn: string): FunctionRow {
  const emit = ({ args, scope }: Call): Scalar => ({ sql: `${fn}(${array(scope, args)})`, type: 'dynamic' });
  return { name, takes: ['dynamic', 'dynamic*'], returns: 'dynamic', emit };
}

/** A value as a digest holds it: a time as its ticks. */
function rank(name: string, percent: boolean): FunctionRow {
  const emit = ({ args, scope }: Call): Scalar => {
    const value = args[1]!.type === 'dynamic' ? convert(scope, args[1]!, 'real') : args[1]!;
    return { sql: `kqlf_tdigest_rank(${args[0]!.sql}, (${value.sql})::VARCHAR, ${percent})`, type: 'real' };
  };
  return { name, takes: ['dynamic', 'any'], returns: 'real', emit };
}

/** The type that is asked for, or dynamic. */
function typed(call: Call, sql: string): Scalar {
  const value: Scalar = { sql, type: 'dynamic' };
  const type = boundType(call.node) ?? 'dynamic';
  return type === 'dynamic' ? value : convert(call.scope, { ...value, sql: hoist(call.scope, sql) }, type);
}

const isType = (call: Call, i: number) => kindOf(call.nodes[i]!) === 'TypeOfLiteralExpression';

/** Counts and quantiles of the sketches that hll() and tdigest() make. */
export const sketches: readonly FunctionRow[] = [
  { name: 'dcount_hll', takes: ['dynamic'], returns: 'long', sql: 'kqlf_hll_count({0})' },
  merge('hll_merge', 'kqlf_hll_merge'),
  merge('tdigest_merge', 'kqlf_tdigest_merge'),
  merge('merge_tdigest', 'kqlf_tdigest_merge'),
  rank('rank_tdigest', false),
  rank('percentrank_tdigest', true),
  {
    name: 'percentile_tdigest',
    takes: ['dynamic', 'real', 'any?'],
    returns: 'bound',
    emit: (call) => typed(call, `nullif(kqlf_tdigest_percentile(${call.args[0]!.sql}, ${call.args[1]!.sql}), 'null')`),
  },
  {
    name: 'percentiles_array_tdigest',
    takes: ['dynamic', 'any', 'any*'],
    returns: 'dynamic',
    emit: (call) => {
      const shares = call.args.slice(1).filter((_, i) => !isType(call, i + 1));
      const list = shares.length === 1 && shares[0]!.type === 'dynamic' ? shares[0]!.sql : array(call.scope, shares);
      return { sql: `kqlf_tdigest_percentiles(${call.args[0]!.sql}, ${list})`, type: 'dynamic' };
    },
  },
];
