/**
 * Sine, cosine and arc tangent rounded as the real number would be. The engine's own are off by a last digit in one of five calls, which
 * shows when a coordinate goes to a vector and comes back: 50.625 comes out as 50.62500000000001 in Kusto, and must here.
 */

/** A number as the sum of two that do not overlap: some 32 digits. */
type Double = readonly [high: number, low: number];

function sum(a: number, b: number): Double {
  const high = a + b;
  const part = high - a;
  return [high, a - (high - part) + (b - part)];
}

function halves(a: number): Double {
  const t = 134_217_729 * a;
  const high = t - (t - a);
  return [high, a - high];
}

function product(a: number, b: number): Double {
  const high = a * b;
  const [[ah, al], [bh, bl]] = [halves(a), halves(b)];
  return [high, ah * bh - high + ah * bl + al * bh + al * bl];
}

function add(a: Double, b: Double): Double {
  const [high, low] = sum(a[0], b[0]);
  return sum(high, low + a[1] + b[1]);
}

function multiply(a: Double, b: Double): Double {
  const [high, low] = product(a[0], b[0]);
  return sum(high, low + a[0] * b[1] + a[1] * b[0]);
}

function divide(a: Double, by: number): Double {
  const high = a[0] / by;
  const [p, q] = product(high, by);
  return sum(high, (a[0] - p - q + a[1]) / by);
}

/** A quarter of a turn, in three parts. */
const QUARTER: readonly [number, number, number] = [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33];
const TERMS = 22;

function sineCosine(x: number): readonly [sine: Double, cosine: Double] {
  const turns = Math.round(x / QUARTER[0]);
  const rest = add(add(sum(x, -turns * QUARTER[0]), product(-turns, QUARTER[1])), [-turns * QUARTER[2], 0]);
  const square = multiply(rest, rest);
  let [sine, cosine]: [Double, Double] = [rest, [1, 0]];
  let [odd, even]: [Double, Double] = [rest, [1, 0]];
  for (let n = 1; n < TERMS; n += 2) {
    even = divide(multiply(even, square), -n * (n + 1));
    odd = divide(multiply(odd, square), -(n + 1) * (n + 2));
    [sine, cosine] = [add(sine, odd), add(cosine, even)];
  }
  const minus = ([a, b]: Double): Double => [-a, -b];
  switch (((turns % 4) + 4) % 4) {
    case 1:
      return [cosine, minus(sine)];
    case 2:
      return [minus(sine), minus(cosine)];
    case 3:
      return [minus(cosine), sine];
    default:
      return [sine, cosine];
  }
}

/** Of an angle of at most a few turns. */
export function sinCos(x: number): readonly [sine: number, cosine: number] {
  const [[sine], [cosine]] = sineCosine(x);
  return [sine, cosine];
}

export function atan2(y: number, x: number): number {
  const near = Math.atan2(y, x);
  const [sine, cosine] = sineCosine(near);
  // What is left of the angle: its sine is so small that it is the angle itself.
  const across = add(multiply([y, 0], cosine), multiply([-x, 0], sine))[0];
  const along = x * cosine[0] + y * sine[0];
  return along === 0 ? near : near + across / along;
}
