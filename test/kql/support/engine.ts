import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBScalarFunction,
  type DuckDBType,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import type { KqlColumn, KqlType, KqlValue } from '../../../src/core/kql-types.ts';
import { datetimeText, ticksFromIso, timespanText } from '../../../src/core/ticks.ts';
import { runtimeFunctions, runtimeMacros } from '../../../src/kql/runtime.ts';
import { type KqlCatalog, type ProbedSchema, schemaOf, type Translation, translate } from '../../../src/kql/translate.ts';

const TYPES = { VARCHAR, BIGINT, DOUBLE, BOOLEAN, INTEGER } as const;
export const NOW = ticksFromIso('2026-11-22T12:00:00Z')!;
export const EMPTY: KqlCatalog = { tables: new Map(), functions: new Map() };

/** An in-memory engine with everything that translated queries need. */
export async function openEngine(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (const fn of runtimeFunctions)
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: fn.name,
        parameterTypes: fn.takes.map((t) => TYPES[t]),
        returnType: TYPES[fn.returns],
        mainFunction: (_info, input, output) => {
          const columns = fn.takes.map((_, i) => input.getColumnVector(i));
          for (let row = 0; row < input.rowCount; row++) {
            const args = columns.map((c) => c.getItem(row));
            output.setItem(row, args.includes(null) ? null : (fn.call as (...a: unknown[]) => never)(...args));
          }
          output.flush();
        },
      }),
    );
  await connection.run("SET TimeZone='UTC'");
  for (const macro of runtimeMacros) await connection.run(macro);
  return connection;
}

export interface Answer {
  readonly columns: readonly KqlColumn[];
  readonly rows: readonly (readonly KqlValue[])[];
}

const SQL_TYPES: Readonly<Record<KqlType, DuckDBType>> = {
  bool: BOOLEAN,
  int: INTEGER,
  long: BIGINT,
  real: DOUBLE,
  decimal: VARCHAR,
  string: VARCHAR,
  datetime: BIGINT,
  timespan: BIGINT,
  guid: VARCHAR,
  dynamic: VARCHAR,
};

export async function runTranslation(
  connection: DuckDBConnection,
  translation: Translation,
  given: Readonly<Record<string, KqlValue>> = {},
): Promise<Answer> {
  const values: Record<string, KqlValue> = {};
  const types: Record<string, DuckDBType> = {};
  const add = (name: string, type: KqlType, value: KqlValue) => {
    if (!translation.sql.includes(`$${name}`)) return;
    values[name] = value;
    types[name] = SQL_TYPES[type];
  };
  add('__now', 'datetime', NOW);
  for (const p of translation.parameters) add(p.name, p.type, given[p.name] ?? p.defaultValue ?? null);
  const reader = await connection.runAndReadAll(translation.sql, values, types);
  return { columns: translation.columns, rows: reader.getRows() as KqlValue[][] };
}

/** Translates and runs a query; `given` are parameters. */
export async function ask(
  connection: DuckDBConnection,
  kql: string,
  catalog: KqlCatalog = EMPTY,
  given: Readonly<Record<string, KqlValue>> = {},
): Promise<Answer> {
  const schemas: ProbedSchema[] = [];
  for (;;) {
    const translation = translate(kql, catalog, { now: NOW, schemas });
    const answer = await runTranslation(connection, translation, given);
    if (!translation.probe) return answer;
    schemas.push(schemaOf(translation.probe, answer.rows));
  }
}

/** The answer with its columns, `name:type`, as the first row. */
export async function askTyped(connection: DuckDBConnection, kql: string): Promise<readonly (readonly unknown[])[]> {
  const { columns, rows } = await ask(connection, kql);
  return [columns.map(({ name, type }) => `${name}:${type}`), ...rows];
}

/** A cell as the query API writes it in JSON. */
export function wireCell(value: KqlValue, type: KqlType): unknown {
  if (value === null) return null;
  if (type === 'datetime') return datetimeText(value as bigint);
  if (type === 'timespan') return timespanText(value as bigint);
  if (type === 'real' && typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return value;
}
