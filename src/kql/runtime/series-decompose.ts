import type { RuntimeFunction } from './function-row.ts';
import { readSeries, writeSeries } from './series.ts';
import { fitLine } from './series-numbers.ts';
import { type Bounds, detectPeriod, seasonOf } from './series-season.ts';

interface Parts {
  readonly baseline: readonly number[];
  readonly seasonal: readonly number[];
  readonly trend: readonly number[];
  readonly residual: readonly number[];
}
interface Wanted {
  readonly name: string;
  /** -1 = to be detected, 0 = none. */
  readonly period: number;
  readonly trend: string;
  /** Points at the end that are not learned from. */
  readonly test: number;
  readonly threshold: number;
}

/** The trend of what the season leaves, from the points that are learned from. */
const TRENDS: Readonly<Record<string, (learned: readonly number[], length: number) => number[]>> = {
  none: (_, length) => new Array<number>(length).fill(0),
  avg: (learned, length) => new Array<number>(length).fill(learned.reduce((a, b) => a + b, 0) / learned.length),
  linefit: (learned, length) => {
    const { slope, interception } = fitLine(learned);
    return Array.from({ length }, (_, i) => interception + slope * i);
  },
};

/** The score that Kusto asks of a period by default is 0.6; what lies near it is not decided here. */
function boundsFor(threshold: number): Bounds {
  return threshold === 0.6 ? { sure: 0.62, unlikely: 0.5 } : { sure: threshold + 0.05, unlikely: threshold - 0.15 };
}

function finite(text: string, name: string): number[] | undefined {
  const series = readSeries(text);
  if (!series) return undefined;
  if (series.values.length === 0) throw new Error(`${name} of an empty series is not supported`);
  if (series.values.some((v) => v === null || !Number.isFinite(v)))
    throw new Error(`${name} over nulls or infinite numbers is not supported`);
  return series.values as number[];
}

function decompose(y: readonly number[], wanted: Wanted): Parts {
  const { name, test } = wanted;
  const learned = y.length - test;
  if (test < 0 || learned < 1) throw new Error(`${name} with so many test points is not supported`);
  const trendOf = Object.hasOwn(TRENDS, wanted.trend) ? TRENDS[wanted.trend] : undefined;
  if (!trendOf) throw new Error(`${name} with a trend other than 'avg', 'linefit' and 'none' is not supported`);
  const period = wanted.period === -1 ? detectPeriod(y.slice(0, learned), boundsFor(wanted.threshold), name) : wanted.period;
  if (period < 0 || period > learned) throw new Error(`${name} with a period that does not fit into the series is not supported`);
  const seasonal = period === 0 ? y.map(() => 0) : seasonOf(y, period, learned);
  const rest = y.slice(0, learned).map((v, i) => v - seasonal[i]!);
  const trend = trendOf(rest, y.length);
  const baseline = seasonal.map((v, i) => v + trend[i]!);
  return { baseline, seasonal, trend, residual: y.map((v, i) => v - baseline[i]!) };
}

/** Between the two values at a place that is no whole number, in proportion. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

/**
 * Scores at the usual fences are made alike whichever quantiles they are laid by. Measured on the engine for 10 and 90; for other
 * quantiles the factor comes from an approximation of the normal distribution that is not published.
 */
const FENCES: readonly { readonly kind: string; readonly low: number; readonly high: number; readonly factor: number }[] = [
  { kind: 'ctukey', low: 10, high: 90, factor: 2.7726056055079145 },
  { kind: 'tukey', low: 25, high: 75, factor: 1 },
];

/** How far each value lies outside of the fences, 0 between them and for what is missing. */
function outliers(values: readonly (number | null)[], kind: string, low: number, high: number, name: string): number[] {
  const fence = FENCES.find((f) => f.kind === kind && (kind === 'tukey' || (f.low === low && f.high === high)));
  if (!fence) throw new Error(`${name} with another method than 'tukey', or 'ctukey' by the quantiles 10 and 90, is not supported`);
  const sorted = values.filter((v) => v !== null).sort((a, b) => a - b);
  const [bottom, top] = [quantile(sorted, fence.low / 100), quantile(sorted, fence.high / 100)];
  const largest = sorted.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const spread = top - bottom;
  if (spread <= largest * 1e-12 && sorted.some((v) => v < bottom || v > top))
    throw new Error(`${name} of values most of which are equal, so that the quantiles are, is not supported`);
  return values.map((v) => {
    if (v === null) return 0;
    return v > top ? ((v - top) / spread) * fence.factor : v < bottom ? ((v - bottom) / spread) * fence.factor : 0;
  });
}

