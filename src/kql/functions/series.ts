import { hoist, type Scope } from '../context.ts';
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
    emit: ({ args }) => ({ sql: `kqlf_series_stats(${args[0]!.sql}, ${args[1]?.sql ?? 'false'})`, type: 'dynamic' }),
  },
  { name: 'series_fit_line_dynamic', takes: ['dynamic'], returns: 'dynamic', sql: 'kqlf_series_fit_line({0})' },
  ...(['sum', 'product', 'magnitude'] as const).map(
    (name): FunctionRow => ({ name: `series_${name}`, takes: ['dynamic'], returns: 'real', sql: `kqlf_series_reduce('${name}', {0})` }),
  ),
  {
    name: 'series_dot_product',
    takes: ['any', 'any'],
    returns: 'real',
    emit: ({ args, scope }) => ({
      sql: `kqlf_series_pair('dot_product', ${convert(scope, args[0]!, 'dynamic').sql}, ${convert(scope, args[1]!, 'dynamic').sql})`,
      type: 'real',
    }),
  },
  {
    name: 'series_pearson_correlation',
    takes: ['dynamic', 'dynamic'],
    returns: 'real',
    sql: "kqlf_series_pair('pearson_correlation', {0}, {1})",
  },
  {
    name: 'series_cosine_similarity',
    takes: ['dynamic', 'dynamic', 'real?', 'real?'],
    returns: 'real',
    emit: ({ args, scope }) => {
      const [a, b] = [hoist(scope, args[0]!.sql), hoist(scope, args[1]!.sql)];
      if (!args[2]) return { sql: `kqlf_series_pair('cosine_similarity', ${a}, ${b})`, type: 'real' };
      const second = args[3]?.sql ?? `kqlf_series_reduce('magnitude', ${b})`;
      return { sql: `kqlf_series_cosine(${a}, ${b}, ${args[2].sql}, ${second})`, type: 'real' };
    },
  },
  {
    name: 'series_decompose_forecast',
    takes: ['dynamic', 'long', 'long?', 'string?', 'real?'],
    returns: 'dynamic',
    // The documentation names avg as the trend by default; the engine fits a line.
    emit: ({ args }) => ({
      sql: `kqlf_series_decompose_forecast(${args[0]!.sql}, ${args[1]!.sql}, ${args[2]?.sql ?? '-1'}, ${args[3]?.sql ?? "'linefit'"}, ${args[4]?.sql ?? '0.6'}::DOUBLE)`,
      type: 'dynamic',
    }),
  },
  {
    name: 'series_seasonal',
    takes: ['dynamic', 'long?'],
    returns: 'dynamic',
    emit: ({ args }) => ({ sql: `kqlf_series_seasonal(${args[0]!.sql}, ${args[1]?.sql ?? '-1'})`, type: 'dynamic' }),
  },
  {
    name: 'series_outliers',
    takes: ['dynamic', 'string?', 'any?', 'real?', 'real?'],
    returns: 'dynamic',
    emit: ({ args, scope }) => ({
      sql: `kqlf_series_outliers(${args[0]!.sql}, ${args[1]?.sql ?? "'ctukey'"}, ${json(scope, args[2])}, ${args[3]?.sql ?? '10'}::DOUBLE, ${args[4]?.sql ?? '90'}::DOUBLE)`,
      type: 'dynamic',
    }),
  },
  ...[
    'series_fit_2lines',
    'series_fit_2lines_dynamic',
    'series_periods_detect',
    'series_periods_validate',
    'series_fft',
    'series_ifft',
  ].map((name): FunctionRow => ({ name, takes: ['any*'], returns: 'dynamic', refuse: UNSURE })),
];
