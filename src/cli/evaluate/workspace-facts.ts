import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { Raised } from '../../evaluate/alert.ts';
import type { Truth } from '../../evaluate/labels.ts';
import { queryRows } from '../../pipeline/query-rows.ts';
import { FACTOR_FINDINGS } from '../../schema/factor-findings.ts';
import { FACTOR_RUNS } from '../../schema/factor-runs.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** What the workspace tells beside the findings. */
export interface WorkspaceFacts {
  /** By EventUid: the first row of Medium or more. */
  readonly raised: ReadonlyMap<string, Raised>;
  /** By Id: when a labelled registration was ingested, Unix ms. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** What makes the figures worth less than they look. */
  readonly warnings: readonly string[];
}

const RUNS = `FactorRuns_CL
| where OperationName == "Pipeline run" and Status in ("Success", "Partial success") and isnotnull(WindowEnd)
| project RunId, WindowStart, WindowEnd`;
const RAISED = `FactorFindings_CL
| where EventSeverity in ("Medium", "High")
| summarize arg_min(FindingRevision, TimeGenerated, RunId) by EventUid`;
const ARRIVALS = `declare query_parameters(Ids:dynamic);
AuditLogs
| where Id in (Ids)
| project Id, At = ingestion_time()`;
const MOST_IDS = 5000;

/** Reads it, and refuses (65) a workspace that cannot be judged by these labels: no run was made, or the logs are not the tenant's. */
export async function workspaceFacts(workspace: Workspace, truth: Truth, { where, signal }: FactsOptions): Promise<WorkspaceFacts> {
  const tables = await workspace.tables();
  const rowsOf = (table: string, kql: string) =>
    tables.has(table) ? queryRows(workspace, { kql, signal, maxRows: 1_000_000 }) : Promise.resolve([]);
  const hint = `factorwatch import DIR && factorwatch run, both on ${where}; another one is named with --data-dir or --target.`;
  const refuse = (code: string, why: string): never => {
    throw new FactorwatchError(code, why, { exitCode: ExitCode.nothingUsable, hint });
  };
  const ids = [...truth.incidents, ...truth.decoys].flatMap(({ registrationIds }) => registrationIds);
  const arrivals = new Map<string, number>();
  for (let at = 0; at < ids.length && tables.has('AuditLogs'); at += MOST_IDS) {
    const parameters = { Ids: { type: 'dynamic', value: JSON.stringify(ids.slice(at, at + MOST_IDS)) } } as const;
    for (const row of await queryRows(workspace, { kql: ARRIVALS, parameters, signal })) {
      const atMs = row.ms('At') ?? Number.NaN;
      arrivals.set(row.text('Id'), Math.min(atMs, arrivals.get(row.text('Id')) ?? atMs));
    }
  }
  if (ids.length > 0 && arrivals.size === 0)
    refuse(
      'evaluate-other-logs',
      `none of the ${ids.length} registrations that the labels name is in ${where}: its logs are not this tenant's, or none are there`,
    );
  const runs = await rowsOf(FACTOR_RUNS.name, RUNS);
  if (runs.length === 0) refuse('evaluate-no-run', `no run has been made on ${where}: there are no findings to judge`);
  const spans = new Map(runs.map((row) => [row.text('RunId'), { fromMs: row.ms('WindowStart') ?? 0, untilMs: row.ms('WindowEnd') ?? 0 }]));
  const raised = new Map<string, Raised>();
  for (const row of await rowsOf(FACTOR_FINDINGS.name, RAISED)) {
    const span = spans.get(row.text('RunId'));
    if (span !== undefined) raised.set(row.text('EventUid'), { ...span, writtenMs: row.ms('TimeGenerated') ?? Number.NaN });
  }
  return { raised, arrivals, warnings: warningsOf(truth, arrivals, Math.max(...[...spans.values()].map(({ untilMs }) => untilMs))) };
}

export interface FactsOptions {
  /** The workspace as the user knows it. */
  readonly where: string;
  readonly signal?: AbortSignal | undefined;
}

function warningsOf(truth: Truth, arrivals: ReadonlyMap<string, number>, readMs: number): readonly string[] {
  const absent = truth.incidents.filter(
    ({ mustDetect, registrationIds }) => mustDetect && registrationIds.length > 0 && !registrationIds.some((id) => arrivals.has(id)),
  );
  const warnings: string[] = [];
  if (absent.length > 0)
    warnings.push(
      `the registrations of ${absent.length} planted takeovers are not in the workspace: they count as missed (${absent
        .map(({ id }) => id)
        .slice(0, 5)
        .join(', ')})`,
    );
  if (readMs < truth.endMs)
    warnings.push(
      `the last run read up to ${new Date(readMs).toISOString()}, the labels go to ${new Date(truth.endMs).toISOString()}: later attacks count as missed`,
    );
  return warnings;
}
