import type { RuntimeFunction } from './functions.ts';
import { isNumber, type Json, parseJson, writeJson } from './json.ts';

/** A series as Kusto types it: longs when every number in it is one, else reals; what is no number is null. */
export interface Series {
  readonly whole: boolean;
  readonly values: readonly (number | null)[];
}

export function readSeries(text: string): Series | undefined {
  const items = parseJson(text);
  if (!Array.isArray(items)) return undefined;
  const numbers = items.filter((item) => item !== null && isNumber(item));
  return { whole: numbers.length > 0 && numbers.every((n) => /^-?\d+$/.test(n.number)), values: items.map(numberOf) };
}

function numberOf(item: Json): number | null {
  if (item === null || item === undefined) return null;
  if (isNumber(item)) return Number(item.number);
  return item === 'NaN' ? Number.NaN : item === 'Infinity' ? Infinity : item === '-Infinity' ? -Infinity : null;
}

export function writeReal(value: number | null): string {
  if (value === null) return 'null';
  if (Number.isNaN(value)) return '"NaN"';
  if (!Number.isFinite(value)) return value < 0 ? '"-Infinity"' : '"Infinity"';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

export function writeSeries(values: readonly (number | null)[], whole: boolean): string {
  return `[${values.map((v) => (v !== null && whole && Number.isSafeInteger(v) ? String(v === 0 ? 0 : v) : writeReal(v))).join(',')}]`;
}

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  abs: Math.abs,
  acos: Math.acos,
  asin: Math.asin,
  atan: Math.atan,
  ceiling: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  sign: Math.sign,
  sin: Math.sin,
  tan: Math.tan,
};
/** Those whose answer for longs is long. */
const KEEPS_WHOLE: ReadonlySet<string> = new Set(['abs', 'sign']);

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  pow: (a, b) => a ** b,
};
const COMPARISON: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  equals: (a, b) => a === b,
  not_equals: (a, b) => a !== b,
  greater: (a, b) => a > b,
  greater_equals: (a, b) => a >= b,
  less: (a, b) => a < b,
  less_equals: (a, b) => a <= b,
};
export const UNARY_NAMES = Object.keys(UNARY);
export const BINARY_NAMES = [...Object.keys(ARITHMETIC), ...Object.keys(COMPARISON)];

function elementwise(name: string, left: Series, right: Series): string {
  const size = Math.max(left.values.length, right.values.length);
  const pairs = Array.from({ length: size }, (_, i) => [left.values[i] ?? null, right.values[i] ?? null] as const);
  const compare = COMPARISON[name];
  if (compare) return `[${pairs.map(([a, b]) => (a === null || b === null ? 'null' : compare(a, b))).join(',')}]`;
  const whole = left.whole && right.whole && name !== 'divide' && name !== 'pow';
  const values = pairs.map(([a, b]) => (a === null || b === null ? null : ARITHMETIC[name]!(a, b)));
  if (whole && values.some((v) => v !== null && !Number.isSafeInteger(v))) throw new Error(`series_${name} beyond 2^53 is not supported`);
  return writeSeries(values, whole);
}

/** Both arguments as series; a number stands for a series of the other's length. */
export function couple(a: string, b: string): [Series, Series] | undefined {
  const [left, right] = [readSeries(a), readSeries(b)];
  if (left && right) return [left, right];
  const [first, second] = [readSeries(`[${a}]`), readSeries(`[${b}]`)];
  const spread = (one: Series | undefined, like: Series): Series | undefined =>
    one && one.values.length === 1 && one.values[0] !== null
      ? { whole: one.whole, values: like.values.map(() => one.values[0]!) }
      : undefined;
  const l = left ?? (right && spread(first, right));
  const r = right ?? (left && spread(second, left));
  return l && r ? [l, r] : undefined;
}

/** Items that are missing (null, or the value that says so) take the last known one, from either end. */
function fill(items: readonly Json[], placeholder: Json, backward: boolean): Json[] {
  const out = [...items];
  const gap = (item: Json) => writeJson(item) === writeJson(placeholder);
  let last: Json | undefined;
  for (let n = 0; n < out.length; n++) {
    const i = backward ? out.length - 1 - n : n;
    if (!gap(out[i]!)) last = out[i]!;
    else if (last !== undefined) out[i] = last;
  }
  return out;
}

