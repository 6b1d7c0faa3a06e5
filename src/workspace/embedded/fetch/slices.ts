import type { DuckDBConnection } from '@duckdb/node-api';
import type { Ticks } from '../../../core/ticks.ts';
import type { StoredTable } from '../catalogue.ts';
import { HIDDEN_COLUMNS, tableSql } from '../storage-types.ts';

/** An interval of ingestion time, half-open, and how many stored rows lie in it. */
export interface Slice {
  readonly from: Ticks;
  readonly until: Ticks;
  readonly rows: number;
}

export interface SliceScope {
  readonly from: Ticks;
  readonly until: Ticks;
  readonly arrival?: { readonly after: bigint; readonly upTo: bigint } | undefined;
}

const BINS = 1024n;

/**
 * Cuts an interval where the rows are: pieces of at most `most` rows, but for rows of one and the same tick. A count by equal bins, again
 * within bins that are too full: no sort, and a few milliseconds a million rows.
 */
export async function slicesOf(
  connection: DuckDBConnection,
  tables: readonly StoredTable[],
  scope: SliceScope,
  most: number,
): Promise<Slice[]> {
  const { ingestion, arrival } = HIDDEN_COLUMNS;
  const arrived = scope.arrival ? ` AND ${arrival} > ${scope.arrival.after} AND ${arrival} <= ${scope.arrival.upTo}` : '';
  const stored = (from: Ticks, until: Ticks) =>
    tables
      .map(({ id }) => `SELECT ${ingestion} AS i FROM ${tableSql(id)} WHERE ${ingestion} >= ${from} AND ${ingestion} < ${until}${arrived}`)
      .join(' UNION ALL ');
  const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJS() as bigint[][];

  const cut = async (from: Ticks, until: Ticks, rows: number): Promise<Slice[]> => {
    if (rows <= most || until - from <= 1n) return [{ from, until, rows }];
    const width = (until - from + BINS - 1n) / BINS;
    const bins = await rowsOf(`SELECT (i - ${from}) // ${width} AS bin, count(*) FROM (${stored(from, until)}) GROUP BY bin ORDER BY bin`);
    const pieces: Slice[] = [];
    for (const [bin = 0n, count = 0n] of bins) {
      const start = from + bin * width;
      const end = start + width < until ? start + width : until;
      pieces.push(...(await cut(start, end, Number(count))));
    }
    return pieces;
  };

  const [[first, last, count] = []] = await rowsOf(`SELECT min(i), max(i), count(*) FROM (${stored(scope.from, scope.until)})`);
  if (first === undefined || last === undefined || first === null || last === null) return [];
  return cut(first, last + 1n, Number(count));
}
