import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredTable } from '../catalogue.ts';
import { columnSql, HIDDEN_COLUMNS, tableSql } from '../storage-types.ts';

const { arrival: ARRIVAL, hash: HASH } = HIDDEN_COLUMNS;

/**
 * Deletes the rows of one arrival that are in the table already, or twice among themselves: same Id and same content. No index: a join
 * over the 64-bit hashes takes 71 ms over 10 M rows, an index on them makes each insert 30 times dearer.
 */
export async function deleteDuplicates(connection: DuckDBConnection, table: StoredTable, arrival: bigint): Promise<number> {
  const t = tableSql(table.id);
  const suspects = `SELECT ${HASH} FROM ${t} WHERE ${ARRIVAL} = ${arrival} GROUP BY ${HASH} HAVING count(*) > 1
    UNION ALL SELECT n.${HASH} FROM ${t} n SEMI JOIN (SELECT ${HASH} FROM ${t} WHERE ${ARRIVAL} <> ${arrival}) o ON n.${HASH} = o.${HASH} WHERE n.${ARRIVAL} = ${arrival}`;
  await connection.run(`CREATE OR REPLACE TEMP TABLE fw_suspects AS SELECT DISTINCT ${HASH} FROM (${suspects})`);
  const found = (await connection.runAndReadAll('SELECT count(*) FROM fw_suspects')).getRowsJS()[0]?.[0] as bigint;
  if (found === 0n) return 0;
  const deleted = await connection.run(
    `DELETE FROM ${t} WHERE ${ARRIVAL} = ${arrival} AND rowid IN (
       SELECT n.rowid FROM ${t} n JOIN ${t} o ON n.${HASH} = o.${HASH}
       WHERE n.${ARRIVAL} = ${arrival} AND n.${HASH} IN (SELECT ${HASH} FROM fw_suspects) AND (o.${ARRIVAL} <> ${arrival} OR o.rowid < n.rowid) AND ${sameRow(table)})`,
  );
  return Number(deleted.rowsChanged);
}

/**
 * Equal hashes alone prove nothing: DuckDB's hash() is no cryptographic one, and who writes the logs could make two rows collide so that
 * one is lost. An Id is made by the service; where a table has none, the rows are compared whole. TimeGenerated is left out there: a
 * custom row that came without one was given the time of its import, and its hash says that it had none.
 */
function sameRow(table: StoredTable): string {
  const id = table.columns.findIndex((column) => column.name === 'Id');
  if (id >= 0) return `n.${columnSql(id)} IS NOT DISTINCT FROM o.${columnSql(id)}`;
  const compared = table.columns.flatMap((column, i) => (column.name === 'TimeGenerated' ? [] : [columnSql(i)]));
  return compared.length === 0 ? 'true' : `NOT (${compared.map((c) => `n.${c} IS DISTINCT FROM o.${c}`).join(' OR ')})`;
}
