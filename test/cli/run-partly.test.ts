import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { callIn } from '../support/cli.ts';
import { ROOT } from '../support/source-files.ts';

// The first query loads Kusto's parser, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const project = mkdtempSync(join(tmpdir(), 'factorwatch-partly-'));
let workspace: Workspace;
const dataDir = join(project, 'data');
beforeAll(async () => {
  mkdirSync(dataDir);
  workspace = await openEmbeddedWorkspace({ directory: dataDir });
});
afterAll(async () => {
  await workspace.close();
  rmSync(project, { recursive: true, force: true });
});
const call = (...argv: readonly string[]) => callIn({ dataDir, workspace, cwd: project }, ...argv);

const PIPELINES = join(project, 'pipelines');
for (const folder of ['pipelines', 'queries']) mkdirSync(join(project, folder));
const pipeline = (name: string, query: string) =>
  writeFileSync(
    join(PIPELINES, `${name}.yaml`),
    `name: ${name}
description: One query.
schedule: "0 * * * *"
window: 1h
delay: 5m
lateness: 15m
history: 1d
queries:
  - { name: registrations, file: ${query}, table: AuditLogs, kind: audit }
detectors: {}
outputs: { findings: FactorFindings_CL, runs: FactorRuns_CL }
`,
  );
const query = (name: string, kql: string) => writeFileSync(join(project, 'queries', name), kql);
const GOOD = readFileSync(join(ROOT, 'queries/registrations.kql'), 'utf8');

async function run() {
  const { code, out, err } = await call('run', '--until', '2026-03-02T00:00:00Z', '--json');
  return { code, err, told: JSON.parse(out) };
}

test('a pipeline whose query does not fit the workspace keeps no other from running, and is made good later', async () => {
  const file = join(project, 'AuditLogs.ndjson');
  const row = { TimeGenerated: '2026-03-01T10:00:00Z', Id: 'a', OperationName: 'User registered security info', Result: 'success' };
  writeFileSync(file, JSON.stringify(row));
  expect((await call('import', file)).code).toBe(0);
  query('good.kql', GOOD);
  query('bad.kql', GOOD.replace('\nAuditLogs\n', '\nAuditLogs\n| where NoSuchColumn == 1\n'));

  pipeline('a-bad', 'bad.kql');
  expect(await run()).toMatchObject({ code: 78, told: { error: { code: 'kql-semantic' } } });

  pipeline('b-good', 'good.kql');
  const partly = await run();
  expect(partly).toMatchObject({
    code: 4,
    told: { status: 'Partial success', pipelines: [{ name: 'b-good', rowsRead: 1 }], failed: [{ name: 'a-bad', code: 'kql-semantic' }] },
  });
  expect(partly.told.failed[0].message).toContain('NoSuchColumn');
  expect(partly.err).toContain('a-bad did not run');

  query('bad.kql', GOOD);
  const whole = await run();
  expect(whole).toMatchObject({
    code: 0,
    told: {
      status: 'Success',
      pipelines: [
        { name: 'a-bad', rowsRead: 1 },
        { name: 'b-good', rowsRead: 0 },
      ],
    },
  });
  expect(whole.told).not.toHaveProperty('failed');
});
