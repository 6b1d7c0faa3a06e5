import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBPreparedStatement,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { ExitCode, FactorwatchError } from '../../../core/errors.ts';
import type { KqlParameters, KqlType, KqlValue } from '../../../core/kql-types.ts';
import type { QueryParameter } from '../../../kql/translate.ts';
import { STORAGE_TYPES } from '../storage-types.ts';

const BOUND_TYPES: Readonly<Record<(typeof STORAGE_TYPES)[KqlType]['sql'], DuckDBType>> = { VARCHAR, BIGINT, INTEGER, DOUBLE, BOOLEAN };

export interface BoundValue {
  readonly type: KqlType;
  readonly value: KqlValue;
}
/** A value with its Kusto type, by the name that the SQL has for it. */
export type Bound = ReadonlyMap<string, BoundValue>;

/** The values of the declared parameters. What is given and not declared is left alone, as in Kusto. */
export function declaredValues(declared: readonly QueryParameter[], given: KqlParameters, file: string | undefined): Bound {
  const bound = new Map<string, { type: KqlType; value: KqlValue }>();
  for (const { name, type, defaultValue } of declared) {
    const parameter = Object.hasOwn(given, name) ? given[name] : undefined;
    if (parameter === undefined && defaultValue === undefined) throw wrong(`the query parameter ${name} has no value and no default`, file);
    if (parameter !== undefined && parameter.type !== type)
      throw wrong(`the query parameter ${name} is a ${type}, the value a ${parameter.type}`, file);
    bound.set(name, { type, value: parameter === undefined ? (defaultValue as KqlValue) : parameter.value });
  }
  return bound;
}

function wrong(message: string, file: string | undefined): FactorwatchError {
  return new FactorwatchError('kql-parameter', message, { exitCode: ExitCode.invalid, where: file === undefined ? undefined : { file } });
}

/** Binds what the statement names; DuckDB refuses a value for a name that is not there. */
export function bindStatement(statement: DuckDBPreparedStatement, bound: Bound): void {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (let i = 1; i <= statement.parameterCount; i++) {
    const name = statement.parameterName(i);
    const parameter = bound.get(name);
    if (!parameter) throw new Error(`the SQL names $${name}, which nobody binds`);
    values[name] = parameter.value;
    types[name] = BOUND_TYPES[STORAGE_TYPES[parameter.type].sql];
  }
  statement.bind(values, types);
}
