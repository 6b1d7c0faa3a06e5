/** The only file that turns values and names into SQL text: whatever is spliced passes through here. */

/** A DuckDB identifier. */
export function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new RangeError('an identifier cannot hold NUL');
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string literal; DuckDB has no escape but the doubled quote, and NUL can only pass as chr(0). */
export function quoteString(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return quoted.includes('\0') ? `(${quoted.split('\0').join("' || chr(0) || '")})` : quoted;
}

/** A BIGINT literal; the smallest long needs text, since minus binds after the number was read. */
export function quoteLong(value: bigint): string {
  if (value === -(2n ** 63n)) return "'-9223372036854775808'::BIGINT";
  return value < 0n ? `(${value}::BIGINT)` : `${value}::BIGINT`;
}

/** A DOUBLE literal, NaN and infinities included. */
export function quoteReal(value: number): string {
  if (Number.isNaN(value)) return "'nan'::DOUBLE";
  if (!Number.isFinite(value)) return `'${value < 0 ? '-' : ''}inf'::DOUBLE`;
  return `'${Object.is(value, -0) ? '-0' : String(value)}'::DOUBLE`;
}

/** Text that a regular expression matches literally (RE2). */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** One step of a JSON path of DuckDB. */
export function quotePathStep(step: string | number): string {
  if (typeof step === 'number') return step < 0 ? `[#-${-step}]` : `[${step}]`;
  return `."${step.replaceAll('"', '\\"')}"`;
}

/** A key that a DuckDB path cannot say (`*` would be a wildcard) needs a JSON pointer. */
export function needsPointer(step: string | number): boolean {
  return typeof step === 'string' && /["*\\]/.test(step);
}

export function pointerStep(step: string | number): string {
  return `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
