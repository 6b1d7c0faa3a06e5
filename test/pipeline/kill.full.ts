import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rng } from '../support/rng.ts';
import { cliJson, comparable, END, inProcess, startCli } from './samples.ts';

const SEED = 20260301;
const KILLS = 10;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'factorwatch-kills-'));
  await cliJson(join(folder, 'base'), 'import', fileURLToPath(new URL('../../samples', import.meta.url)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`kill -9 at ${KILLS} random moments of a run (seed ${SEED}), then run again: the same findings and revisions, no row twice`, async () => {
  const copy = (name: string) => {
    cpSync(join(folder, 'base'), join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const quiet = copy('quiet');
  const started = Date.now();
  await cliJson(quiet, 'run', '--until', END);
  let length = Date.now() - started;
  const expected = await inProcess(quiet, async (call) => comparable(await call('findings'), { revisions: true }));
  expect(expected.length).toBeGreaterThan(0);

  const dice = new Rng(SEED);
  /** Kills a run under way; false where it had ended before, which tells how long a run takes now. */
  const killed = async (dir: string): Promise<boolean> => {
    const began = Date.now();
    const { child, ended } = startCli(dir, 'run', '--until', END);
    let took = Number.POSITIVE_INFINITY;
    const over = ended.then(({ code }) => {
      took = Date.now() - began;
      return code;
    });
    // The first part of a run is loading: nothing durable happens there.
    await sleep(length * (0.3 + 0.7 * dice.next()));
    child.kill('SIGKILL');
    if ((await over) === null) return true;
    length = Math.min(length, took);
    return false;
  };
  for (let i = 0; i < KILLS; i++) {
    let dir = copy(`kill${i}`);
    for (let tries = 0; !(await killed(dir)); tries++) {
      expect(tries).toBeLessThan(10);
      rmSync(dir, { recursive: true, force: true });
      dir = copy(`kill${i}`);
    }
    // Every second time the run that mends is killed as well, if it takes long enough.
    if (i % 2 === 1) await killed(dir);
    await cliJson(dir, 'run', '--until', END);
    const after = await inProcess(dir, async (call) => ({
      findings: comparable(await call('findings'), { revisions: true }),
      twice: await call('query', 'FactorFindings_CL | summarize Rows = count() by EventUid, FindingRevision | where Rows > 1'),
    }));
    expect({ i, ...after }).toEqual({ i, findings: expected, twice: [] });
    rmSync(dir, { recursive: true, force: true });
  }
});
