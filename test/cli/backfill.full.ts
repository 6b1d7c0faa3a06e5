import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cliJson, comparable, END, inProcess, startCli } from '../pipeline/samples.ts';

/** Backfills of samples/ in processes of their own. Live runs have read from LIVE on; the backfill reads what lies before, and some of it. */
const [FROM, LIVE, TO] = ['2026-09-01T00:00:00Z', '2026-09-15T00:00:00Z', '2026-09-16T00:00:00Z'];
const BACKFILL = ['backfill', '--from', FROM, '--to', TO] as const;
const folder = mkdtempSync(join(tmpdir(), 'factorwatch-backfill-'));
const base = join(folder, 'base');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Record<string, unknown> & { readonly EventUid: string; readonly RunKind: string; readonly FindingRevision: number };
const looked = (dir: string, rule: string) =>
  inProcess(dir, async (call) => ({
    findings: (await call('findings')) as Row[],
    rows: (await call('query', 'FactorFindings_CL')) as Row[],
    alerts: (await call('query', rule)) as Row[],
  }));
const promoter = (parse(readFileSync('rules/factorwatch-finding-of-high-severity.yaml', 'utf8')) as { query: string }).query;

let live: Row[];
beforeAll(async () => {
  await cliJson(base, 'import', fileURLToPath(new URL('../../samples', import.meta.url)));
  await cliJson(base, 'run', '--from', LIVE, '--until', '2026-09-18T00:00:00Z');
  live = (await looked(base, promoter)).findings;
});

test('killed at random and called again it ends as the quiet one: Backfill, no alert, and nothing of the live runs is touched', async () => {
  const copy = (name: string) => {
    cpSync(base, join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const quiet = copy('quiet');
  const began = Date.now();
  const told = (await cliJson(quiet, ...BACKFILL)) as { pipelines: { findingsCreated: number; watermark: string }[] };
  const length = Date.now() - began;
  expect(told.pipelines[0]).toMatchObject({ watermark: TO });
  const expected = await looked(quiet, promoter);

  const filled = expected.findings.filter(({ RunKind }) => RunKind === 'Backfill');
  expect(filled.length).toBeGreaterThan(5);
  expect(expected.findings.filter(({ RunKind }) => RunKind === 'Live')).toEqual(live);
  // The alert rules read the last minutes: everything was written in them, and only what live runs found is told.
  const high = live.filter((row) => row['EventSeverity'] === 'High' && row['AlertStatus'] === 'Active').map(({ EventUid }) => EventUid);
  expect(expected.alerts.map(({ EventUid }) => EventUid).sort()).toEqual(high.sort());
  expect(high.length).toBeGreaterThan(0);
  // The service would give an older TimeGenerated its own: it is when the row was written, and the events have their own columns.
  for (const row of filled) {
    expect(Date.now() - Date.parse(String(row['TimeGenerated']))).toBeLessThan(600_000);
    expect(String(row['EventStartTime']) < TO).toBe(true);
  }

  for (const part of [0.45, 0.8]) {
    const dir = copy(`killed-${part}`);
    const { child, ended } = startCli(dir, ...BACKFILL);
    await sleep(length * part);
    child.kill('SIGKILL');
    await ended;
    await cliJson(dir, ...BACKFILL);
    const after = await looked(dir, promoter);
    expect(comparable(after.findings, { revisions: true })).toEqual(comparable(expected.findings, { revisions: true }));
    // Called once more there is nothing left to do.
    const again = (await cliJson(dir, ...BACKFILL)) as { pipelines: object[] };
    expect(again.pipelines[0]).toMatchObject({ windows: 0, rowsRead: 0, findingsCreated: 0, findingsUpdated: 0 });
    rmSync(dir, { recursive: true, force: true });
  }

  // Its checkpoint is its own; the live runs go on where they were, and count their revisions past those of the backfill.
  expect(readdirSync(join(quiet, 'state/local')).sort()).toEqual(['account-takeover', 'backfill']);
  const next = (await cliJson(quiet, 'run', '--until', END)) as { pipelines: { rowsRead: number }[] };
  expect(next.pipelines[0]!.rowsRead).toBeGreaterThan(0);
  const { rows } = await looked(quiet, promoter);
  const names = rows.map(({ EventUid, FindingRevision }) => `${EventUid} ${FindingRevision}`);
  expect(new Set(names).size).toBe(names.length);
});
