import type { RuntimeFunction } from './function-row.ts';
import { readSeries, writeReal, writeSeries } from './series.ts';

const NAME = 'series_fit_poly';
/** How much of the digits of the coefficients the powers of x may cost, whichever way they are computed: the square of this. */
const WORST = 1e5;

function stop(why: string): never {
  throw new Error(`${NAME} ${why} is not supported`);
}

function numbers(text: string): number[] | undefined {
  const series = readSeries(text);
  if (!series) return undefined;
  if (series.values.some((v) => v === null || !Number.isFinite(v))) stop('over nulls or infinite numbers');
  return series.values as number[];
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

/** Coefficients of least squares, lowest power first, by orthogonal columns (twice over, so that they are orthogonal to the last digit). */
function leastSquares(x: readonly number[], y: readonly number[], degree: number): number[] {
  const columns = Array.from({ length: degree + 1 }, (_, power) => x.map((v) => v ** power));
  const q: number[][] = [];
  const r: number[][] = [];
  for (const [k, column] of columns.entries()) {
    let rest = column;
    const shares = q.map(() => 0);
    for (let pass = 0; pass < 2; pass++)
      for (const [j, base] of q.entries()) {
        const share = dot(base, rest);
        shares[j]! += share;
        rest = rest.map((v, i) => v - share * base[i]!);
      }
    const [size, whole] = [Math.sqrt(dot(rest, rest)), Math.sqrt(dot(column, column))];
    if (!(size * WORST > whole)) stop('over such x, of which the powers are too much alike');
    q.push(rest.map((v) => v / size));
    r[k] = [...shares, size];
  }
  const out: number[] = Array.from({ length: degree + 1 }, () => 0);
  for (let k = degree; k >= 0; k--) {
    let value = dot(q[k]!, y);
    for (let j = k + 1; j <= degree; j++) value -= r[j]![k]! * out[j]!;
    out[k] = value / r[k]![k]!;
  }
  return out;
}

/** What series_fit_poly tells; with degree 1 the same as series_fit_line, but that places count from 1. */
function fit(yText: string, xText: string, degree: bigint): string | null {
  const y = numbers(yText);
  const x = xText === '' ? y?.map((_, i) => i + 1) : numbers(xText);
  if (!y || !x) return null;
  if (x.length !== y.length) stop('over series of other lengths');
  if (degree < 1n || degree > 20n || y.length < Number(degree) + 2 || y.every((v) => v === y[0]))
    stop('over a constant or very short series, or of such a degree');
  const powers = leastSquares(x, y, Number(degree));
  const line = x.map((v) => powers.reduceRight((sum, c) => sum * v + c, 0));
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const apart = y.map((v) => v - mean);
  const rest = y.map((v, i) => v - line[i]!);
  const [all, left] = [dot(apart, apart), dot(rest, rest)];
  const single = { rsquare: 1 - left / all, variance: all / (y.length - 1), rvariance: left / (y.length - 1) };
  const reals = Object.entries(single).map(([key, value]) => `"${key}":${writeReal(value)}`);
  return `{${reals.join(',')},"coefficients":${writeSeries(powers.reverse(), false)},"poly_fit":${writeSeries(line, false)}}`;
}

export const polynomialFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_series_fit_poly', takes: ['VARCHAR', 'VARCHAR', 'BIGINT'], returns: 'VARCHAR', call: fit },
];
