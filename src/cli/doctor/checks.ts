import { type ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { KqlColumn, KqlValue } from '../../core/kql-types.ts';
import { msFromTicks } from '../../core/ticks.ts';
import { LOG_ANALYTICS_TABLES } from '../../schema/log-analytics-tables.ts';
import { OUTPUT_TABLES } from '../../schema/output-tables.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** One line of what doctor found. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  readonly hint?: string | undefined;
  /** Of a failure: how the command ends because of it. */
  readonly exitCode?: ExitCode | undefined;
}

export interface DoctorParts {
  readonly workspace: Workspace;
  /** Azure only: whether each workspace answers; undefined = yes. */
  readonly reach?: (() => Promise<ReadonlyMap<string, FactorwatchError | undefined>>) | undefined;
  /** Where runs keep their state, and a try to write there. */
  readonly state?: { readonly place: string; readonly tryWrite: () => Promise<void> } | undefined;
  /** Where the resource id of the workspace is known: what the deployed rule has otherwise than this version wants and the configuration says. */
  readonly rule?: (() => Promise<readonly string[]>) | undefined;
  /** Azure only: whether a stream could be written; undefined = yes. */
  readonly probe?: ((stream: string) => Promise<FactorwatchError | undefined>) | undefined;
  /** Now, in Unix milliseconds. */
  readonly clock: () => number;
}

/** Clocks further apart than this make findings look late or early. */
const MOST_SKEW_MS = 60_000;
/** The logs without which nothing can be judged; the others only add to it. */
const NEEDED_LOGS = ['SigninLogs', 'AuditLogs'];
const OTHER_LOGS = ['AADNonInteractiveUserSignInLogs', 'AADUserRiskEvents'];
const DELAY_STEP_MINUTES = 5;

async function rowsOf(workspace: Workspace, kql: string): Promise<readonly (readonly KqlValue[])[]> {
  const rows: (readonly KqlValue[])[] = [];
  const { chunks } = await workspace.query({ kql, timespan: 'P2D', timeoutMs: 120_000 });
  for await (const chunk of chunks) rows.push(...chunk);
  return rows;
}

function failed(check: string, error: unknown): Finding {
  if (!(error instanceof FactorwatchError)) throw error;
  return { check, status: 'failed', message: error.message, hint: error.hint, exitCode: error.exitCode };
}

/** Token and role for each workspace, and the clock: what time it is there. */
async function access({ workspace, clock, reach }: DoctorParts): Promise<readonly Finding[]> {
  const refused = [...((await reach?.()) ?? [])].flatMap(([id, error]) => (error === undefined ? [] : [failed(`workspace ${id}`, error)]));
  if (refused.length > 0) return refused;
  const before = clock();
  let there: KqlValue;
  try {
    there = (await rowsOf(workspace, 'print Now = now()'))[0]?.[0] ?? null;
  } catch (error) {
    return [failed('query access', error)];
  }
  const after = clock();
  const ok: Finding = { check: 'query access', status: 'ok', message: 'the workspace answers' };
  if (typeof there !== 'bigint') return [ok];
  const skew = msFromTicks(there) - (before + after) / 2;
  // Half of the time the answer took is not known to be skew.
  const sure = Math.max(0, Math.abs(skew) - (after - before) / 2);
  if (sure === 0)
    return [ok, { check: 'clock', status: 'ok', message: 'no difference between this machine and the workspace can be told' }];
  const words = `this machine is ${(Math.abs(skew) / 1000).toFixed(1)} s ${skew > 0 ? 'behind' : 'ahead of'} the workspace`;
  if (sure <= MOST_SKEW_MS) return [ok, { check: 'clock', status: 'ok', message: words }];
  return [ok, { check: 'clock', status: 'warning', message: words, hint: 'Set the clock of this machine (NTP).' }];
}

function compareTable(name: string, there: readonly KqlColumn[] | undefined, needed: boolean): Finding {
  const check = `table ${name}`;
  const spec = LOG_ANALYTICS_TABLES.get(name) ?? OUTPUT_TABLES.find((table) => table.name === name)!;
  const ours = name.endsWith('_CL');
  if (there === undefined) {
    const hint = ours ? 'Run `factorwatch deploy`.' : 'Turn on its category in the diagnostic settings of Microsoft Entra ID.';
    return { check, status: needed ? 'failed' : 'warning', message: 'is not there', hint };
  }
  const types = new Map(there.map((column) => [column.name, column.type]));
  const missing = spec.columns.filter((column) => !types.has(column.name)).map((column) => column.name);
  const other = spec.columns.filter((column) => (types.get(column.name) ?? column.type) !== column.type);
  if (missing.length === 0 && other.length === 0) return { check, status: 'ok', message: `${there.length} columns` };
  const parts = [
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
    ...other.map(({ name: column, type }) => `${column} is ${types.get(column)}, not ${type}`),
  ];
  return {
    check,
    status: ours ? 'failed' : 'warning',
    message: parts.join('; '),
    hint: ours ? 'Run `factorwatch deploy`.' : 'Columns that a log lacks are read as empty only where the query says so.',
  };
}

