import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { ErrorBody } from './failures.ts';

/** How Kusto says that a name at the place of a table is not known; a missing column reads otherwise. */
const MISSING_TABLE =
  /failed to resolve (?:table or column|table) expression(?: named)? '([^']+)'|(?:unknown|no) table (?:named )?'([^']+)'/i;

const CODES: readonly (readonly [wire: RegExp, code: string])[] = [
  [/^Unsupported$/i, 'kql-unsupported'],
  [/Syntax|^SYN/i, 'kql-syntax'],
  [/Semantic|^SEM/i, 'kql-semantic'],
];

/** The service's refusal of a query as our error, and the table it misses where it is that. */
export function kqlErrorFrom(
  body: ErrorBody,
  file: string | undefined,
): { readonly error: FactorwatchError; readonly missing: string | undefined } {
  let text = body.message ?? 'the service refused the query without a reason';
  let line: number | undefined;
  let column: number | undefined;
  let code = 'kql-invalid';
  for (let inner = body.innererror; inner; inner = inner.innererror) {
    if (inner.message !== undefined && !text.includes(inner.message)) text += ` ${inner.message}`;
    line ??= inner.line;
    column ??= inner.pos;
    const known = CODES.find(([wire]) => wire.test(inner.code ?? ''));
    if (known && code === 'kql-invalid') code = known[1];
  }
  const missing = MISSING_TABLE.exec(text);
  return {
    error: new FactorwatchError(code, text, { exitCode: ExitCode.invalid, where: { file, line, column } }),
    missing: missing?.[1] ?? missing?.[2],
  };
}
