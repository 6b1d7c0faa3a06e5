import { refuse, reject } from '../context.ts';
import { isDateFormat, isSpanFormat, isZone } from '../runtime/formats.ts';
import { constantText, type Scalar } from '../scalar.ts';
import type { Call, FunctionRow } from './row.ts';

function formatted(name: string, known: (format: string) => boolean) {
  return ({ args, node, scope }: Call): Scalar => {
    const format = constantText(args[1]);
    if (format === undefined || format === '') return refuse(scope, node, name, 'a format that is empty or not a constant');
    if (!known(format)) return reject(scope, node, name, `'${format}' is not a format that ${name}() knows`);
    return { sql: `coalesce(kqlf_${name}(${args[0]!.sql}, ${args[1]!.sql}), '')`, type: 'string' };
  };
}

function zoned(name: string, fn: string): FunctionRow {
  const emit = ({ args, node, scope }: Call): Scalar => {
    const zone = constantText(args[1]);
    if (zone !== undefined && !isZone(zone)) return refuse(scope, node, name, 'a time zone that has no IANA name');
    return { sql: `kql_in_range(${fn}(${args[0]!.sql}, ${args[1]!.sql}))`, type: 'datetime' };
  };
  return { name, takes: ['datetime', 'string'], returns: 'datetime', emit };
}

/** Times and sizes as text, and times in a zone. */
export const format: readonly FunctionRow[] = [
  { name: 'format_datetime', takes: ['datetime', 'string'], returns: 'string', emit: formatted('format_datetime', isDateFormat) },
  { name: 'format_timespan', takes: ['timespan', 'string'], returns: 'string', emit: formatted('format_timespan', isSpanFormat) },
  {
    name: 'format_bytes',
    takes: ['real', 'long?', 'string?'],
    returns: 'string',
    emit: ({ args }) => ({
      sql: `coalesce(kqlf_format_bytes(${args[0]!.sql}, ${args[1]?.sql ?? 0}, ${args[2]?.sql ?? "''"}), '')`,
      type: 'string',
    }),
  },
  zoned('datetime_utc_to_local', 'kqlf_to_local'),
  zoned('datetime_local_to_utc', 'kqlf_to_utc'),
];
