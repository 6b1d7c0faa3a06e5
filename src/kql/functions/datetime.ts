import type { KqlType } from '../../core/kql-types.ts';
import { fill, refuse, reject, rowScope } from '../context.ts';
import { convert, isNumeric } from '../convert.ts';
import { constantText, type Scalar } from '../scalar.ts';
import { boundType } from '../tree/syntax.ts';
import type { Call, FunctionRow } from './row.ts';

const NOW: Scalar = { sql: '$__now', type: 'datetime' };
const DAY = '864000000000';

/** start and end of a unit: `{0}` the time, `{1}` how many units on. */
const STARTS = {
  day: `kql_in_range(kql_startofday({0}) + {1}::HUGEINT * ${DAY})`,
  week: 'kql_in_range(kql_startofweek({0}) + {1}::HUGEINT * 6048000000000)',
  month: "kql_ticks(try(date_trunc('month', kql_ts({0})) + to_months(try_cast({1} AS INTEGER))))",
  year: "kql_ticks(try(date_trunc('year', kql_ts({0})) + to_years(try_cast({1} AS INTEGER))))",
} as const;

function edges(unit: keyof typeof STARTS): FunctionRow[] {
  const row = (name: string, more: number, less: string): FunctionRow => ({
    name,
    takes: ['datetime', 'long?'],
    returns: 'datetime',
    emit: ({ args, scope }) => {
      const offset = args[1] ? `(${args[1].sql}::HUGEINT + ${more})` : String(more);
      const start = fill(scope, STARTS[unit], [args[0]!.sql, offset]);
      if (less === '') return { sql: start, type: 'datetime' };
      // The last unit of year 9999 has no next one to count back from.
      return {
        sql: fill(scope, `(CASE WHEN {0} IS NOT NULL THEN coalesce(${start}, 3155378976000000000) - 1 END)`, [args[0]!.sql]),
        type: 'datetime',
      };
    },
  });
  return [row(`startof${unit}`, 0, ''), row(`endof${unit}`, 1, ' - 1')];
}

const UNITS: Readonly<Record<string, bigint>> = {
  day: 864_000_000_000n,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
  nanosecond: 0n,
};
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, year: 12 };

function dateDiff({ args, scope, node }: Call): Scalar {
  const unit = constantText(args[0])?.toLowerCase() ?? '';
  const [a, b] = [args[1]!.sql, args[2]!.sql];
  // The binder says long; the engine answers with a real.
  if (unit === 'week') return { sql: `((${a} + ${DAY}) // 6048000000000 - (${b} + ${DAY}) // 6048000000000)::DOUBLE`, type: 'real' };
  if (unit in MONTHS) return { sql: fill(scope, `datediff('${unit}', kql_ts({1}), kql_ts({0}))`, [a, b]), type: 'long' };
  if (unit === 'nanosecond') return { sql: `((${a} - ${b}) * 100)`, type: 'long' };
  const ticks = UNITS[unit];
  if (!ticks) return refuse(scope, node, 'datetime_diff', `the part '${unit}'`);
  return { sql: `(${a} // ${ticks} - ${b} // ${ticks})`, type: 'long' };
}

function dateAdd({ args, scope, node }: Call): Scalar {
  const unit = constantText(args[0])?.toLowerCase() ?? '';
  const [n, x] = [args[1]!.sql, args[2]!.sql];
  if (unit in MONTHS)
    return {
      sql: fill(scope, `(kql_ticks(try(kql_ts({0}) + to_months(try_cast({1}::HUGEINT * ${MONTHS[unit]} AS INTEGER)))) + {0} % 10)`, [x, n]),
      type: 'datetime',
    };
  if (unit === 'nanosecond') return { sql: fill(scope, 'kql_in_range({0}::HUGEINT + {1} // 100)', [x, n]), type: 'datetime' };
  const ticks = unit === 'week' ? 6_048_000_000_000n : UNITS[unit];
  if (!ticks) return refuse(scope, node, 'datetime_add', `the part '${unit}'`);
  return { sql: fill(scope, `kql_in_range({0}::HUGEINT + {1}::HUGEINT * ${ticks})`, [x, n]), type: 'datetime' };
}

const PARTS: Readonly<Record<string, string>> = {
  year: 'year(kql_ts({0}))',
  quarter: 'quarter(kql_ts({0}))',
  month: 'month(kql_ts({0}))',
  week_of_year: 'week(kql_ts({0}))',
  day: 'day(kql_ts({0}))',
  dayofyear: 'dayofyear(kql_ts({0}))',
  hour: '({0} // 36000000000 % 24)',
  minute: '({0} // 600000000 % 60)',
  second: '({0} // 10000000 % 60)',
  millisecond: '({0} // 10000 % 1000)',
  microsecond: '({0} // 10 % 1000000)',
  nanosecond: '({0} % 10000000 * 100)',
};

