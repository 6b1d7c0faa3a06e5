import type { KqlColumn } from '../../../core/kql-types.ts';
import { quoteString } from '../../../kql/quote.ts';
import type { StandardColumn } from '../../../kql/translate.ts';
import type { StoredTable } from '../catalogue.ts';
import { HIDDEN_COLUMNS } from '../storage-types.ts';

/** The workspace that is embedded here, by the id under which `serve` answers for it. */
const WORKSPACE_ID = '00000000-0000-0000-0000-000000000000';
const { ingestion, arrival, hash } = HIDDEN_COLUMNS;

/** The standard columns of Azure Monitor's log records; TimeGenerated every table has itself. */
const STANDARD: readonly (Omit<StandardColumn, 'sql'> & { readonly sql: (table: StoredTable) => string })[] = [
  { name: 'TenantId', type: 'string', sql: () => quoteString(WORKSPACE_ID) },
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

const byColumns = new WeakMap<StoredTable['columns'], readonly StandardColumn[]>();

/** Those that a table does not store. */
export function standardColumns(table: StoredTable): readonly StandardColumn[] {
  const known = byColumns.get(table.columns);
  if (known) return known;
  const own = missingStandard(table.columns).map((column) => ({ ...column, sql: column.sql(table) }));
  byColumns.set(table.columns, own);
  return own;
}

export function missingStandard(columns: readonly KqlColumn[]): typeof STANDARD {
  const stored = new Set(columns.map(({ name }) => name));
  return STANDARD.filter(({ name }) => !stored.has(name));
}
