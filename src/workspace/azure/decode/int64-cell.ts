/**
 * 64-bit numbers written as two 32-bit words: a BigInt for each cell would cost an allocation a cell.
 * Doubles are exact to 2^53, so the sum is kept in two parts that both are.
 */
const TWO_32 = 4_294_967_296;

/** Writes high * 65536 + low (both whole, not negative, high < 2^47, low < 2^52) at `row` of a little-endian array. */
function writeParts(words: Int32Array, row: number, high: number, low: number): void {
  const highTop = Math.floor(high / 65_536);
  const rest = (high - highTop * 65_536) * 65_536 + low;
  const carry = Math.floor(rest / TWO_32);
  words[row * 2] = rest - carry * TWO_32;
  words[row * 2 + 1] = highTop + carry;
}

/** Writes a whole number within +-2^53 at `row`. */
export function writeSafeInteger(words: Int32Array, row: number, value: number): void {
  const top = Math.floor(value / TWO_32);
  words[row * 2] = value - top * TWO_32;
  words[row * 2 + 1] = top;
}

/** Days from 0001-01-01 of the proleptic Gregorian calendar; month and day from 1. */
function daysFromYearOne(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const shifted = month <= 2 ? month + 9 : month - 3;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((153 * shifted + 2) / 5) + day - 307;
}

const MONTH_DAYS = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function digits(bytes: Buffer, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Reads `2024-05-01T12:34:56[.fffffff]Z` in bytes[start, end) and writes its ticks at `row`.
 * False for any other form: the caller then takes the slow, general way.
 */
export function writeDatetime(bytes: Buffer, start: number, end: number, words: Int32Array, row: number): boolean {
  const length = end - start;
  if (length < 20 || length > 28 || bytes[end - 1] !== 0x5a) return false;
  if (bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d || bytes[start + 10] !== 0x54) return false;
  if (bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return false;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  if (year < 1 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return false;
  // The last days of a month are left to the general way, which knows leap years.
  if (day > 28 && (month === 2 || day > MONTH_DAYS[month]!)) return false;
  let fraction = 0;
  if (length > 20) {
    if (bytes[start + 19] !== 0x2e || length === 21) return false;
    const places = length - 21;
    fraction = digits(bytes, start + 20, places);
    if (fraction < 0) return false;
    for (let i = places; i < 7; i++) fraction *= 10;
  }
  const seconds = daysFromYearOne(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
  const high = Math.floor(seconds / 65_536);
  writeParts(words, row, high * 10_000_000, (seconds - high * 65_536) * 10_000_000 + fraction);
  return true;
}