function bag(series: Readonly<Record<string, string>>): string {
  return `{${Object.entries(series)
    .map(([key, value]) => `"${key}":${value}`)
    .join(',')}}`;
}
const reals = (values: readonly number[]) => writeSeries(values, false);

/** Season, trend and what is left; anomalies and forecasts that follow from them. */
export const decomposeFunctions: readonly RuntimeFunction[] = [
  {
    name: 'kqlf_series_decompose',
    takes: ['VARCHAR', 'BIGINT', 'VARCHAR', 'BIGINT', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, period: bigint, trend: string, test: bigint, threshold: number) => {
      const name = 'series_decompose';
      const y = finite(text, name);
      if (!y) return null;
      const parts = decompose(y, { name, period: Number(period), trend, test: Number(test), threshold });
      const { baseline, seasonal, residual } = parts;
      return bag({ baseline: reals(baseline), seasonal: reals(seasonal), trend: reals(parts.trend), residual: reals(residual) });
    },
  },
  {
    name: 'kqlf_series_decompose_anomalies',
    takes: ['VARCHAR', 'DOUBLE', 'BIGINT', 'VARCHAR', 'BIGINT', 'VARCHAR', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, limit: number, period: bigint, trend: string, test: bigint, method: string, threshold: number) => {
      const name = 'series_decompose_anomalies';
      const y = finite(text, name);
      if (!y) return null;
      const { baseline, residual } = decompose(y, { name, period: Number(period), trend, test: Number(test), threshold });
      const largest = y.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      if (residual.some((r) => r !== residual[0]) && residual.every((r) => Math.abs(r) <= largest * 1e-12))
        throw new Error(`${name} of a series that its baseline meets but for rounding is not supported`);
      const scores = outliers(residual, method, 10, 90, name);
      const flags = scores.map((s) => (s > limit ? 1 : s < -limit ? -1 : 0));
      return bag({ ad_flag: writeSeries(flags, true), ad_score: reals(scores), baseline: reals(baseline) });
    },
  },
  {
    name: 'kqlf_series_decompose_forecast',
    takes: ['VARCHAR', 'BIGINT', 'BIGINT', 'VARCHAR', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, points: bigint, period: bigint, trend: string, threshold: number) => {
      const name = 'series_decompose_forecast';
      const y = finite(text, name);
      return y ? reals(decompose(y, { name, period: Number(period), trend, test: Number(points), threshold }).baseline) : null;
    },
  },
  {
    name: 'kqlf_series_seasonal',
    takes: ['VARCHAR', 'BIGINT'],
    returns: 'VARCHAR',
    call: (text: string, period: bigint) => {
      const y = finite(text, 'series_seasonal');
      if (!y) return null;
      // Its threshold is said to be 0.7, yet the engine finds a period whose score lies between 0.65 and 0.74.
      const found = period === -1n ? detectPeriod(y, { sure: 0.64, unlikely: 0.5 }, 'series_seasonal') : Number(period);
      if (found > y.length) throw new Error('series_seasonal with a period that does not fit into the series is not supported');
      return reals(found <= 0 ? y.map(() => 0) : seasonOf(y, found, y.length));
    },
  },
  {
    name: 'kqlf_series_outliers',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR', 'DOUBLE', 'DOUBLE'],
    returns: 'VARCHAR',
    call: (text: string, kind: string, ignored: string, low: number, high: number) => {
      const series = readSeries(text);
      if (!series) return null;
      const gap = readSeries(`[${ignored}]`)?.values[0] ?? null;
      const values = series.values.map((v) => (v === gap ? null : v));
      if (values.some((v) => v !== null && !Number.isFinite(v))) throw new Error('series_outliers over infinite numbers is not supported');
      if (values.every((v) => v === null)) return reals(values.map(() => 0));
      return reals(outliers(values, kind, low, high, 'series_outliers'));
    },
  },
];
