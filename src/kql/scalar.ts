import type { KqlType, KqlValue } from '../core/kql-types.ts';
import { quoteLong, quoteReal, quoteString } from './quote.ts';

/**
 * A scalar expression in SQL with its Kusto type. Physical forms: datetime and timespan BIGINT ticks, dynamic valid JSON text
 * (SQL null = null, never 'null'), string never null, decimal and guid text.
 */
export interface Scalar {
  readonly sql: string;
  readonly type: KqlType;
  /** Set when the value is known at compile time. */
  readonly constant?: { readonly value: KqlValue } | undefined;
  /** For dynamic paths with constant steps: the base and the path, so that conversions can read the path at once. */
  readonly path?: { readonly base: string; readonly steps: readonly (string | number)[] } | undefined;
}

/** Whether the text may be written several times at no cost. */
export function isSimple(sql: string): boolean {
  return /^(?:[a-z]+\d+|\$\w+|\(?-?\d+(?:::BIGINT)?\)?|NULL(?:::\w+)?|true|false|'[^']{0,80}'(?:::\w+)?)$/.test(sql);
}

/** Whether the value is left to chance: then each place where it is written has one of its own. */
export function isVolatile(sql: string): boolean {
  return /\b(?:random|uuid)\(/.test(sql);
}

const SQL_TYPES = {
  bool: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  decimal: 'VARCHAR',
  string: 'VARCHAR',
  datetime: 'BIGINT',
  timespan: 'BIGINT',
  guid: 'VARCHAR',
  dynamic: 'VARCHAR',
} as const satisfies Record<KqlType, string>;

/** The DuckDB type that holds a Kusto type. */
export function sqlType(type: KqlType): string {
  return SQL_TYPES[type];
}

function sqlValue(type: KqlType, value: KqlValue): string {
  if (value === null) return type === 'string' ? "''" : `NULL::${SQL_TYPES[type]}`;
  switch (type) {
    case 'bool':
      return value ? 'true' : 'false';
    case 'int':
      return `(${Number(value)})::INTEGER`;
    case 'long':
    case 'datetime':
    case 'timespan':
      return quoteLong(BigInt(value as bigint | number));
    case 'real':
      return quoteReal(Number(value));
    default:
      return quoteString(String(value));
  }
}

export function constant(type: KqlType, value: KqlValue): Scalar {
  return { sql: sqlValue(type, value), type, constant: { value: value === null && type === 'string' ? '' : value } };
}

export function nullOf(type: KqlType): Scalar {
  return constant(type, type === 'string' ? '' : null);
}

/** The text of a constant string argument, undefined when it is not one. */
export function constantText(scalar: Scalar | undefined): string | undefined {
  return scalar?.constant && scalar.type === 'string' ? String(scalar.constant.value) : undefined;
}

/** The members of a constant dynamic array as scalars. */
export function constantItems(value: Scalar): Scalar[] | undefined {
  if (value.type !== 'dynamic' || typeof value.constant?.value !== 'string') return undefined;
  let items: unknown;
  try {
    items = JSON.parse(value.constant.value);
  } catch {
    return undefined;
  }
  if (!Array.isArray(items)) items = [items];
  if ((items as unknown[]).some((i) => typeof i === 'object' || (typeof i === 'number' && !Number.isSafeInteger(i) && Number.isInteger(i))))
    return undefined;
  return (items as (string | number | boolean)[]).map((i) =>
    typeof i === 'string'
      ? constant('string', i)
      : typeof i === 'boolean'
        ? constant('bool', i)
        : Number.isInteger(i)
          ? constant('long', BigInt(i))
          : constant('real', i),
  );
}
