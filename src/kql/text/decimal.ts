/** `digits * 10^-scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Significant digits that a decimal of 128 bits holds. */
export const PRECISION = 34;

export function readDecimal(text: string): Decimal | undefined {
  const m = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/.exec(text);
  if (!m || (m[2] === '' && (m[3] ?? '') === '')) return undefined;
  const digits = BigInt(`${m[2]}${m[3] ?? ''}`);
  return rounded({ digits: m[1] === '-' ? -digits : digits, scale: (m[3]?.length ?? 0) - Number(m[4] ?? 0) });
}

/** Half to even, to the digits that fit; zeros at the end are taken off. */
function rounded({ digits, scale }: Decimal): Decimal {
  let [n, s] = [digits < 0n ? -digits : digits, scale];
  const over = String(n).length - PRECISION;
  if (over > 0) {
    const unit = 10n ** BigInt(over);
    const rest = n % unit;
    n = n / unit + (rest * 2n > unit || (rest * 2n === unit && (n / unit) % 2n === 1n) ? 1n : 0n);
    s -= over;
  }
  for (; s > 0 && n % 10n === 0n; s--) n /= 10n;
  if (n === 0n) s = 0;
  return { digits: digits < 0n ? -n : n, scale: s };
}

export function writeDecimal(value: Decimal): string {
  const { digits, scale } = rounded(value);
  const sign = digits < 0n ? '-' : '';
  const text = String(digits < 0n ? -digits : digits);
  if (scale <= 0) return sign + text + '0'.repeat(-scale);
  const padded = text.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** A decimal as it is stored: its digits without exponent, no zeros at the end. */
export function decimalText(text: string): string | undefined {
  const value = readDecimal(text);
  return value && writeDecimal(value);
}
