/** The scan of a table as it stands in SQL: `SELECT <items> <tail>`. */
export interface Scan {
  readonly items: readonly { readonly sql: string; readonly id: string }[];
  /** From FROM on. */
  readonly tail: string;
}

export function scanSql({ items, tail }: Scan): string {
  return `SELECT ${items.map(({ sql, id }) => `${sql} AS ${id}`).join(', ') || '1 AS nothing'} ${tail}`;
}

/**
 * Takes columns out of scans that nothing else in the text names. DuckDB would not read them either, but it plans each through all
 * the subqueries: the 95 of SigninLogs cost 3 ms a query. Sound because a column is only ever meant by its id: `*` is used to pass
 * columns on, and never to count them, to compare rows or to put tables one below the other.
 */
export function pruned(sql: string, scans: readonly Scan[]): string {
  const texts = [...new Map(scans.map((scan) => [scanSql(scan), scan]))];
  const outside = texts.reduce((rest, [text]) => rest.replaceAll(text, ' '), sql);
  // Ids are never quoted; the names of the answer ("c0") are.
  const named = new Set(outside.match(/(?<!")\b[a-z]+\d+\b/g));
  return texts.reduce((all, [text, { items, tail }]) => {
    const kept = scanSql({ items: items.filter(({ id }) => named.has(id)), tail });
    return all.replaceAll(text, () => kept);
  }, sql);
}
