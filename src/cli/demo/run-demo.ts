import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grouped } from '../../core/counted.ts';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { TICKS_PER_HOUR, ticksFromMs } from '../../core/ticks.ts';
import { readLabels, type Truth } from '../../evaluate/labels.ts';
import { SEVERITIES } from '../../findings/severity.ts';
import { currentFindings } from '../../pipeline/current-findings.ts';
import { queryRows } from '../../pipeline/query-rows.ts';
import type { FindingRow } from '../../schema/factor-findings.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../context.ts';
import { loadFiles } from '../import/import-logs.ts';
import { packageFile } from '../package-root.ts';
import { type Progress, stagedProgress } from '../progress.ts';
import { runPipelines } from '../run/run-pipelines.ts';
import { VERSION } from '../version.ts';
import { type Comparison, compare } from './attacks.ts';
import { demoText } from './demo-text.ts';
import { keepSql, takeKeptSql } from './kept-sql.ts';

const SOURCES = ['SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs', 'AADUserRiskEvents'];

/** The demo: import, run, findings, and how they compare with what was planted. */
export async function runDemo(outer: CommandContext): Promise<number> {
  if (outer.dataDirGiven) return demoIn(outer, outer.dataDir);
  // The next steps that the demo names work on this folder; one of a demo that did not come to its end is of no use to anybody.
  const dataDir = mkdtempSync(join(tmpdir(), 'factorwatch-demo-'));
  let code: number | undefined;
  outer.onEnd(() => {
    if (code !== ExitCode.done || outer.signal.aborted) rmSync(dataDir, { recursive: true, force: true });
  });
  code = await demoIn(outer, dataDir);
  return code;
}

async function demoIn(outer: CommandContext, dataDir: string): Promise<number> {
  const samples = packageFile('samples');
  const labels = sampleLabels(join(samples, 'labels.json'));
  const context = await demoContext(outer, dataDir);
  await takeKeptSql(context.dataDir);
  const { io, json } = context;
  if (!json) io.out(`Factorwatch ${VERSION}, embedded workspace in ${context.dataDir}\n`);
  const progress = stagedProgress(io, { total: 3, json, clock: context.clock });
  await importStage(context, progress, samples);
  const workspace = await context.openWorkspace();
  await runStage(context, progress, workspace);
  const findings = await findingsStage(context, progress, workspace);
  await keepSql(context.dataDir);
  const comparison = compare(findings, labels);
  if (json) io.json(demoJson(findings, comparison, { progress, dataDir: context.dataDir }));
  else io.out(`\n${demoText({ findings, comparison, dataDir: context.dataDir, layout: io })}`);
  return ExitCode.done;
}

/** Whatever is configured around it, the demo works on an embedded workspace of its own, with the rules and pipelines that came with Factorwatch. */
async function demoContext(outer: CommandContext, dataDir: string): Promise<CommandContext> {
  const { configSchema } = await import('../config/schema.ts');
  const target = { kind: 'embedded', name: 'local' } as const;
  let workspace: Promise<Workspace> | undefined;
  const context: CommandContext = {
    ...outer,
    dataDir,
    config: async () => ({ ...configSchema.parse({ version: 1 }), file: undefined }),
    target: async () => target,
    folder: packageFile,
    openWorkspace: () => {
      workspace ??= import('../open-workspace.ts').then(async ({ openWorkspace }) => {
        const opened = await openWorkspace(target, context);
        outer.onEnd(() => opened.close());
        return opened;
      });
      return workspace;
    },
  };
  return context;
}

function sampleLabels(path: string): Truth {
  if (existsSync(path)) return readLabels(JSON.parse(readFileSync(path, 'utf8')));
  throw new FactorwatchError('samples-missing', `the sample tenant is missing: ${path}`, {
    exitCode: ExitCode.noInput,
    hint: 'Install Factorwatch again; the folder samples/ belongs to it.',
  });
}

async function importStage(context: CommandContext, progress: Progress, samples: string): Promise<void> {
  const stage = progress.stage('import');
  const files = SOURCES.concat('IdentityInfo').map((table) => join(samples, `${table}.ndjson.gz`));
  const { rows, duplicates, byTable } = await loadFiles(context, files, { stage });
  stage.done(`${Object.keys(byTable).length} tables, ${grouped(rows)} rows of logs (${grouped(duplicates)} came twice)`);
}

async function runStage(context: CommandContext, progress: Progress, workspace: Workspace): Promise<void> {
  const stage = progress.stage('run');
  const { results } = await runPipelines(context, {
    names: [],
    until: await endOf(workspace),
    lockWaitMs: 0,
    onProgress: ({ windows, windowsTotal, rows }) =>
      stage.update(`${grouped(windows)} of ${grouped(windowsTotal)} windows, ${grouped(rows)} rows`),
  });
  const total = (count: (result: (typeof results)[number]) => number) => results.reduce((sum, result) => sum + count(result), 0);
  stage.done(
    `${grouped(total(({ windows }) => windows))} windows, ${grouped(total(({ rowsRead }) => rowsRead))} rows read by KQL and judged`,
  );
}

/** The sample's own end, so that the demo does not depend on today's date: an hour after its last row came in. */
async function endOf(workspace: Workspace) {
  const each = SOURCES.map((table) => `(${table} | summarize Last = max(ingestion_time()))`);
  const [row] = await queryRows(workspace, { kql: `union ${each.join(', ')} | summarize Last = max(Last)` });
  return ticksFromMs(row?.ms('Last') ?? 0) + TICKS_PER_HOUR;
}

async function findingsStage(context: CommandContext, progress: Progress, workspace: Workspace): Promise<readonly FindingRow[]> {
  const stage = progress.stage('findings');
  const findings = await currentFindings(workspace, context.signal);
  const counts = SEVERITIES.toReversed().map(
    (severity) => `${findings.filter((row) => row.EventSeverity === severity).length} ${severity}`,
  );
  stage.done(`${findings.length} findings: ${counts.join(', ')}`);
  return findings;
}

function demoJson(
  findings: readonly FindingRow[],
  { verdicts, falseFindings }: Comparison,
  { progress, dataDir }: { readonly progress: Progress; readonly dataDir: string },
) {
  const found = verdicts.filter(({ finding }) => finding !== undefined).length;
  return {
    dataDir,
    findings,
    attacks: {
      planted: verdicts.length,
      found,
      missed: verdicts.length - found,
      falseFindings: falseFindings.map(({ EventUid }) => EventUid),
      incidents: verdicts.map(({ incident: { id, scenario, variant }, finding }) => ({
        id,
        scenario,
        variant,
        found: finding !== undefined,
        EventUid: finding?.EventUid ?? null,
      })),
    },
    stages: progress.finished,
  };
}
