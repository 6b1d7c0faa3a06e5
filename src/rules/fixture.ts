import { z } from 'zod';
import { TICKS_PER_MINUTE, type Ticks, ticksFromIso } from '../core/ticks.ts';
import { readYaml, unknownKeys } from '../core/yaml-text.ts';
import { minutesOf } from './duration.ts';

function object<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.strictObject(shape, { error: unknownKeys(Object.keys(shape)) });
}
const row = z.record(z.string(), z.unknown());

const fixtureSchema = object({
  now: z.string().refine((text) => ticksFromIso(text) !== undefined, 'must be a time like 2026-01-15T12:00:00Z'),
  /** Values that every row of a table has unless it says otherwise. */
  defaults: z.record(z.string(), row).default({}),
  cases: z
    .array(
      object({
        name: z.string().min(1),
        rows: z.record(z.string(), z.array(row)).default({}),
        /** The answer: as many rows, in any order, each with at least these values. None = the rule must not hit. */
        expect: z.array(row),
      }),
    )
    .min(2, 'must have a case that hits and one that does not'),
});

/** A row as it is loaded, with the time at which the workspace took it in. */
export interface FixtureRow {
  readonly table: string;
  readonly ingested: Ticks;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface FixtureCase {
  readonly name: string;
  readonly rows: readonly FixtureRow[];
  readonly expect: readonly Readonly<Record<string, unknown>>[];
}

export interface Fixture {
  readonly file: string;
  readonly now: Ticks;
  readonly cases: readonly FixtureCase[];
}

/**
 * Reads a fixture. A time may be written relative to `now` (-5m); `_repeat: N` stands for N rows, in whose texts {n} is 1 to N.
 * `_IngestionTime` is when the workspace took the row in; a minute after TimeGenerated where it is absent.
 */
export function readFixture(content: string, file: string): Fixture {
  const { value } = readYaml(content, { file, schema: fixtureSchema, code: 'fixture-invalid' });
  const now = ticksFromIso(value.now)!;
  return {
    file,
    now,
    cases: value.cases.map(({ name, rows, expect }) => ({
      name,
      expect,
      rows: Object.entries(rows).flatMap(([table, list]) =>
        list.flatMap((item) => repeated({ ...value.defaults[table], ...item })).map((values) => fixtureRow(table, values, now)),
      ),
    })),
  };
}

function repeated({ _repeat, ...values }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  if (_repeat === undefined) return [values];
  return Array.from(
    { length: Number(_repeat) },
    (_, i) => JSON.parse(JSON.stringify(values).replaceAll('{n}', String(i + 1))) as Record<string, unknown>,
  );
}

function fixtureRow(table: string, { _IngestionTime, ...values }: Readonly<Record<string, unknown>>, now: Ticks): FixtureRow {
  const timed = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? (relative(value, now) ?? value) : value]),
  );
  const generated = timed['TimeGenerated'];
  const ingested = typeof _IngestionTime === 'string' ? (relative(_IngestionTime, now) ?? ticksFromIso(_IngestionTime)) : undefined;
  return { table, values: timed, ingested: ingested ?? (typeof generated === 'bigint' ? generated + TICKS_PER_MINUTE : now) };
}

function relative(text: string, now: Ticks): Ticks | undefined {
  const minutes = text.startsWith('-') ? minutesOf(text.slice(1)) : undefined;
  return minutes === undefined ? undefined : now - BigInt(minutes) * TICKS_PER_MINUTE;
}
