/** The season of a series: which period it has, and what each phase of it amounts to. */

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Each place as the median of the places of its phase among the first `learned` ones. */
export function seasonOf(y: readonly number[], period: number, learned: number): number[] {
  const phases = Array.from({ length: Math.min(period, y.length) }, (_, phase) => {
    const points: number[] = [];
    for (let i = phase; i < learned; i += period) points.push(y[i]!);
    return median(points);
  });
  return y.map((_, i) => phases[i % period]!);
}

function detrended(y: readonly number[]): number[] {
  const mx = (y.length - 1) / 2;
  const my = y.reduce((a, b) => a + b, 0) / y.length;
  let sxy = 0;
  let sxx = 0;
  for (const [i, v] of y.entries()) {
    sxy += (i - mx) * (v - my);
    sxx += (i - mx) ** 2;
  }
  const slope = sxx === 0 ? 0 : sxy / sxx;
  return y.map((v, i) => v - my - slope * (i - mx));
}

/** How much a series resembles itself so many places later, for each lag up to one past half of its length. */
function autocorrelation(y: readonly number[]): number[] {
  const mean = y.reduce((a, b) => a + b, 0) / y.length;
  const d = y.map((v) => v - mean);
  const whole = d.reduce((sum, v) => sum + v * v, 0);
  const last = Math.min(y.length - 1, Math.floor(y.length / 2) + 1);
  return Array.from({ length: last + 1 }, (_, k) => {
    let sum = 0;
    for (let i = k; i < d.length; i++) sum += d[i]! * d[i - k]!;
    return whole === 0 ? 0 : sum / whole;
  });
}

interface Peak {
  readonly lag: number;
  /** How far it stands out of the valley that parts it from a higher one. */
  readonly prominence: number;
  /** Corrected for the points that a lag loses, by half and fully: the score lies between them. */
  readonly low: number;
  readonly high: number;
}

function peaksOf(y: readonly number[]): Peak[] {
  const r = autocorrelation(y);
  const n = y.length;
  const peaks: Peak[] = [];
  for (let lag = 2; lag < r.length - 1; lag++) {
    if (!(r[lag]! > r[lag - 1]! && r[lag]! >= r[lag + 1]!) || r[lag]! <= 0) continue;
    let valley = r[lag]!;
    for (let k = lag - 1; k > 0 && r[k]! <= r[lag]!; k--) valley = Math.min(valley, r[k]!);
    peaks.push({ lag, prominence: r[lag]! - valley, low: r[lag]! * Math.sqrt(n / (n - lag)), high: (r[lag]! * n) / (n - lag) });
  }
  return peaks;
}

/** Above `sure` a period is there, below `unlikely` there is none; between them Kusto's own score decides, which is not published. */
export interface Bounds {
  readonly sure: number;
  readonly unlikely: number;
}

/** The shortest series over which a period that was found has been compared with the engine's. */
const SHORTEST = 20;

/** The period that one view of a series shows; 0 = none, undefined = it cannot be told. */
function periodIn(y: readonly number[], { sure, unlikely }: Bounds): number | undefined {
  const half = y.length / 2;
  const hills = peaksOf(y).filter((p) => p.prominence >= 0.1 && p.high >= unlikely);
  // What repeats a stronger, shorter period says nothing of its own.
  const own = hills.filter((p) => !hills.some((q) => q.lag < p.lag && p.lag % q.lag === 0 && q.low >= p.low));
  const able = own.filter((p) => p.lag >= 4);
  // A period under 4 is too short to be found; whether its multiples are, is not known.
  if (able.length === 0) return hills.some((p) => p.lag >= 4 && p.lag < half) && own.length > 0 ? undefined : 0;
  const best = able.reduce((a, b) => (b.low > a.low ? b : a));
  const clear =
    y.length >= SHORTEST &&
    best.lag < half &&
    best.low >= sure &&
    best.prominence >= 0.3 &&
    own.every((p) => p === best || p.low <= best.low - 0.1);
  return clear ? best.lag : undefined;
}

/** Long series would take minutes: the work grows with the square of the length. */
const LONGEST = 20_000;

/**
 * The period of a series in points, 0 when it has none. Kusto searches from 4 points to half of the length; how it scores is not
 * published, so that only what every reading of it must find is answered, and the rest throws.
 */
export function detectPeriod(y: readonly number[], bounds: Bounds, name: string): number {
  if (y.length < 8 || y.every((v) => v === y[0])) return 0;
  const found = y.length > LONGEST ? undefined : [y, detrended(y)].map((view) => periodIn(view, bounds));
  if (found === undefined || found[0] === undefined || found[0] !== found[1])
    throw new Error(
      `${name} that must detect a period which the series does not clearly show or lack (give the period, or 0) is not supported`,
    );
  return found[0];
}
