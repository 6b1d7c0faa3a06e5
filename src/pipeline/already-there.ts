import { FACTOR_FINDINGS } from '../schema/factor-findings.ts';
import { FACTOR_RUNS } from '../schema/factor-runs.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { queryRows } from './query-rows.ts';

type Row = Readonly<Record<string, unknown>>;

/** The columns that name a row among those of one run. */
const KEYS: ReadonlyMap<string, { readonly table: string; readonly columns: readonly string[] }> = new Map([
  [FACTOR_FINDINGS.stream, { table: FACTOR_FINDINGS.name, columns: ['EventUid', 'FindingRevision'] }],
  [FACTOR_RUNS.stream, { table: FACTOR_RUNS.name, columns: ['OperationName', 'ResourceName'] }],
]);

/**
 * Leaves out the rows that a killed run had uploaded without living to see it acknowledged. The service may be slow to show
 * them; then they are written twice, which readers absorb (FactorFindings()), and nothing is lost.
 */
export function newRowsOf(workspace: Workspace): (stream: string, rows: readonly Row[]) => Promise<readonly Row[]> {
  const known = new Map<string, Promise<ReadonlySet<string>>>();
  return async (stream, rows) => {
    const key = KEYS.get(stream);
    const runId = rows[0]?.['RunId'];
    if (key === undefined || typeof runId !== 'string') return rows;
    const question = `${stream}\n${runId}`;
    const there = known.get(question) ?? namesOf(workspace, key, runId);
    known.set(question, there);
    const names = await there;
    return rows.filter((row) => !names.has(key.columns.map((column) => String(row[column])).join('\n')));
  };
}

async function namesOf(
  workspace: Workspace,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  runId: string,
) {
  if (!(await workspace.tables([table])).has(table)) return new Set<string>();
  const rows = await queryRows(workspace, {
    kql: `declare query_parameters(Run:string);\n${table}\n| where RunId == Run\n| project ${columns.join(', ')}`,
    parameters: { Run: { type: 'string', value: runId } },
  });
  return new Set(rows.map((row) => columns.map((column) => row.text(column)).join('\n')));
}
