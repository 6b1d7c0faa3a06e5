import type { RuntimeFunction } from './function-row.ts';

/**
 * Reals as the engine writes them in text: the fewest digits that read back as the same real, cut off from the upper end of the values that do
 * (Grisu2 of Loitsch, "Printing Floating-Point Numbers Quickly and Accurately", 2010, without its last step of rounding towards the real
 * itself). Up to 15 digits only one number is that short; from 16 on the last digit can be another than the nearest: 0.1 + 0.2 is
 * 0.30000000000000007. Sixteen recorded texts of this length agree.
 */
function engineText(shortest: string): string {
  const m = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(shortest);
  if (!m) return shortest;
  const [, sign = '', whole = '', fraction = '', power] = m;
  const digits = `${whole}${fraction}`.replace(/^0+/, '').replace(/0+$/, '');
  if (digits.length < 16) return shortest;
  const value = BigInt(`${whole}${fraction}`);
  // The place of the first digit: digits * 10^(first - digits.length + 1).
  const first = value.toString().length - 1 - fraction.length + Number(power ?? 0);
  const cut = cutFromAbove(Math.abs(Number(shortest)), first);
  if (cut === undefined) return shortest;
  const shown = cut.replace(/0+$/, '').padEnd(2, '0');
  if (power !== undefined) return `${sign}${shown[0]}.${shown.slice(1)}E${power}`;
  if (first < 0) return `${sign}0.${'0'.repeat(-first - 1)}${shown}`;
  const solid = shown.padEnd(first + 2, '0');
  return `${sign}${solid.slice(0, first + 1)}.${solid.slice(first + 1)}`;
}

/** The digits, the first at 10^first; undefined where the interval reaches into the next power of ten. */
function cutFromAbove(x: number, first: number): string | undefined {
  const { mantissa, exponent, lowest } = parts(x);
  // In units of 2^(exponent - 2): half a step above, half a step below, a quarter below a power of two.
  const high = mantissa * 4n + 2n;
  const low = mantissa * 4n - (lowest ? 1n : 2n);
  for (const length of [16, 17]) {
    const unit = first - length + 1;
    const up = scale(high, exponent - 2, unit);
    const digits = up.value / up.divisor;
    const down = scale(low, exponent - 2, unit);
    if (digits * down.divisor > down.value) {
      const text = digits.toString();
      return text.length === length ? text : undefined;
    }
  }
  return undefined;
}

/** value * 2^binary / 10^decimal as a fraction. */
function scale(value: bigint, binary: number, decimal: number): { value: bigint; divisor: bigint } {
  const above = (binary > 0 ? 1n << BigInt(binary) : 1n) * (decimal < 0 ? 10n ** BigInt(-decimal) : 1n);
  const below = (binary < 0 ? 1n << BigInt(-binary) : 1n) * (decimal > 0 ? 10n ** BigInt(decimal) : 1n);
  return { value: value * above, divisor: below };
}

function parts(x: number): { mantissa: bigint; exponent: number; lowest: boolean } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 2047n);
  const low = bits & ((1n << 52n) - 1n);
  return {
    mantissa: biased === 0 ? low : low | (1n << 52n),
    exponent: Math.max(biased, 1) - 1075,
    lowest: low === 0n && biased > 1,
  };
}

/** JSON's numbers outside its strings. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/** JSON text with its reals as the engine writes them: 1.50 is 1.5, 1e3 is 1000.0. Whole numbers and very large or small ones stay as they are. */
function jsonText(text: string): string {
  return text.replace(TOKENS, (token) => {
    if (token[0] === '"' || !/[.eE]/.test(token)) return token;
    const plain = String(Number(token));
    if (!/^-?\d+(\.\d+)?$/.test(plain) || Math.abs(Number(token)) >= 1e15) return token;
    return engineText(plain.includes('.') ? plain : `${plain}.0`);
  });
}

export const realTextFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_json_text', takes: ['VARCHAR'], returns: 'VARCHAR', call: jsonText },
  { name: 'kqlf_real_text', takes: ['VARCHAR'], returns: 'VARCHAR', call: engineText },
];