function part(name: string, unit: string, returns: KqlType = 'long'): FunctionRow {
  return { name, takes: ['datetime'], returns, sql: returns === 'int' ? `${PARTS[unit]}::INTEGER` : `${PARTS[unit]}::BIGINT` };
}

function bin({ args, scope, node }: Call): Scalar {
  const value = args[0]!.type === 'dynamic' ? convert(scope, args[0]!, args[1]!.type) : args[0]!;
  const step = args[1]!;
  if (value.type === 'datetime' || value.type === 'timespan') {
    const ticks =
      isNumeric(step.type) && value.type === 'timespan'
        ? convert(scope, step, 'timespan')
        : convert(scope, step, step.type === 'datetime' ? 'long' : 'timespan');
    const known = ticks.constant?.value;
    if (value.type === 'datetime' && typeof known === 'bigint' && known > 0n)
      return { sql: fill(scope, `({0} - {0} % ${known})`, [value.sql]), type: 'datetime' };
    return { sql: fill(scope, 'kql_bin({0}, {1})', [value.sql, ticks.sql]), type: value.type };
  }
  if (value.type === 'decimal' || step.type === 'decimal') {
    const sides = [value, step].map((v) => convert(scope, v, 'decimal').sql);
    return { sql: `kqlf_decimal_op('bin', ${sides.join(', ')})`, type: 'decimal' };
  }
  if (value.type === 'real' || step.type === 'real')
    return {
      sql: fill(scope, 'kql_bin_real({0}, {1})', [convert(scope, value, 'real').sql, convert(scope, step, 'real').sql]),
      type: 'real',
    };
  if (!isNumeric(value.type)) return refuse(scope, node, 'bin', `of ${value.type}`);
  return { sql: fill(scope, 'kql_bin({0}, {1})', [convert(scope, value, 'long').sql, convert(scope, step, 'long').sql]), type: 'long' };
}

function binAt({ args, node, scope }: Call): Scalar {
  const [value, step, origin] = args as [Scalar, Scalar, Scalar];
  if ((value.type === 'datetime' || value.type === 'timespan') && step.type !== 'timespan')
    return reject(scope, node, 'bin_at', `bins of a ${value.type} are a timespan long, not a ${step.type}`);
  if (value.type === 'real' || step.type === 'real')
    return {
      sql: fill(
        scope,
        'CASE WHEN {1} > 0 THEN floor(({0} - {2}) / {1}) * {1} + {2} END',
        args.map((a) => convert(scope, a, 'real').sql),
      ),
      type: 'real',
    };
  const type: KqlType = value.type === 'int' ? 'long' : value.type;
  return { sql: fill(scope, 'kql_bin_at({0}, {1}, {2})', [value.sql, step.sql, origin.sql]), type };
}

/** The bin that the query's settings ask for, counted from their fixed point or from zero. */
function binAuto(call: Call): Scalar {
  const { args, node, scope } = call;
  const setting = (name: string) => {
    const given = scope.ctx.settings.get(name);
    return given && scope.ctx.scalar(given, rowScope(scope.ctx, scope.ctx.rootEnv));
  };
  const size = setting('query_bin_auto_size');
  if (!size)
    return reject(scope, node, 'bin_auto', 'bin_auto() needs the length of a bin: put `set query_bin_auto_size = 1h;` before the query');
  return binAt({ ...call, args: [args[0]!, size, setting('query_bin_auto_at') ?? { sql: '0::BIGINT', type: 'long' }] });
}

