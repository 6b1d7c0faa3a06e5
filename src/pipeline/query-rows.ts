import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { KqlValue } from '../core/kql-types.ts';
import { msFromTicks } from '../core/ticks.ts';
import type { QueryRequest, Workspace } from '../workspace/workspace.ts';

/** A row with its cells by column name. */
export interface NamedRow {
  text(name: string): string;
  /** Unix milliseconds of a datetime; undefined where it is null. */
  ms(name: string): number | undefined;
  bool(name: string): boolean | undefined;
  cell(name: string): KqlValue;
}

/** All rows of a query. An answer that is not whole is an error: a part of the rows would be a wrong answer. */
export async function queryRows(workspace: Workspace, request: QueryRequest): Promise<readonly NamedRow[]> {
  const answer = await workspace.query(request);
  const position = new Map(answer.columns.map(({ name }, i) => [name, i]));
  const rows: NamedRow[] = [];
  for await (const chunk of answer.chunks) for (const cells of chunk) rows.push(namedRow(cells, position));
  const partial = answer.partial();
  if (partial === undefined) return rows;
  throw new FactorwatchError('partial-answer', `the answer of ${request.file ?? 'a query'} was cut: ${partial.message}`, {
    exitCode: ExitCode.unavailable,
    where: { file: request.file },
  });
}

function namedRow(cells: readonly KqlValue[], position: ReadonlyMap<string, number>): NamedRow {
  const cell = (name: string): KqlValue => cells[position.get(name) ?? -1] ?? null;
  return {
    cell,
    text: (name) => {
      const value = cell(name);
      return value === null ? '' : String(value);
    },
    ms: (name) => {
      const value = cell(name);
      return typeof value === 'bigint' ? msFromTicks(value) : undefined;
    },
    bool: (name) => {
      const value = cell(name);
      return typeof value === 'boolean' ? value : undefined;
    },
  };
}
