import { fieldsOf } from '../findings/finding-row.ts';
import { joinUsers, type UserPart } from '../findings/user-parts.ts';
import { FACTOR_FINDINGS, type FindingRow } from '../schema/factor-findings.ts';
import { FACTOR_RUNS } from '../schema/factor-runs.ts';
import type { JsonValue } from '../schema/output-table.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type NamedRow, queryRows } from './query-rows.ts';
import { FINDING_USERS } from './run-records.ts';
import { timeText } from './time-text.ts';

const NEWEST = `FactorFindings_CL
| summarize arg_max(FindingRevision, *) by EventUid`;
const NEWEST_OF = `declare query_parameters(Uids:dynamic);
FactorFindings_CL
| where EventUid in (Uids)
| summarize arg_max(FindingRevision, *) by EventUid`;
/** Findings of one question, so that its text stays far below what the service takes. */
const UIDS_A_QUERY = 500;

const MOST_ROWS = 500_000;

/** What FactorFindings() shows: the newest row of every finding but those withdrawn, ordered by EventStartTime and EventUid. */
export async function currentFindings(workspace: Workspace, signal?: AbortSignal): Promise<readonly FindingRow[]> {
  return (await newestRows(workspace, signal)).filter((row) => fieldsOf(row)['Withdrawn'] !== true);
}

/** The newest row of every finding that was ever written, or of these, ordered by EventStartTime and EventUid. */
export async function newestRows(workspace: Workspace, signal?: AbortSignal, uids?: readonly string[]): Promise<readonly FindingRow[]> {
  if (!(await workspace.tables([FACTOR_FINDINGS.name])).has(FACTOR_FINDINGS.name)) return [];
  const rows =
    uids === undefined ? await queryRows(workspace, { kql: NEWEST, signal, maxRows: MOST_ROWS }) : await rowsOf(workspace, uids, signal);
  return (await whole(rows.map(findingRow), workspace, signal)).sort(byStart);
}

/** The findings with all their users: those that did not fit into a row stand in FactorRuns_CL. */
async function whole(rows: readonly FindingRow[], workspace: Workspace, signal: AbortSignal | undefined): Promise<FindingRow[]> {
  const cut = rows.filter((row) => fieldsOf(row)['UsersCut'] !== undefined).map((row) => row.EventUid);
  if (cut.length === 0 || !(await workspace.tables([FACTOR_RUNS.name])).has(FACTOR_RUNS.name)) return [...rows];
  const parts = await queryRows(workspace, {
    kql: PARTS,
    parameters: { Uids: { type: 'dynamic', value: JSON.stringify(cut) }, Operation: { type: 'string', value: FINDING_USERS } },
    signal,
    maxRows: MOST_ROWS,
  });
  const read = parts.map((row) => JSON.parse(row.text('ExtendedProperties')) as UserPart);
  return rows.map((row) => joinUsers(row, read));
}

const PARTS = `declare query_parameters(Uids:dynamic, Operation:string);
FactorRuns_CL
| where OperationName == Operation and tostring(split(ResourceName, ".")[0]) in (Uids)
| project ExtendedProperties`;

async function rowsOf(workspace: Workspace, uids: readonly string[], signal: AbortSignal | undefined): Promise<readonly NamedRow[]> {
  const rows: NamedRow[] = [];
  for (let start = 0; start < uids.length; start += UIDS_A_QUERY) {
    const value = JSON.stringify(uids.slice(start, start + UIDS_A_QUERY));
    rows.push(...(await queryRows(workspace, { kql: NEWEST_OF, parameters: { Uids: { type: 'dynamic', value } }, signal })));
  }
  return rows;
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
