import type { KqlColumn } from '../../../core/kql-types.ts';
import { quoteString } from '../../../kql/quote.ts';
import type { StandardColumn } from '../../../kql/translate.ts';
import type { StoredTable } from '../catalogue.ts';
import { HIDDEN_COLUMNS } from '../storage-types.ts';

const { ingestion, arrival, hash } = HIDDEN_COLUMNS;

/** The standard columns of Azure Monitor's log records; TimeGenerated every table has itself. */
const STANDARD: readonly (Omit<StandardColumn, 'sql'> & { readonly sql: (table: StoredTable, workspaceId: string) => string })[] = [
  { name: 'TenantId', type: 'string', sql: (_, workspaceId) => quoteString(workspaceId) },
  { name: 'Type', type: 'string', sql: ({ name }) => quoteString(name) },
  // Rows that are the same in all else lie in different places.
  {
    name: '_ItemId',
    type: 'string',
    sql: ({ id }) => `CAST(CAST(md5(concat_ws('.', ${id}, rowid, ${arrival}, ${hash})) AS UUID) AS VARCHAR)`,
  },
  { name: '_TimeReceived', type: 'datetime', sql: () => ingestion },
  // Logs of a tenant belong to no Azure resource; nobody is billed here, and tables that store these have them empty too.
  { name: '_ResourceId', type: 'string', sql: () => "''" },
  { name: '_SubscriptionId', type: 'string', sql: () => "''" },
  { name: '_IsBillable', type: 'string', sql: () => "''" },
  { name: '_BilledSize', type: 'real', sql: () => 'CAST(NULL AS DOUBLE)' },
];

/** Each stored table has an array of its own, so it stands for its workspace too. */
const byColumns = new WeakMap<StoredTable['columns'], readonly StandardColumn[]>();

/** Those that a table does not store. TenantId is the workspace's id, as in Log Analytics. */
export function standardColumns(table: StoredTable, workspaceId: string): readonly StandardColumn[] {
  const known = byColumns.get(table.columns);
  if (known) return known;
  const own = missingStandard(table.columns).map((column) => ({ ...column, sql: column.sql(table, workspaceId) }));
  byColumns.set(table.columns, own);
  return own;
}

export function missingStandard(columns: readonly KqlColumn[]): typeof STANDARD {
  const stored = new Set(columns.map(({ name }) => name));
  return STANDARD.filter(({ name }) => !stored.has(name));
}