function fillLinear(series: Series, placeholder: number | null, edges: boolean, otherwise: number): string {
  const known = series.values.map((v) => (v === null || v === placeholder ? null : v));
  const at = known.flatMap((v, i) => (v === null ? [] : [i]));
  if (at.length === 0)
    return writeSeries(
      known.map(() => otherwise),
      false,
    );
  const out = known.map((v, i) => {
    if (v !== null) return v;
    const after = at.find((j) => j > i);
    const before = at.findLast((j) => j < i);
    if (before === undefined || after === undefined) return edges ? known[(before ?? after)!]! : null;
    const [a, b] = [known[before]!, known[after]!];
    const value = a + ((b - a) * (i - before)) / (after - before);
    return series.whole ? Math.trunc(value) : value;
  });
  return writeSeries(out, series.whole);
}

function plain(series: Series, name: string): number[] {
  if (series.values.includes(null)) throw new Error(`${name} over a series with nulls is not supported`);
  return series.values as number[];
}

/** y[i] = (sum b[j] x[i-j] - sum a[j>0] y[i-j]) / a[0] */
function iir(x: readonly number[], b: readonly number[], a: readonly number[]): number[] {
  const y: number[] = [];
  for (let i = 0; i < x.length; i++) {
    let sum = 0;
    for (let j = 0; j < b.length && j <= i; j++) sum += b[j]! * x[i - j]!;
    for (let j = 1; j < a.length && j <= i; j++) sum -= a[j]! * y[i - j]!;
    y.push(sum / a[0]!);
  }
  return y;
}

function text(name: string, takes: RuntimeFunction['takes'], call: (...args: never[]) => string | null): RuntimeFunction {
  return { name, takes, returns: 'VARCHAR', call };
}

/** Functions over series: JSON arrays in, JSON out. */
export const seriesFunctions: readonly RuntimeFunction[] = [
  text('kqlf_series_unary', ['VARCHAR', 'VARCHAR'], (name: string, a: string) => {
    const series = readSeries(a);
    if (!series) return null;
    const whole = series.whole && KEEPS_WHOLE.has(name);
    return writeSeries(
      series.values.map((v) => (v === null ? null : UNARY[name]!(v))),
      whole,
    );
  }),
  text('kqlf_series_binary', ['VARCHAR', 'VARCHAR', 'VARCHAR'], (name: string, a: string, b: string) => {
    const both = couple(a, b);
    return both ? elementwise(name, ...both) : null;
  }),
  text('kqlf_series_fill', ['VARCHAR', 'VARCHAR', 'BOOLEAN'], (a: string, placeholder: string, backward: boolean) => {
    const items = parseJson(a);
    return Array.isArray(items) ? writeJson(fill(items, parseJson(placeholder) ?? null, backward)) : null;
  }),
  text('kqlf_series_fill_const', ['VARCHAR', 'VARCHAR', 'VARCHAR'], (a: string, value: string, placeholder: string) => {
    const items = parseJson(a);
    const [by, gap] = [parseJson(value) ?? null, writeJson(parseJson(placeholder) ?? null)];
    return Array.isArray(items) ? writeJson(items.map((item) => (writeJson(item) === gap ? by : item))) : null;
  }),
  text(
    'kqlf_series_fill_linear',
    ['VARCHAR', 'VARCHAR', 'BOOLEAN', 'DOUBLE'],
    (a: string, placeholder: string, edges: boolean, value: number) => {
      const series = readSeries(a);
      return series ? fillLinear(series, readSeries(`[${placeholder}]`)?.values[0] ?? null, edges, value) : null;
    },
  ),
  text('kqlf_series_iir', ['VARCHAR', 'VARCHAR', 'VARCHAR'], (x: string, b: string, a: string) => {
    const [input, up, down] = [readSeries(x), readSeries(b), readSeries(a)];
    if (!input || !up || !down || down.values.length === 0 || down.values[0] === 0) return null;
    return writeSeries(iir(plain(input, 'series_iir'), plain(up, 'series_iir'), plain(down, 'series_iir')), false);
  }),
  text(
    'kqlf_series_fir',
    ['VARCHAR', 'VARCHAR', 'BOOLEAN', 'BOOLEAN'],
    (x: string, filter: string, normalize: boolean, center: boolean) => {
      const [input, taps] = [readSeries(x), readSeries(filter)];
      if (!input || !taps || taps.values.length === 0) return null;
      const [values, weights] = [plain(input, 'series_fir'), plain(taps, 'series_fir')];
      if (normalize && weights.some((w) => w < 0)) return null;
      if (center && weights.length % 2 === 0) throw new Error('series_fir with an even filter and center is not supported');
      const total = normalize ? weights.reduce((sum, w) => sum + w, 0) : 1;
      const shift = center ? (weights.length - 1) / 2 : 0;
      const out = values.map((_, i) => weights.reduce((sum, w, j) => sum + (w / total) * (values[i + shift - j] ?? 0), 0));
      return writeSeries(out, false);
    },
  ),
];
