import type { Ticks } from './ticks.ts';

/** The scalar types of Kusto, as the query API spells them. */
export const KQL_TYPES = ['bool', 'int', 'long', 'real', 'decimal', 'string', 'datetime', 'timespan', 'guid', 'dynamic'] as const;
export type KqlType = (typeof KQL_TYPES)[number];

export interface KqlColumn {
  readonly name: string;
  readonly type: KqlType;
}

/**
 * One cell in the program. null is Kusto's null; a string is never null ('' = absent).
 * bool boolean · int number · long bigint · real number (NaN and infinities are themselves) · decimal, string, guid string
 * · datetime, timespan bigint of ticks · dynamic JSON text ('null' never: that is null).
 */
export type KqlValue = null | boolean | number | bigint | string;

/** A typed value that is bound to a query parameter, never spliced into its text. */
export interface KqlParameter {
  readonly type: KqlType;
  readonly value: KqlValue;
}
export type KqlParameters = Readonly<Record<string, KqlParameter>>;

export function datetimeParameter(value: Ticks): KqlParameter {
  return { type: 'datetime', value };
}