async function tables({ workspace }: DoctorParts): Promise<readonly Finding[]> {
  let there: ReadonlyMap<string, readonly KqlColumn[]>;
  try {
    there = await workspace.tables();
  } catch (error) {
    return [failed('tables', error)];
  }
  const names = [...NEEDED_LOGS, ...OTHER_LOGS, ...OUTPUT_TABLES.map(({ name }) => name)];
  return names.map((name) => compareTable(name, there.get(name), !OTHER_LOGS.includes(name)));
}

async function streams({ probe }: DoctorParts): Promise<readonly Finding[]> {
  if (!probe) return [];
  return Promise.all(
    OUTPUT_TABLES.map(async ({ stream }): Promise<Finding> => {
      const check = `stream ${stream}`;
      try {
        const error = await probe(stream);
        if (error === undefined) return { check, status: 'ok', message: 'can be written' };
        return { ...failed(check, error), hint: error.hint ?? 'Compare the rule with `factorwatch plan`.' };
      } catch (error) {
        return failed(check, error);
      }
    }),
  );
}

/** How long rows take from event to table, and the delay of a pipeline that waits for 99 in 100 of them. */
async function delays({ workspace }: DoctorParts): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of [...NEEDED_LOGS, ...OTHER_LOGS]) {
    const check = `delay of ${name}`;
    try {
      const [row] = await rowsOf(
        workspace,
        `${name} | where ingestion_time() > ago(1d) | extend Seconds = tolong((ingestion_time() - TimeGenerated) / 1s) | where isnotnull(Seconds)
| summarize Rows = count(), P50 = percentile(Seconds, 50), P95 = percentile(Seconds, 95), P99 = percentile(Seconds, 99)`,
      );
      const [count, p50, p95, p99] = (row ?? []).map(Number);
      if (!count) {
        findings.push({ check, status: 'warning', message: 'no row was ingested in the last day' });
        continue;
      }
      const minutes = Math.max(DELAY_STEP_MINUTES, Math.ceil((p99 ?? 0) / 60 / DELAY_STEP_MINUTES) * DELAY_STEP_MINUTES);
      const message = `p50 ${Math.round(p50 ?? 0)} s, p95 ${Math.round(p95 ?? 0)} s, p99 ${Math.round(p99 ?? 0)} s over ${count} rows; delay to set: ${minutes}m`;
      findings.push({ check, status: 'ok', message });
    } catch (error) {
      // A table that is not there was told already.
      if (!(error instanceof FactorwatchError)) throw error;
      if (error.code !== 'kql-semantic') findings.push(failed(check, error));
    }
  }
  return findings;
}

async function state({ state: there }: DoctorParts): Promise<readonly Finding[]> {
  if (there === undefined) return [];
  try {
    await there.tryWrite();
  } catch (error) {
    return [failed('state', error)];
  }
  return [{ check: 'state', status: 'ok', message: `${there.place} can be written` }];
}

/** The rule as it is deployed: a stream that lacks a column drops what is sent in it, without a word. */
async function rule({ rule: differences }: DoctorParts): Promise<readonly Finding[]> {
  if (differences === undefined) return [];
  const check = 'data collection rule';
  try {
    const found = await differences();
    if (found.length === 0) return [{ check, status: 'ok', message: 'has the streams and columns of this version' }];
    return [
      { check, status: 'failed', message: found.join('; '), hint: 'Run `factorwatch deploy`, and compare `ingest` with what it prints.' },
    ];
  } catch (error) {
    return [failed(check, error)];
  }
}

const STEPS = [access, tables, streams, rule, state, delays];

/** Runs the checks in order; where the workspace does not answer at all, the others would only say so again. */
export async function runChecks(parts: DoctorParts, onFinding: (finding: Finding) => void): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for (const step of STEPS) {
    for (const finding of await step(parts)) {
      all.push(finding);
      onFinding(finding);
    }
    if (step === access && all.some(({ status }) => status === 'failed')) break;
  }
  return all;
}
