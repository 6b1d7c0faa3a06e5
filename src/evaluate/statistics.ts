/** A share with the interval that holds it in 95 of 100 cases. */
export interface Share {
  readonly of: number;
  readonly count: number;
  /** NaN where `of` is 0. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.959964;

/** Wilson's score interval: holds for small counts and shares near 0 and 1. */
export function wilson(count: number, of: number): Share {
  if (of === 0) return { of, count, value: Number.NaN, low: 0, high: 1 };
  const p = count / of;
  const centre = (p + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of);
  const half = (Z / (1 + Z ** 2 / of)) * Math.sqrt((p * (1 - p)) / of + Z ** 2 / (4 * of ** 2));
  return { of, count, value: p, low: count === 0 ? 0 : centre - half, high: count === of ? 1 : centre + half };
}

/** Exact-enough 95 % interval of a Poisson count (Byar's approximation). */
export function poissonInterval(count: number): readonly [number, number] {
  const bound = (n: number, z: number) => (n <= 0 ? 0 : n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3);
  return [bound(count, -Z), bound(count + 1, Z)];
}

/** Area under the precision-recall curve (average precision); `missed` are positives that no score was given to. */
export function averagePrecision(scored: readonly { readonly score: number; readonly positive: boolean }[], missed: number): number {
  const positives = scored.filter(({ positive }) => positive).length + missed;
  if (positives === 0) return Number.NaN;
  const sorted = [...scored].sort((a, b) => b.score - a.score);
  let area = 0;
  let found = 0;
  for (let at = 0; at < sorted.length; ) {
    // Equal scores are one point of the curve, whatever order they came in.
    let to = at;
    let here = 0;
    while (to < sorted.length && sorted[to]!.score === sorted[at]!.score) here += sorted[to++]!.positive ? 1 : 0;
    found += here;
    area += (here / positives) * (found / to);
    at = to;
  }
  return area;
}

/** Expected calibration error over ten equal bins: how far confidence and truth lie apart, weighed by the number of alerts. */
export function calibrationError(given: readonly { readonly confidence: number; readonly positive: boolean }[]): number {
  const known = given.filter(({ confidence }) => !Number.isNaN(confidence));
  if (known.length === 0) return Number.NaN;
  const bins = Array.from({ length: 10 }, () => ({ count: 0, confidence: 0, positive: 0 }));
  for (const { confidence, positive } of known) {
    const bin = bins[Math.min(9, Math.max(0, Math.floor(confidence * 10)))]!;
    bin.count++;
    bin.confidence += confidence;
    bin.positive += positive ? 1 : 0;
  }
  return bins.reduce((sum, { confidence, positive }) => sum + Math.abs(confidence - positive), 0) / known.length;
}

/** The value below which a share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}
