import type { RuntimeFunction } from './functions.ts';
import { couple, readSeries, writeReal, writeSeries } from './series.ts';

function numbers(text: string, name: string): number[] | undefined {
  const series = readSeries(text);
  if (!series) return undefined;
  if (series.values.includes(null)) throw new Error(`${name} over a series with nulls is not supported`);
  return series.values as number[];
}

const sum = (values: readonly number[]) => values.reduce((total, v) => total + v, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

/** Least squares over the places 0, 1, 2 ...: what series_fit_line tells. */
export function fitLine(y: readonly number[]) {
  const n = y.length;
  const mx = (n - 1) / 2;
  const my = mean(y);
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (const [i, v] of y.entries()) {
    sxx += (i - mx) ** 2;
    sxy += (i - mx) * (v - my);
    syy += (v - my) ** 2;
  }
  const slope = sxx === 0 ? 0 : sxy / sxx;
  const interception = my - slope * mx;
  const line = y.map((_, i) => interception + slope * i);
  const rest = y.map((v, i) => v - line[i]!);
  const residual = sum(rest.map((r) => (r - mean(rest)) ** 2));
  return {
    rsquare: syy === 0 ? 0 : 1 - residual / syy,
    slope,
    variance: syy / (n - 1),
    rvariance: residual / (n - 1),
    interception,
    line,
  };
}

/** min, max (with their places), avg, deviation of the numbers of a series. */
function stats(y: readonly number[]) {
  // Not by spreading: a series may be longer than a call has room for arguments.
  const min = y.reduce((a, b) => Math.min(a, b));
  const max = y.reduce((a, b) => Math.max(a, b));
  const avg = mean(y);
  const variance = y.length > 1 ? sum(y.map((v) => (v - avg) ** 2)) / (y.length - 1) : 0;
  return {
    min,
    min_idx: y.indexOf(min),
    max,
    max_idx: y.indexOf(max),
    avg,
    stdev: Math.sqrt(variance),
    variance,
    sum: sum(y),
    len: y.length,
  };
}

const WHOLE: ReadonlySet<string> = new Set(['min_idx', 'max_idx', 'len']);
function bag(entries: Record<string, number>): string {
  return `{${Object.entries(entries)
    .map(([key, value]) => `"${key}":${WHOLE.has(key) ? value : writeReal(value)}`)
    .join(',')}}`;
}

/** Functions that make numbers, or a bag of them, of a series. */
export const seriesNumberFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_series_stats',
    takes: ['VARCHAR', 'BOOLEAN'],
    returns: 'VARCHAR',
    call: (text: string, ignore: boolean) => {
      const series = readSeries(text);
      if (!series) return null;
      const finite = series.values.map((v) => (v !== null && Number.isFinite(v) ? v : undefined));
      const known = finite.filter((v) => v !== undefined);
      if (known.length < finite.length && !ignore) return null;
      if (known.length === 0) throw new Error('series_stats over no numbers is not supported');
      const found = stats(known);
      return bag({ ...found, min_idx: finite.indexOf(found.min), max_idx: finite.indexOf(found.max) });
    },
  },
  {
    name: 'kqlf_series_fit_line',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => {
      const y = numbers(text, 'series_fit_line');
      if (!y) return null;
      if (y.length < 3 || y.every((v) => v === y[0]))
        throw new Error('series_fit_line over a constant or very short series is not supported');
      const { line, ...rest } = fitLine(y);
      return `${bag(rest).slice(0, -1)},"line_fit":${writeSeries(line, false)}}`;
    },
  },
  {
    name: 'kqlf_series_reduce',
    takes: ['VARCHAR', 'VARCHAR'],
    returns: 'DOUBLE',
    call: (name: string, text: string) => {
      const y = numbers(text, `series_${name}`);
      if (!y || y.length === 0) return null;
      if (name === 'sum') return sum(y);
      if (name === 'product') return y.reduce((a, b) => a * b, 1);
      return Math.sqrt(sum(y.map((v) => v * v)));
    },
  },
  {
    name: 'kqlf_series_pair',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    returns: 'DOUBLE',
    call: (name: string, left: string, right: string) => {
      const both = couple(left, right);
      if (!both) return null;
      const [a, b] = both.map((series) => series.values);
      if (name === 'pearson_correlation') return pearson(a!, b!);
      const pairs = shared(a!, b!);
      if (pairs.length === 0) return null;
      if (name === 'dot_product') return sum(pairs.map(([x, y]) => x * y));
      if (pairs.length < Math.min(a!.length, b!.length))
        throw new Error('series_cosine_similarity over a series with nulls is not supported');
      return sum(pairs.map(([x, y]) => x * y)) / (norm(pairs.map(([x]) => x)) * norm(pairs.map(([, y]) => y)));
    },
  },
  {
    name: 'kqlf_series_cosine',
    takes: ['VARCHAR', 'VARCHAR', 'DOUBLE', 'DOUBLE'],
    returns: 'DOUBLE',
    call: (left: string, right: string, first: number, second: number) => {
      const [a, b] = [readSeries(left), readSeries(right)];
      const pairs = a && b ? shared(a.values, b.values) : [];
      return pairs.length === 0 ? null : sum(pairs.map(([x, y]) => x * y)) / (first * second);
    },
  },
];

const norm = (values: readonly number[]) => Math.sqrt(sum(values.map((v) => v * v)));

/** The places where both have a number, as far as the shorter one goes. */
function shared(a: readonly (number | null)[], b: readonly (number | null)[]): [number, number][] {
  const size = Math.min(a.length, b.length);
  return a.slice(0, size).flatMap((x, i): [number, number][] => (x === null || b[i] === null ? [] : [[x, b[i]!]]));
}

/** Null where the sizes differ or anything is no number. */
function pearson(a: readonly (number | null)[], b: readonly (number | null)[]): number | null {
  const pairs = shared(a, b);
  if (pairs.length === 0 || pairs.length < Math.max(a.length, b.length)) return null;
  const [mx, my] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  const [dx, dy] = [pairs.map(([x]) => x - mx), pairs.map(([, y]) => y - my)];
  return sum(dx.map((x, i) => x * dy[i]!)) / (norm(dx) * norm(dy));
}
