import { type Decimal, decimalText, PRECISION, readDecimal, writeDecimal } from '../text/decimal.ts';
import type { RuntimeFunction } from './function-row.ts';

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * 10n ** BigInt(scale - a.scale), b.digits * 10n ** BigInt(scale - b.scale), scale];
}

function divide(a: Decimal, b: Decimal): Decimal | undefined {
  if (b.digits === 0n) return undefined;
  const more = PRECISION + 2 + String(b.digits).length;
  const shifted = a.digits * 10n ** BigInt(more);
  const quotient = shifted / b.digits;
  // A digit more keeps what is past the last one from looking like a half.
  const rest = shifted % b.digits === 0n ? 0n : shifted < 0n === b.digits < 0n ? 1n : -1n;
  return { digits: quotient * 10n + rest, scale: a.scale - b.scale + more + 1 };
}

const OPERATIONS: Readonly<Record<string, (a: Decimal, b: Decimal) => Decimal | undefined>> = {
  '+': (a, b) => {
    const [x, y, scale] = aligned(a, b);
    return { digits: x + y, scale };
  },
  '-': (a, b) => {
    const [x, y, scale] = aligned(a, b);
    return { digits: x - y, scale };
  },
  '*': (a, b) => ({ digits: a.digits * b.digits, scale: a.scale + b.scale }),
  '/': divide,
  '%': (a, b) => {
    const [x, y, scale] = aligned(a, b);
    if (y === 0n) return undefined;
    const size = y < 0n ? -y : y;
    return { digits: ((x % size) + size) % size, scale };
  },
  bin: (a, b) => (b.digits > 0n ? OPERATIONS['-']!(a, OPERATIONS['%']!(a, b)!) : undefined),
  /** The least multiple of `b` that is not below. */
  ceiling: (a, b) => negated(OPERATIONS['bin']!(negated(a), b)!),
  /** To as many digits as `b` says, a half away from zero. */
  round: (a, b) => {
    const unit = { digits: 1n, scale: Number(writeDecimal(b)) };
    const positive = a.digits < 0n ? negated(a) : a;
    const found = OPERATIONS['bin']!(OPERATIONS['+']!(positive, { digits: 5n, scale: unit.scale + 1 })!, unit)!;
    return a.digits < 0n ? negated(found) : found;
  },
};

function negated({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale };
}

function total(list: string): { sum: Decimal; count: bigint } {
  const items = list.split(',').map((t) => readDecimal(t)!);
  return { sum: items.reduce((a, b) => OPERATIONS['+']!(a, b)!), count: BigInt(items.length) };
}

/** Text that sorts as the numbers do: sign, then the place of the first digit, then the digits; turned round below zero. */
function key(text: string): string {
  const { digits, scale } = readDecimal(text)!;
  if (digits === 0n) return '1';
  const plain = String(digits < 0n ? -digits : digits);
  const place = String(50_000 + plain.length - scale).padStart(5, '0');
  if (digits > 0n) return `2${place}${plain.replace(/0+$/, '')}`;
  return `0${[...`${place}${plain.replace(/0+$/, '')}`].map((c) => 9 - Number(c)).join('')}~`;
}

function extreme(list: string, sign: 1 | -1): string {
  return list.split(',').reduce((a, b) => (key(a) < key(b) === sign < 0 ? a : b));
}

export const decimalFunctions: readonly RuntimeFunction[] = [
  { name: 'kqlf_decimal', takes: ['VARCHAR'], returns: 'VARCHAR', call: (text: string) => decimalText(text) ?? null },
  {
    name: 'kqlf_decimal_of_real',
    takes: ['DOUBLE'],
    returns: 'VARCHAR',
    call: (value: number) => {
      if (!Number.isFinite(value)) return null;
      if (String(value).replace(/e.*|[-.]/g, '').length > 15)
        throw new Error('todecimal of a real of more than 15 digits is not supported');
      return decimalText(String(value)) ?? null;
    },
  },
  {
    name: 'kqlf_decimal_op',
    takes: ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    returns: 'VARCHAR',
    call: (op: string, left: string, right: string) => {
      const [a, b] = [readDecimal(left), readDecimal(right)];
      const value = a && b && OPERATIONS[op]?.(a, b);
      return value ? writeDecimal(value) : null;
    },
  },
  { name: 'kqlf_decimal_key', takes: ['VARCHAR'], returns: 'VARCHAR', call: key },
  {
    name: 'kqlf_decimal_long',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (text: string) => writeDecimal(readDecimal(text)!).split('.')[0]!,
  },
  { name: 'kqlf_decimal_sum', takes: ['VARCHAR'], returns: 'VARCHAR', call: (list: string) => writeDecimal(total(list).sum) },
  {
    name: 'kqlf_decimal_avg',
    takes: ['VARCHAR'],
    returns: 'VARCHAR',
    call: (list: string) => {
      const { sum, count } = total(list);
      return writeDecimal(divide(sum, { digits: count, scale: 0 })!);
    },
  },
  { name: 'kqlf_decimal_min', takes: ['VARCHAR'], returns: 'VARCHAR', call: (list: string) => extreme(list, -1) },
  { name: 'kqlf_decimal_max', takes: ['VARCHAR'], returns: 'VARCHAR', call: (list: string) => extreme(list, 1) },
];
