import { counted, grouped } from '../../core/counted.ts';
import { ExitCode } from '../../core/errors.ts';
import { SEVERITIES } from '../../findings/severity.ts';
import { currentFindings } from '../../pipeline/current-findings.ts';
import { pipelineNames } from '../../pipeline/pipeline-file.ts';
import { queryRows } from '../../pipeline/query-rows.ts';
import { type PipelineStatus, pipelineStatus } from '../../pipeline/status.ts';
import { timeText } from '../../pipeline/time-text.ts';
import { FACTOR_RUNS } from '../../schema/factor-runs.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../context.ts';
import { openStateStore } from '../run/state-store.ts';
import { tableText } from '../table.ts';
import { plain, wrap } from '../text.ts';

const LAST_RUNS = `FactorRuns_CL
| where OperationName == "Pipeline run"
| top 5 by TimeGenerated desc
| project TimeGenerated, ResourceName, Status, Reason, RowsRead, RowsLate, FindingsCreated, FindingsUpdated, DurationMs, RunId`;

/** Watermarks, what waits, the last runs, open findings. */
export async function printStatus(context: CommandContext): Promise<number> {
  const { io, json } = context;
  const target = await context.target();
  const pipelines = await Promise.all(
    pipelineNames(context.folder('pipelines')).map((name) =>
      pipelineStatus(name, openStateStore(target, context.dataDir, name), context.clock()),
    ),
  );
  const workspace = await context.openWorkspace();
  const active = (await currentFindings(workspace, context.signal)).filter((row) => row.AlertStatus === 'Active');
  const findings = Object.fromEntries(
    SEVERITIES.toReversed().map((severity) => [severity, active.filter((row) => row.EventSeverity === severity).length]),
  );
  const runs = await lastRuns(workspace, context.signal);
  if (json) io.json({ target: target.name, kind: target.kind, dataDir: context.dataDir, pipelines, findings, runs });
  else {
    const lines = [`target ${target.name} (${target.kind}), state in ${plain(context.dataDir)}`, ...pipelines.flatMap(pipelineLines)];
    for (const line of lines.flatMap((text) => wrap(text, io.columns))) io.out(line);
    io.out(
      `active findings: ${Object.entries(findings)
        .map(([severity, count]) => `${severity} ${count}`)
        .join(', ')}`,
    );
    if (runs.length > 0) {
      io.out('');
      io.out(
        tableText(
          [
            { title: 'LAST RUNS (UTC)' },
            { title: 'PIPELINE', overflow: 'cut' },
            { title: 'STATUS' },
            { title: 'ROWS', align: 'right' },
            { title: 'NEW + CHANGED', align: 'right' },
            { title: 'SECONDS', align: 'right' },
          ],
          runs.map((run) => [
            run.time.slice(0, 19).replace('T', ' '),
            run.pipeline,
            run.reason === '' ? run.status : `${run.status}: ${run.reason}`,
            grouped(run.rowsRead),
            `${run.findingsCreated} + ${run.findingsUpdated}`,
            (run.durationMs / 1000).toFixed(1),
          ]),
          { columns: io.columns },
        ),
      );
    }
  }
  return ExitCode.done;
}

function pipelineLines({ name, watermark, behindSeconds, waitingSlices, unusable }: PipelineStatus): string[] {
  if (unusable !== null) return [`${name}: the state cannot be used (${unusable}); the next run builds it again`];
  if (watermark === null) return [`${name}: has not run yet`];
  const waiting =
    waitingSlices > 0
      ? [`  ${counted(waitingSlices, 'slice')} of rows ${waitingSlices === 1 ? 'waits' : 'wait'} to be uploaded; the next run sends them`]
      : [];
  return [`${name}: has read everything up to ${watermark}, ${spanText(behindSeconds ?? 0)} ago`, ...waiting];
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

async function lastRuns(workspace: Workspace, signal: AbortSignal) {
  if (!(await workspace.tables([FACTOR_RUNS.name])).has(FACTOR_RUNS.name)) return [];
  const rows = await queryRows(workspace, { kql: LAST_RUNS, signal });
  return rows.map((row) => ({
    time: timeText((row.cell('TimeGenerated') as bigint | null) ?? 0n),
    pipeline: row.text('ResourceName'),
    status: row.text('Status'),
    reason: row.text('Reason'),
    rowsRead: Number(row.cell('RowsRead') ?? 0),
    rowsLate: Number(row.cell('RowsLate') ?? 0),
    findingsCreated: Number(row.cell('FindingsCreated') ?? 0),
    findingsUpdated: Number(row.cell('FindingsUpdated') ?? 0),
    durationMs: Number(row.cell('DurationMs') ?? 0),
    runId: row.text('RunId'),
  }));
}
