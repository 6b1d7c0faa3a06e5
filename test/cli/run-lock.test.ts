import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { fileCheckpointStore } from '../../src/state/checkpoint-store-file.ts';
import { cli } from '../support/cli.ts';

// The first query loads Kusto's parser, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-lock-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

test('a second run gets 75 before it reads a list or writes a row, and the next one finds nothing half-done', async () => {
  writeFileSync(join(cwd, 'factorwatch.yaml'), 'version: 1\nallow_lists: [{ kind: user, file: absent.txt }]\n');
  const lock = await fileCheckpointStore(join(cwd, '.factorwatch/state/local/account-takeover')).lock({ waitMs: 0 });
  const second = await cli(cwd, 'run', '--json');
  expect(second.code).toBe(75);
  expect(JSON.parse(second.out)).toMatchObject({ error: { code: 'held', message: expect.stringContaining(`process ${process.pid}`) } });
  await lock.release();
  expect((await cli(cwd, 'run')).code).toBe(66);
  expect(JSON.parse((await cli(cwd, 'query', 'FactorRules_CL | count', '--json')).out)).toEqual([{ Count: 0 }]);
  // The run that failed has given its lock back.
  writeFileSync(join(cwd, 'absent.txt'), 'ana@contoso.test\n');
  expect((await cli(cwd, 'run')).code).toBe(0);
});
