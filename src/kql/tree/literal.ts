import type { KqlType, KqlValue } from '../../core/kql-types.ts';
import { datetimeFromText } from '../text/datetime.ts';
import { decimalText } from '../text/decimal.ts';
import { timespanFromText } from '../text/timespan.ts';
import { kindOf, list, type Node, need, textOf } from './syntax.ts';

const TYPES: Readonly<Record<string, KqlType>> = {
  BooleanLiteralExpression: 'bool',
  IntLiteralExpression: 'int',
  LongLiteralExpression: 'long',
  RealLiteralExpression: 'real',
  DecimalLiteralExpression: 'decimal',
  DateTimeLiteralExpression: 'datetime',
  TimespanLiteralExpression: 'timespan',
  GuidLiteralExpression: 'guid',
  StringLiteralExpression: 'string',
  CompoundStringLiteralExpression: 'string',
};

export interface Literal {
  readonly type: KqlType;
  readonly value: KqlValue;
}

/** The value of a literal expression; undefined when the node is none, or one that cannot be read. */
export function literalOf(node: Node): Literal | undefined {
  const type = TYPES[kindOf(node)];
  if (!type) return undefined;
  if (type === 'string') return { type, value: stringValue(node) };
  const text = inner(textOf(node));
  if (/^null$/i.test(text) || text === '') return { type, value: null };
  const value = readers[type]?.(text);
  return value === undefined ? undefined : { type, value };
}

function stringValue(node: Node): string {
  if (kindOf(node) === 'CompoundStringLiteralExpression')
    return list(node, 'Tokens')
      .map((t) => t.ValueText ?? '')
      .join('');
  return need(node, 'Token').ValueText ?? '';
}

/** `long(5)` says 5. */
function inner(text: string): string {
  const call = /^[a-z]\w*\s*\(([\s\S]*)\)$/i.exec(text);
  return (call?.[1] ?? text).trim();
}

function integer(text: string): bigint | undefined {
  const m = /^([+-]?)\s*(0x[0-9a-f]+|\d+)l?$/i.exec(text);
  if (!m) return undefined;
  const value = BigInt(m[2]!.toLowerCase());
  return BigInt.asIntN(64, m[1] === '-' ? -value : value);
}

const readers: Partial<Record<KqlType, (text: string) => KqlValue | undefined>> = {
  bool: (text) => (/^(true|1)$/i.test(text) ? true : /^(false|0)$/i.test(text) ? false : undefined),
  int: (text) => {
    const value = integer(text);
    return value === undefined ? undefined : Number(BigInt.asIntN(32, value));
  },
  long: integer,
  real: (text) => {
    if (/^nan$/i.test(text)) return Number.NaN;
    const inf = /^([+-]?)inf(inity)?$/i.exec(text);
    if (inf) return inf[1] === '-' ? -Infinity : Infinity;
    const value = Number(text);
    return Number.isNaN(value) ? undefined : value;
  },
  decimal: decimalText,
  datetime: (text) => datetimeFromText(text.replace(/^(["'])(.*)\1$/, '$2')),
  timespan: (text) => timespanFromText(text.replace(/^(["'])(.*)\1$/, '$2')),
  guid: (text) => {
    const hex = text
      .replace(/^(["'])(.*)\1$/, '$2')
      .replace(/[{}-]/g, '')
      .toLowerCase();
    return /^[0-9a-f]{32}$/.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : undefined;
  },
};
