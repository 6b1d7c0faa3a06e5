import type { RuntimeFunction } from './function-row.ts';

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of gamma, by Lanczos (g = 7), for positive numbers. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = LANCZOS.slice(1).reduce((a, c, i) => a + c / (x + i), LANCZOS[0]!);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

function gamma(x: number): number {
  if (!(x > 0)) throw new Error('gamma of what is not above zero is not supported');
  if (Number.isInteger(x) && x < 171) return Array.from({ length: x - 1 }, (_, i) => i + 1).reduce((a, b) => a * b, 1);
  return Math.exp(logGamma(x));
}

/** The complement of the error function for x >= 2, by a continued fraction; below, by the series. */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) return 1 - series(x);
  if (x > 27.3) return 0;
  let f = x;
  for (let k = 60; k > 0; k--) f = x + k / 2 / f;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * f);
}

function series(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 200 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= -(x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function erf(x: number): number {
  return Math.abs(x) < 2.5 ? series(x) : 1 - erfc(x);
}

/** The regularised incomplete beta function, by Lentz's continued fraction. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const tiny = 1e-300;
  const safe = (v: number) => (Math.abs(v) < tiny ? tiny : v);
  let [c, d, f] = [1, 1 / safe(1 - ((a + b) * x) / (a + 1)), 0];
  f = d;
  for (let m = 1; m < 3000; m++) {
    for (const step of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / safe(1 + step * d);
      c = safe(1 + step / c);
      f *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * f;
}

function inverseBeta(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 200 && high > low; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The chance, on both sides, of means at least as far apart when the two series have the same one (Welch's t-test). */
function welch(mean1: number, variance1: number, count1: number, mean2: number, variance2: number, count2: number): number {
  const [a, b] = [variance1 / count1, variance2 / count2];
  const freedom = (a + b) ** 2 / (a ** 2 / (count1 - 1) + b ** 2 / (count2 - 1));
  const t = (mean1 - mean2) / Math.sqrt(a + b);
  if (!(count1 > 1 && count2 > 1 && a >= 0 && b >= 0 && a + b > 0))
    throw new Error('welch_test of such counts or variances is not supported');
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** What the engine says of parameters that are none: `first` when alpha is below zero. */
function beta(alpha: number, b: number, first: number, value: () => number | null): number | null {
  if (alpha < 0 && b > 0) return first;
  if (!(alpha > 0 && b > 0)) throw new Error('a beta distribution with such parameters is not supported');
  return value();
}

export const specialFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_gamma', takes: ['DOUBLE'], returns: 'DOUBLE', call: gamma },
  {
    name: 'kqlf_loggamma',
    takes: ['DOUBLE'],
    returns: 'DOUBLE',
    call: (x: number) => {
      if (!(x > 0)) throw new Error('loggamma of what is not above zero is not supported');
      return x === 1 || x === 2 ? 0 : logGamma(x);
    },
  },
  { name: 'kqlf_erf', takes: ['DOUBLE'], returns: 'DOUBLE', call: (x: number) => (Number.isNaN(x) ? x : erf(x)) },
  { name: 'kqlf_erfc', takes: ['DOUBLE'], returns: 'DOUBLE', call: (x: number) => (Number.isNaN(x) ? x : erfc(x)) },
  {
    name: 'kqlf_beta_cdf',
    takes: ['DOUBLE', 'DOUBLE', 'DOUBLE'],
    returns: 'DOUBLE',
    call: (x: number, a: number, b: number) => (x >= 0 && x <= 1 ? beta(a, b, 1, () => incompleteBeta(x, a, b)) : Number.NaN),
  },
  {
    name: 'kqlf_beta_inv',
    takes: ['DOUBLE', 'DOUBLE', 'DOUBLE'],
    returns: 'DOUBLE',
    call: (p: number, a: number, b: number) => (p >= 0 && p <= 1 ? beta(a, b, Number.NaN, () => inverseBeta(p, a, b)) : null),
  },
  {
    name: 'kqlf_beta_pdf',
    takes: ['DOUBLE', 'DOUBLE', 'DOUBLE'],
    returns: 'DOUBLE',
    call: (x: number, a: number, b: number) =>
      x >= 0 && x <= 1
        ? beta(a, b, Number.NaN, () => {
            if (x === 0 || x === 1) throw new Error('beta_pdf at 0 or 1 is not supported');
            return Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
          })
        : Number.NaN,
  },
  {
    name: 'kqlf_welch',
    takes: ['DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'],
    returns: 'DOUBLE',
    call: welch,
  },
  {
    name: 'kqlf_shift',
    takes: ['BIGINT', 'BIGINT'],
    returns: 'BIGINT',
    call: (value: bigint, by: bigint) => (by < 0n ? null : BigInt.asIntN(64, value << (by % 64n))),
  },
  {
    name: 'kqlf_shift_right',
    takes: ['BIGINT', 'BIGINT'],
    returns: 'BIGINT',
    call: (value: bigint, by: bigint) => (by < 0n ? null : value >> (by % 64n)),
  },
];
