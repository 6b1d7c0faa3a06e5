import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';

// The first query loads Kusto's parser, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const home = mkdtempSync(join(tmpdir(), 'factorwatch-warnings-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function call(...argv: readonly string[]) {
  const io = memoryIo();
  const context = { cwd: home, env: {}, signal: new AbortController().signal };
  return { code: await runCommandInProcess([...argv, '--data-dir', home], io, context), out: io.stdout(), err: io.stderr() };
}
async function load(table: string, rows: readonly object[]): Promise<void> {
  const file = join(home, `${table}.ndjson`);
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  expect((await call('import', file)).code).toBe(0);
}

test('logs that name users differently are told of, in words and in JSON', async () => {
  const times = (i: number) => ({ TimeGenerated: `2026-03-01T1${i}:00:00Z`, Id: `id-${i}`, CorrelationId: `id-${i}` });
  await load(
    'SigninLogs',
    [1, 2, 3, 4, 5, 6].map((i) => ({ ...times(i), UserId: `short-${i}`, UserPrincipalName: `short${i}`, ResultType: '0' })),
  );
  await load(
    'AuditLogs',
    [1, 2, 3, 4, 5, 6].map((i) => ({
      ...times(i),
      OperationName: 'User registered security info',
      Result: 'success',
      TargetResources: [{ id: `bbbbbbbb-0000-4000-8000-00000000000${i}`, type: 'User', userPrincipalName: `user${i}@contoso.test` }],
    })),
  );
  const words = /6 of 6 users who changed methods never signed in by the logs/;
  const run = await call('run', '--until', '2026-03-02T00:00:00Z', '--json');
  expect(run).toMatchObject({ code: 0, err: expect.stringMatching(words) });
  expect(JSON.parse(run.out).pipelines[0].warnings).toEqual([expect.stringMatching(words)]);
});
