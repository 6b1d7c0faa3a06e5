import { hoist, refuse, type Scope } from '../context.ts';
import { convert } from '../convert.ts';
import { BINARY_NAMES, UNARY_NAMES } from '../runtime/series.ts';
import type { Scalar } from '../scalar.ts';
import type { Call, FunctionRow } from './row.ts';

function json(scope: Scope, value: Scalar | undefined): string {
  return value ? `coalesce(${convert(scope, value, 'dynamic').sql}, 'null')` : "'null'";
}

function unary(name: string): FunctionRow {
  return { name: `series_${name}`, takes: ['dynamic'], returns: 'dynamic', sql: `kqlf_series_unary('${name}', {0})` };
}

function binary(name: string): FunctionRow {
  const emit = ({ args, scope }: Call): Scalar => ({
    sql: `kqlf_series_binary('${name}', ${convert(scope, args[0]!, 'dynamic').sql}, ${convert(scope, args[1]!, 'dynamic').sql})`,
    type: 'dynamic',
  });
  return { name: `series_${name}`, takes: ['any', 'any'], returns: 'dynamic', emit };
}

function fill(name: string, backward: boolean): FunctionRow {
  const emit = ({ args, scope }: Call): Scalar => ({
    sql: `kqlf_series_fill(${args[0]!.sql}, ${json(scope, args[1])}, ${backward})`,
    type: 'dynamic',
  });
  return { name, takes: ['dynamic', 'any?'], returns: 'dynamic', emit };
}

const UNSURE = 'its answer is not known exactly';

/** Functions over series of numbers: JSON arrays, computed in JavaScript. */
export const series: readonly FunctionRow[] = [
  ...UNARY_NAMES.map(unary),
  ...BINARY_NAMES.map(binary),
  fill('series_fill_forward', false),
  fill('series_fill_backward', true),
  {
    name: 'series_fill_const',
    takes: ['dynamic', 'any', 'any?'],
    returns: 'dynamic',
    emit: ({ args, scope }) => ({
      sql: `kqlf_series_fill_const(${args[0]!.sql}, ${json(scope, args[1])}, ${json(scope, args[2])})`,
      type: 'dynamic',
    }),
  },
  {
    name: 'series_fill_linear',
    takes: ['dynamic', 'any?', 'bool?', 'real?'],
    returns: 'dynamic',
    emit: ({ args, scope }) => ({
      sql: `kqlf_series_fill_linear(${args[0]!.sql}, ${json(scope, args[1])}, ${args[2]?.sql ?? 'true'}, ${args[3]?.sql ?? '0.0'}::DOUBLE)`,
      type: 'dynamic',
    }),
  },
  { name: 'series_iir', takes: ['dynamic', 'dynamic', 'dynamic'], returns: 'dynamic', sql: 'kqlf_series_iir({0}, {1}, {2})' },
  {
    name: 'series_fir',
    takes: ['dynamic', 'dynamic', 'bool?', 'bool?'],
    returns: 'dynamic',
    emit: ({ args, scope }) => {
      const taps = hoist(scope, args[1]!.sql);
      const normalize = args[2]?.sql ?? `NOT contains(${taps}, '-')`;
      return { sql: `kqlf_series_fir(${args[0]!.sql}, ${taps}, ${normalize}, ${args[3]?.sql ?? 'false'})`, type: 'dynamic' };
    },
  },
  {
    name: 'series_stats_dynamic',
    takes: ['dynamic', 'bool?'],
    returns: 'dynamic',
    emit: ({ args, node, scope }) =>
      args[1]
        ? refuse(scope, node, 'series_stats_dynamic', 'with ignore_nonfinite')
        : { sql: `kqlf_series_stats(${args[0]!.sql})`, type: 'dynamic' },
  },
  { name: 'series_fit_line_dynamic', takes: ['dynamic'], returns: 'dynamic', sql: 'kqlf_series_fit_line({0})' },
  ...(['sum', 'product', 'magnitude'] as const).map(
    (name): FunctionRow => ({ name: `series_${name}`, takes: ['dynamic'], returns: 'real', sql: `kqlf_series_reduce('${name}', {0})` }),
  ),
  ...(['dot_product', 'cosine_similarity', 'pearson_correlation'] as const).map(
    (name): FunctionRow => ({
      name: `series_${name}`,
      takes: ['dynamic', 'dynamic'],
      returns: 'real',
      sql: `kqlf_series_pair('${name}', {0}, {1})`,
    }),
  ),
  ...[
    'series_fit_2lines',
    'series_fit_2lines_dynamic',
    'series_periods_detect',
    'series_periods_validate',
    'series_outliers',
    'series_fft',
    'series_ifft',
    'series_fit_poly',
  ].map((name): FunctionRow => ({ name, takes: ['any*'], returns: 'dynamic', refuse: UNSURE })),
];
