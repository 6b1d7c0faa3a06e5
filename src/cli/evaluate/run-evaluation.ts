import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { type Alert, alertOf } from '../../evaluate/alert.ts';
import { joinTruths, readLabels, type Truth } from '../../evaluate/labels.ts';
import { evaluate, type Report } from '../../evaluate/report.ts';
import { currentFindings } from '../../pipeline/current-findings.ts';
import { queryRows } from '../../pipeline/query-rows.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../context.ts';
import { packageFile } from '../package-root.ts';
import { warn } from '../warn.ts';
import { reportText } from './report-text.ts';
import { workspaceFacts } from './workspace-facts.ts';

export interface NamedReport {
  readonly name: string;
  readonly report: Report;
}

/** A baseline's score: it has but one. */
const RAISED = 60;

/** `evaluate DIR...`: findings against labels, and beside them the baselines. */
export async function runEvaluation(
  context: CommandContext,
  directories: readonly string[],
  { baselines }: { readonly baselines: boolean },
): Promise<number> {
  const { io, json, signal } = context;
  const truth = joinTruths(directories.map((directory) => labelsOf(resolve(context.cwd, directory))));
  const target = await context.target();
  const where = target.kind === 'embedded' ? context.dataDir : `target ${target.name}`;
  if (target.kind === 'embedded' && !existsSync(context.dataDir)) {
    throw new FactorwatchError('evaluate-no-data', `there is no ${where}`, {
      exitCode: ExitCode.noInput,
      hint: 'factorwatch import DIR && factorwatch run makes it; another one is named with --data-dir.',
    });
  }
  const workspace = await context.openWorkspace();
  const { raised, arrivals, warnings } = await workspaceFacts(workspace, truth, { where, signal });
  for (const text of warnings) warn(context, text);
  const findings = await currentFindings(workspace, signal);
  const alerts = findings.filter((row) => row.AlertStatus !== 'Closed').flatMap((row) => alertOf(row, raised.get(row.EventUid)) ?? []);
  const report = evaluate(alerts, truth, { arrivals });
  const others = baselines ? await baselineReports(workspace, truth, signal) : [];
  if (json)
    io.json({
      ...report,
      findings: alerts.length,
      warnings,
      ...(baselines ? { baselines: others.map(({ name, report: other }) => ({ name, ...other })) } : {}),
    });
  else io.out(reportText({ report, findings: alerts.length, baselines: others, layout: io }));
  return ExitCode.done;
}

/** The labels of a folder, or of the file itself. */
function labelsOf(path: string): Truth {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'labels.json') : path;
  if (!existsSync(file)) {
    throw new FactorwatchError('labels-missing', `there is no ${file}`, {
      exitCode: ExitCode.noInput,
      hint: 'factorwatch simulate --out DIR writes a tenant with its labels',
    });
  }
  let labels: unknown;
  try {
    labels = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new FactorwatchError('labels-unusable', `${file} is not JSON`, { exitCode: ExitCode.nothingUsable, cause });
  }
  return readLabels(labels);
}

async function baselineReports(workspace: Workspace, truth: Truth, signal: AbortSignal): Promise<readonly NamedReport[]> {
  const folder = packageFile('queries/baselines');
  const reports: NamedReport[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.kql')) continue;
    const kql = readFileSync(join(folder, file), 'utf8');
    const rows = await queryRows(workspace, { kql, file: `queries/baselines/${file}`, maxRows: 1_000_000, signal });
    const alerts = rows.map((row, at): Alert => {
      const startMs = row.ms('StartTime') ?? Number.NaN;
      return {
        id: `${file} ${at}`,
        users: [row.text('UserId')],
        eventIds: [row.text('EventId')],
        startMs,
        endMs: row.ms('EndTime') ?? startMs,
        score: RAISED,
        confidence: Number.NaN,
        isSource: false,
      };
    });
    reports.push({ name: file.replace(/\.kql$/, ''), report: evaluate(alerts, truth) });
  }
  return reports;
}
