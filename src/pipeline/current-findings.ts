import { fieldsOf } from '../findings/finding-row.ts';
import { FACTOR_FINDINGS, type FindingRow } from '../schema/factor-findings.ts';
import type { JsonValue } from '../schema/output-table.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type NamedRow, queryRows } from './query-rows.ts';
import { timeText } from './time-text.ts';

const NEWEST = `FactorFindings_CL
| summarize arg_max(FindingRevision, *) by EventUid`;

const MOST_ROWS = 500_000;

/** What FactorFindings() shows: the newest row of every finding but those withdrawn, ordered by EventStartTime and EventUid. */
export async function currentFindings(workspace: Workspace, signal?: AbortSignal): Promise<readonly FindingRow[]> {
  return (await newestRows(workspace, signal)).filter((row) => fieldsOf(row)['Withdrawn'] !== true);
}

/** The newest row of every finding that was ever written, ordered by EventStartTime and EventUid. */
export async function newestRows(workspace: Workspace, signal?: AbortSignal): Promise<readonly FindingRow[]> {
  if (!(await workspace.tables()).has(FACTOR_FINDINGS.name)) return [];
  const rows = await queryRows(workspace, { kql: NEWEST, signal, maxRows: MOST_ROWS });
  return rows.map(findingRow).sort(byStart);
}

function byStart(a: FindingRow, b: FindingRow): number {
  const [x, y] = [`${a.EventStartTime}\n${a.EventUid}`, `${b.EventStartTime}\n${b.EventUid}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

function findingRow(row: NamedRow): FindingRow {
  return Object.fromEntries(FACTOR_FINDINGS.columns.map(({ name, type }) => [name, jsonCell(row, name, type)])) as unknown as FindingRow;
}

/** A cell as JSON has it: datetimes ISO 8601, dynamic as the value it holds. */
function jsonCell(row: NamedRow, name: string, type: string): JsonValue {
  const value = row.cell(name);
  if (type === 'string') return row.text(name);
  if (value === null) return null;
  if (type === 'datetime') return timeText(value as bigint);
  if (type === 'dynamic') return JSON.parse(String(value)) as JsonValue;
  return typeof value === 'bigint' ? Number(value) : value;
}