export const datetime: readonly FunctionRow[] = [
  {
    name: 'now',
    takes: ['timespan?'],
    returns: 'datetime',
    emit: ({ args }) => (args[0] ? { sql: `kql_in_range($__now + ${args[0].sql})`, type: 'datetime' } : NOW),
  },
  {
    name: 'ago',
    takes: ['timespan'],
    returns: 'datetime',
    emit: ({ args, scope }) => ({ sql: fill(scope, 'kql_in_range($__now - {0})', [args[0]!.sql]), type: 'datetime' }),
  },
  ...edges('day'),
  ...edges('week'),
  ...edges('month'),
  ...edges('year'),
  { name: 'datetime_diff', takes: ['string', 'datetime', 'datetime'], returns: 'long', emit: dateDiff },
  { name: 'datetime_add', takes: ['string', 'long', 'datetime'], returns: 'datetime', emit: dateAdd },
  {
    name: 'datetime_part',
    takes: ['string', 'datetime'],
    returns: 'long',
    emit: ({ args, scope, node }) => {
      const unit = constantText(args[0])?.toLowerCase().replace('day_of_year', 'dayofyear').replace('weekofyear', 'week_of_year') ?? '';
      return PARTS[unit]
        ? { sql: fill(scope, `${PARTS[unit]}::BIGINT`, [args[1]!.sql]), type: 'long' }
        : refuse(scope, node, 'datetime_part', `the part '${unit}'`);
    },
  },
  part('getyear', 'year', 'int'),
  part('getmonth', 'month', 'int'),
  part('monthofyear', 'month', 'int'),
  part('dayofmonth', 'day', 'int'),
  part('dayofyear', 'dayofyear', 'int'),
  part('hourofday', 'hour', 'int'),
  part('week_of_year', 'week_of_year'),
  part('weekofyear', 'week_of_year'),
  {
    name: 'dayofweek',
    takes: ['datetime'],
    returns: 'timespan',
    sql: `CASE WHEN {0} < 3155378112000000000 THEN (({0} // ${DAY} + 1) % 7) * ${DAY} END`,
  },
  { name: 'bin', takes: ['any', 'any'], returns: 'bound', emit: bin },
  {
    name: 'floor',
    takes: ['any', 'any?'],
    returns: 'bound',
    emit: (call) => (call.args[1] ? bin(call) : { sql: `floor(${convert(call.scope, call.args[0]!, 'real').sql})`, type: 'real' }),
  },
  { name: 'bin_auto', takes: ['any'], returns: 'bound', emit: binAuto },
  { name: 'bin_at', takes: ['any', 'any', 'any'], returns: 'bound', emit: binAt },
  {
    name: 'make_datetime',
    takes: ['any', 'long?', 'long?', 'long?', 'long?', 'real?'],
    returns: 'datetime',
    emit: ({ args, node, nodes, scope }) => {
      if (args.length === 1) return convert(scope, args[0]!, 'datetime');
      if (nodes.slice(0, 5).some((n) => /^(?:real|decimal)$/.test(boundType(n) ?? '')))
        return refuse(scope, node, 'make_datetime', 'of a part other than the seconds that is not whole');
      const n = (i: number, other: string) => args[i]?.sql ?? other;
      const date = `try(make_timestamp(${convert(scope, args[0]!, 'long').sql}, ${n(1, '1')}, ${n(2, '1')}, ${n(3, '0')}, ${n(4, '0')}, 0.0))`;
      return {
        sql: fill(scope, `CASE WHEN {1} >= 0 AND {1} < 60 THEN kql_ticks({0}) + kql_long_of_real(round({1} * 10000000)) END`, [
          date,
          n(5, '0.0'),
        ]),
        type: 'datetime',
      };
    },
  },
  {
    name: 'make_timespan',
    takes: ['any', 'any', 'any?', 'real?'],
    returns: 'timespan',
    emit: ({ args: given, node, scope }) => {
      const whole = given.length === 4 ? 3 : 2;
      if (given.slice(0, whole).some((a) => !/^(?:int|long)$/.test(a.type)))
        return refuse(scope, node, 'make_timespan', 'of days, hours or minutes that are not whole');
      const args = given.map((a, i) => convert(scope, a, i < whole ? 'long' : 'real'));
      const parts = args.length === 4 ? args.map((a) => a.sql) : ['0', ...args.map((a) => a.sql)];
      return {
        sql: fill(
          scope,
          'CASE WHEN {1} BETWEEN 0 AND 23 AND {2} >= 0 AND {2} < 60 AND {3} >= 0 AND {3} < 60 THEN try_cast((({0}::HUGEINT * 24 + {1}) * 60 + {2}) * 600000000 + kql_long_of_real(round({3} * 10000000)) AS BIGINT) END',
          [...parts, '0.0'].slice(0, 4),
        ),
        type: 'timespan',
      };
    },
  },
  {
    name: 'unixtime_seconds_todatetime',
    takes: ['real'],
    returns: 'datetime',
    sql: 'kql_in_range(kql_long_of_real({0} * 10000000)::HUGEINT + 621355968000000000)',
  },
  {
    name: 'unixtime_milliseconds_todatetime',
    takes: ['real'],
    returns: 'datetime',
    sql: 'kql_in_range(kql_long_of_real({0} * 10000)::HUGEINT + 621355968000000000)',
  },
  {
    name: 'unixtime_microseconds_todatetime',
    takes: ['real'],
    returns: 'datetime',
    sql: 'kql_in_range(kql_long_of_real({0} * 10)::HUGEINT + 621355968000000000)',
  },
  {
    name: 'unixtime_nanoseconds_todatetime',
    takes: ['long'],
    returns: 'datetime',
    sql: 'kql_in_range({0}::HUGEINT // 100 + 621355968000000000)',
  },
];
