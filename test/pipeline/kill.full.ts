import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliJson, comparable, END, inProcess, startCli } from './samples.ts';

const SEED = 20260301;
const KILLS = 10;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'factorwatch-kills-'));
  await cliJson(join(folder, 'base'), 'import', fileURLToPath(new URL('../../samples', import.meta.url)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

test(`kill -9 at ${KILLS} random moments of a run (seed ${SEED}), then run again: the same findings and revisions, no row twice`, async () => {
  const copy = (name: string) => {
    cpSync(join(folder, 'base'), join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const quiet = copy('quiet');
  const started = Date.now();
  await cliJson(quiet, 'run', '--until', END);
  const length = Date.now() - started;
  const expected = await inProcess(quiet, async (call) => comparable(await call('findings'), { revisions: true }));
  expect(expected.length).toBeGreaterThan(0);

  const next = random(SEED);
  let killed = 0;
  for (let i = 0; i < KILLS; i++) {
    const dir = copy(`kill${i}`);
    // Every second time the run that mends is killed as well.
    for (let times = 0; times <= i % 2; times++) {
      const { child, ended } = startCli(dir, 'run', '--until', END);
      // The first part of a run is loading: nothing durable happens there.
      await sleep(length * (0.3 + 0.8 * next()));
      child.kill('SIGKILL');
      if ((await ended).code === null) killed += 1;
    }
    await cliJson(dir, 'run', '--until', END);
    const after = await inProcess(dir, async (call) => ({
      findings: comparable(await call('findings'), { revisions: true }),
      twice: await call('query', 'FactorFindings_CL | summarize Rows = count() by EventUid, FindingRevision | where Rows > 1'),
    }));
    expect({ i, ...after }).toEqual({ i, findings: expected, twice: [] });
    rmSync(dir, { recursive: true, force: true });
  }
  expect(killed).toBeGreaterThan(KILLS / 2);
});
