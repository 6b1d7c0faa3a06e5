import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { KqlParameter, KqlType, KqlValue } from '../../core/kql-types.ts';
import { datetimeText, MAX_DATETIME_TICKS, timespanText } from '../../core/ticks.ts';

/**
 * The only place where a value becomes KQL text for Azure, whose query API has no parameters. Every form is closed: a value of
 * the wrong kind is refused, and text is written so that no character of it can end the literal.
 */
function refuse(type: KqlType, value: KqlValue): never {
  throw new FactorwatchError('kql-parameter', `${typeof value} is not a value of the parameter type ${type}`, {
    exitCode: ExitCode.invalid,
  });
}

/** Everything outside printable ASCII is escaped, so that no quote, line end or encoding on the way can end or change the text. */
function stringLiteral(text: string): string {
  return `"${text.replace(/[^\x20-\x7e]|["\\]/g, (c) =>
    c === '"' || c === '\\' ? `\\${c}` : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}"`;
}

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function realLiteral(value: number): string {
  if (Number.isNaN(value)) return 'real(nan)';
  if (!Number.isFinite(value)) return value > 0 ? 'real(+inf)' : 'real(-inf)';
  const text = String(value);
  return NUMBER.test(text) ? `real(${text})` : refuse('real', value);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const PRINTERS: Readonly<Record<KqlType, (value: Exclude<KqlValue, null>) => string>> = {
  bool: (value) => (typeof value === 'boolean' ? String(value) : refuse('bool', value)),
  int: (value) => (typeof value === 'number' && (value | 0) === value ? `int(${value})` : refuse('int', value)),
  long: (value) => (typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? `long(${value})` : refuse('long', value)),
  real: (value) => (typeof value === 'number' ? realLiteral(value) : refuse('real', value)),
  decimal: (value) => (typeof value === 'string' && DECIMAL.test(value) ? `decimal(${value})` : refuse('decimal', value)),
  string: (value) => (typeof value === 'string' ? stringLiteral(value) : refuse('string', value)),
  guid: (value) => (typeof value === 'string' && GUID.test(value) ? `guid(${value})` : refuse('guid', value)),
  datetime: (value) =>
    typeof value === 'bigint' && value >= 0n && value <= MAX_DATETIME_TICKS
      ? `datetime(${datetimeText(value)})`
      : refuse('datetime', value),
  timespan: (value) =>
    typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? `timespan(${timespanText(value)})` : refuse('timespan', value),
  // As text through parse_json: a literal dynamic(...) would have to be KQL inside KQL.
  dynamic: (value) => (typeof value === 'string' && isJson(value) ? `parse_json(${stringLiteral(value)})` : refuse('dynamic', value)),
};

/** The KQL literal of a parameter's value. */
export function kqlLiteral({ type, value }: KqlParameter): string {
  if (value !== null) return PRINTERS[type](value);
  return type === 'string' ? '""' : `${type}(null)`;
}
