import type { KqlType } from '../core/kql-types.ts';
import { fill, type Scope } from './context.ts';
import { needsPointer, pointerStep, quotePathStep, quoteString } from './quote.ts';
import { constant, nullOf, type Scalar } from './scalar.ts';
import { datetimeFromText } from './text/datetime.ts';
import { timespanFromText } from './text/timespan.ts';

/** SQL of a conversion, by `from>to`; what is not here is impossible (null). */
const TEMPLATES: Readonly<Record<string, string>> = {
  'bool>string': 'kql_bool_text({0})',
  'int>string': "coalesce({0}::VARCHAR, '')",
  'long>string': "coalesce({0}::VARCHAR, '')",
  'real>string': 'kql_real_text({0})',
  'decimal>string': "coalesce({0}, '')",
  'guid>string': "coalesce({0}, '')",
  'datetime>string': 'kql_datetime_text({0})',
  'timespan>string': 'kql_timespan_text({0})',
  'dynamic>string': 'kql_dynamic_text({0})',

  'bool>dynamic': 'kql_json_bool({0})',
  'int>dynamic': '{0}::VARCHAR',
  'long>dynamic': '{0}::VARCHAR',
  'real>dynamic': 'kql_json_real({0})',
  'decimal>dynamic': "'\"' || {0} || '\"'",
  'guid>dynamic': "'\"' || {0} || '\"'",
  'string>dynamic': 'kql_json({0})',
  'datetime>dynamic': "'\"' || nullif(kql_datetime_text({0}), '') || '\"'",
  'timespan>dynamic': "'\"' || nullif(kql_timespan_text({0}), '') || '\"'",

  'bool>int': '{0}::INTEGER',
  'long>int': 'kql_int_of_long({0})',
  'real>int': 'kql_int_of_real({0})',
  'string>int': 'kql_int_of_text({0})',
  'dynamic>int': 'kql_int_of_dynamic({0})',
  'timespan>int': 'kql_int_of_long({0})',
  'datetime>int': 'kql_int_of_long({0})',
  'decimal>int': 'try_cast(kqlf_decimal_long({0}) AS INTEGER)',

  'bool>long': '{0}::BIGINT',
  'int>long': '{0}::BIGINT',
  'real>long': 'kql_long_of_real({0})',
  'string>long': 'kql_long_of_text({0})',
  'dynamic>long': 'kql_long_of_dynamic({0})',
  'timespan>long': '{0}',
  'datetime>long': '{0}',
  'decimal>long': 'try_cast(kqlf_decimal_long({0}) AS BIGINT)',

  'bool>real': '{0}::INTEGER::DOUBLE',
  'int>real': '{0}::DOUBLE',
  'long>real': '{0}::DOUBLE',
  'string>real': 'kql_real_of_text({0})',
  'dynamic>real': 'kql_real_of_dynamic({0})',
  'timespan>real': '{0}::DOUBLE',
  'datetime>real': '{0}::DOUBLE',
  'decimal>real': 'try_cast({0} AS DOUBLE)',

  'int>bool': '{0} <> 0',
  'long>bool': '{0} <> 0',
  'real>bool': '{0} <> 0',
  'string>bool': 'kql_bool_of_text({0})',
  'decimal>bool': "kqlf_decimal_key({0}) <> '1'",
  'dynamic>bool': 'kql_bool_of_dynamic({0})',

  'long>datetime': 'kql_in_range({0})',
  'int>datetime': 'kql_in_range({0})',
  'real>datetime': 'kql_in_range(kql_long_of_real({0}))',
  'string>datetime': 'kql_datetime_of_text({0})',
  'dynamic>datetime': 'kql_datetime_of_text(kql_dynamic_text({0}))',

  'long>timespan': '{0}',
  'int>timespan': '{0}::BIGINT',
  'real>timespan': 'kql_long_of_real({0} * 864000000000)',
  'string>timespan': 'kqlf_timespan({0})',
  'dynamic>timespan': 'kqlf_timespan(kql_dynamic_text({0}))',

  'bool>decimal': '{0}::INTEGER::VARCHAR',
  'int>decimal': '{0}::VARCHAR',
  'long>decimal': '{0}::VARCHAR',
  'real>decimal': 'kqlf_decimal_of_real({0})',
  'string>decimal': 'kqlf_decimal({0})',
  'dynamic>decimal': 'kqlf_decimal(kql_dynamic_text({0}))',

  'string>guid': 'kql_guid_of_text({0})',
  'dynamic>guid': 'kql_guid_of_text(kql_dynamic_text({0}))',
};

