type SqlType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'INTEGER';
type SqlValue = string | bigint | number | boolean | null;

/** A scalar function in JavaScript that the engine registers: null in gives null out, and it is pure. */
export interface RuntimeFunction {
  readonly name: string;
  readonly takes: readonly SqlType[];
  readonly returns: SqlType;
  readonly call: (...args: never[]) => SqlValue;
}
