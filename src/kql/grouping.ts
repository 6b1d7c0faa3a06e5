import { type AggregateSink, newId, type Scope } from './context.ts';
import type { Column } from './relation.ts';

/** A grouping while it is written: expressions over its aggregates are translated in `outer`, what is inside the aggregates in `sink.inner`. */
export interface Grouping {
  readonly sink: AggregateSink;
  /** The aggregates met so far, `sql AS id`: they go into the SELECT that groups. */
  readonly aggregates: readonly string[];
  /** The scope of a group: it sees the columns that are grouped by, and no row. */
  readonly outer: Scope;
}

/** Aggregates over the rows of `inner`, grouped by `keys`. */
export function grouping(inner: Scope, keys: readonly Column[] = []): Grouping {
  const { ctx, env } = inner;
  const aggregates: string[] = [];
  const sink: AggregateSink = {
    inner,
    add: (sql, type) => {
      const id = newId(ctx, 'a');
      aggregates.push(`${sql} AS ${id}`);
      return { sql: id, type };
    },
  };
  const rows = { sql: '', columns: keys, order: [], serialized: false, sorted: false };
  return { sink, aggregates, outer: { ctx, env, rows, hoists: [], aggregates: sink } };
}
