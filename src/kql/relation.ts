import type { KqlColumn, KqlType } from '../core/kql-types.ts';
import { sqlType } from './scalar.ts';

/** A column of a relation: its Kusto name and type, and the SQL name, unique in the whole query. */
export interface Column extends KqlColumn {
  readonly id: string;
}

/** A column (visible or hidden) that the rows are ordered by. */
export interface OrderKey {
  readonly id: string;
  readonly desc: boolean;
  readonly nullsFirst: boolean;
  /** reals need NaN set apart, see orderSql */
  readonly real?: boolean | undefined;
}

/**
 * The value of a tabular expression: a SELECT whose columns have the ids, and the order its rows are in. DuckDB keeps no order
 * through joins and aggregates, so the keys travel as columns and every operator that depends on order names them.
 */
export interface Relation {
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly order: readonly OrderKey[];
  /** Kusto calls the set serialised: after sort, top, range, serialize ... row_number() and prev() are allowed. */
  readonly serialized: boolean;
  /** The order is the user's (sort, top), not just the way the rows came. */
  readonly sorted: boolean;
  /** The rows are still those of one table, with their ingestion time in a hidden column. */
  readonly ingestion?: boolean | undefined;
  /** The rows are made one after the other in this order, so that where it still is the order nothing need sort them (they may be without end). */
  readonly streamed?: readonly OrderKey[] | undefined;
  /** After an innerunique join: the same join with a condition on left columns laid before the left side is made unique. */
  readonly refilter?: ((condition: (left: Relation) => string, names: readonly string[]) => Relation | undefined) | undefined;
  /** Hidden columns that part the rows (mv-apply, partition): every operator works on each part by itself. */
  readonly parts?: readonly string[] | undefined;
}

function orderSql(order: readonly OrderKey[]): string {
  return order
    .map((k) => {
      const plain = `${k.id}${k.desc ? ' DESC' : ''} NULLS ${k.nullsFirst ? 'FIRST' : 'LAST'}`;
      // NaN stands beside the nulls, whichever way the numbers go.
      if (!k.real) return plain;
      return `CASE WHEN ${k.id} IS NULL THEN 0 WHEN isnan(${k.id}) THEN 1 ELSE 2 END${k.nullsFirst ? '' : ' DESC'}, ${plain}`;
    })
    .join(', ');
}

export function orderClause(order: readonly OrderKey[]): string {
  return order.length > 0 ? ` ORDER BY ${orderSql(order)}` : '';
}

/** The clause for rows that are to come in their order, empty where they are made in it. */
export function sortClause({ order, streamed }: Pick<Relation, 'order' | 'streamed'>): string {
  return order === streamed ? '' : orderClause(order);
}

export function findColumn(relation: Relation, name: string): Column | undefined {
  return relation.columns.find((c) => c.name === name);
}

/** Hidden columns that must be carried on since rows are ordered by them. */
export function hiddenIds(relation: Relation, visible: readonly { readonly id: string }[]): string[] {
  const seen = new Set(visible.map((c) => c.id));
  const carried = [...relation.order.map((k) => k.id), ...(relation.parts ?? []), ...(relation.ingestion ? [INGESTION_ID] : [])];
  return carried.filter((id) => !seen.has(id) && seen.add(id));
}

/** The hidden column that a table scan carries for ingestion_time(). */
export const INGESTION_ID = 'ingestion0';

/** Narrows a relation to these columns, in this order; hidden order keys stay. */
export function select(relation: Relation, columns: readonly Column[]): Relation {
  const ids = [...new Set(columns.map((c) => c.id)), ...hiddenIds(relation, columns)];
  return { ...relation, columns, sql: `SELECT ${ids.length > 0 ? ids.join(', ') : '1 AS nothing'} FROM (${relation.sql})` };
}

export function emptyOf(columns: readonly Column[]): Relation {
  const list = columns.map((c) => `NULL::${sqlType(c.type)} AS ${c.id}`).join(', ') || '1 AS nothing';
  return { sql: `SELECT ${list} WHERE false`, columns, order: [], serialized: false, sorted: false };
}

/** What a missing value of a type is in SQL: strings are never null. */
export function missing(type: KqlType): string {
  return type === 'string' ? "''" : `NULL::${sqlType(type)}`;
}