/** The path of a dynamic value as DuckDB reads it; one literal for the whole chain (chained extracts cost 1.6x). */
export function pathText(steps: readonly (string | number)[]): string {
  if (!steps.some(needsPointer)) return quoteString(`$${steps.map(quotePathStep).join('')}`);
  return quoteString(steps.map(pointerStep).join(''));
}

/** Converts a value as to<type>() does: what cannot be converted is null. */
export function convert(scope: Scope, from: Scalar, to: KqlType): Scalar {
  if (from.type === to) return from;
  if (from.constant?.value === null) return nullOf(to);
  if (to === 'string' && from.path) return { sql: `kql_path_text(${from.path.base}, ${pathText(from.path.steps)})`, type: 'string' };
  const folded = fold(from, to);
  if (folded) return folded;
  const template = TEMPLATES[`${from.type}>${to}`];
  if (!template) return nullOf(to);
  return { sql: fill(scope, `(${template})`, [from.sql]), type: to };
}

export function canConvert(from: KqlType, to: KqlType): boolean {
  return from === to || `${from}>${to}` in TEMPLATES;
}

function fold(from: Scalar, to: KqlType): Scalar | undefined {
  const value = from.constant?.value;
  if (value === undefined || value === null) return undefined;
  const pair = `${from.type}>${to}`;
  if (pair === 'int>long') return constant('long', BigInt(value as number));
  if (pair === 'long>int' && BigInt.asIntN(32, value as bigint) === value) return constant('int', Number(value));
  if (pair === 'int>real') return constant('real', Number(value));
  if (pair === 'long>real') return constant('real', Number(value));
  // In a column such a real gives the nearest long; the engine computes constants in another way.
  if (pair === 'real>long' && Math.abs(value as number) >= 2 ** 63 && Number.isFinite(value)) return constant('long', -(2n ** 63n));
  // The engine does not saturate them, as it does what stands in a column.
  if (pair === 'real>int' && Math.abs(value as number) >= 2 ** 31 && Number.isFinite(value))
    return { sql: "error('toint of a constant real beyond the integers is not supported')::INTEGER", type: 'int' };
  // Blanks around a truth value are passed over in a constant only; in a column they make it null.
  const truth = pair === 'string>bool' ? /^\s*(true|false)\s*$/i.exec(String(value)) : null;
  if (truth) return constant('bool', truth[1]!.toLowerCase() === 'true');
  if (pair === 'string>datetime') return constant('datetime', datetimeFromText(String(value)) ?? null);
  if (pair === 'string>timespan' && !/^\s*[+-]?\d*\.\d+\s*$/.test(String(value)))
    return constant('timespan', timespanFromText(String(value)) ?? null);
  return undefined;
}

const NUMERIC: readonly KqlType[] = ['int', 'long', 'real', 'decimal'];
export function isNumeric(type: KqlType): boolean {
  return NUMERIC.includes(type);
}

/** The type that values of several types have together: the widest number, else the first that is not dynamic. */
export function commonType(types: readonly KqlType[]): KqlType {
  const solid = types.filter((t) => t !== 'dynamic');
  if (solid.length === 0) return 'dynamic';
  if (solid.every(isNumeric)) return (['decimal', 'real', 'long', 'int'] as const).find((t) => solid.includes(t)) ?? 'long';
  return solid.every((t) => t === solid[0]) ? solid[0]! : solid.includes('string') ? 'string' : solid[0]!;
}
