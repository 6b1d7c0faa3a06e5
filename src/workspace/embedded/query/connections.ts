import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBScalarFunction,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBVector,
  INTEGER,
  VARCHAR,
} from '@duckdb/node-api';
import { type RuntimeFunction, runtimeFunctions, runtimeMacros } from '../../../kql/runtime.ts';
import type { Store } from '../store.ts';

const MAX_IDLE = 4;

/** Connections that know the translator's macros and functions. Making one takes a while, so that they are kept. */
export class QueryConnections {
  readonly #store: Store;
  readonly #idle: DuckDBConnection[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  async take(): Promise<DuckDBConnection> {
    const idle = this.#idle.pop();
    if (idle) return idle;
    const connection = await this.#store.connect();
    // Before the macros: DuckDB looks up the functions that a macro names when the macro is made.
    for (const row of runtimeFunctions) connection.registerScalarFunction(scalarFunction(row));
    // One statement: a round trip to the engine's thread for each macro takes longer than the macros.
    await connection.run(runtimeMacros.join(';\n'));
    return connection;
  }

  giveBack(connection: DuckDBConnection): void {
    if (this.#idle.length >= MAX_IDLE) this.drop(connection);
    else this.#idle.push(connection);
  }

  /** For a connection whose state nobody knows. */
  drop(connection: DuckDBConnection): void {
    this.#store.disconnect(connection);
  }
}

const TYPES: Readonly<Record<RuntimeFunction['returns'], DuckDBType>> = { VARCHAR, BIGINT, DOUBLE, BOOLEAN, INTEGER };

/** A block of rows cannot be interrupted: while JavaScript computes it, neither the query's timer nor another request has its turn. */
const LONGEST_BLOCK_MS = 60_000;

function scalarFunction({ name, takes, returns, call }: RuntimeFunction): DuckDBScalarFunction {
  const evaluate = call as (...args: DuckDBValue[]) => DuckDBValue;
  return DuckDBScalarFunction.create({
    name,
    returnType: TYPES[returns],
    parameterTypes: takes.map((type) => TYPES[type]),
    mainFunction: (_, input: DuckDBDataChunk, output: DuckDBVector) => {
      const columns = takes.map((__, i) => input.getColumnVector(i));
      const until = performance.now() + LONGEST_BLOCK_MS;
      for (let row = 0; row < input.rowCount; row++) {
        if (row % 8 === 7 && performance.now() > until)
          throw new Error(`${name.replace('kqlf_', '')} over values as large as these is not supported`);
        const args = columns.map((column) => column.getItem(row) as DuckDBValue);
        output.setItem(row, args.includes(null) ? null : evaluate(...args));
      }
      output.flush();
    },
  });
}
