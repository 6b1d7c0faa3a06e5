import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, expect, it } from 'vitest';
import { comparable, END } from '../pipeline/samples.ts';
import { runCommand, type ServeProcess, startServe } from '../support/serve-process.ts';

/** Commands of other processes on a data directory that `serve` holds, several at once, and what becomes of them when it is killed. */
const root = mkdtempSync(join(tmpdir(), 'factorwatch-relayed-'));
const running: ServeProcess[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((serve) => serve.kill('SIGKILL')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const command = (dir: string, ...args: string[]) => runCommand([...args, '--json', '--data-dir', dir]);
const serveOn = async (dir: string) => {
  const serve = await startServe(dir);
  running.push(serve);
  return serve;
};
const findingsOf = async (dir: string) => comparable(JSON.parse((await command(dir, 'findings')).out), { revisions: true });

it('import, run, query and findings at once through serve, killed in the middle and called again: the same as without it', async () => {
  const quiet = join(root, 'quiet');
  expect((await command(quiet, 'import', 'samples')).code).toBe(0);
  expect((await command(quiet, 'run', '--until', END)).code).toBe(0);
  const expected = await findingsOf(quiet);
  expect(expected.length).toBeGreaterThan(5);

  const dir = join(root, 'served');
  const first = await serveOn(dir);
  // Logs are imported while others ask.
  const [imported, asked, listed, status] = await Promise.all([
    command(dir, 'import', 'samples'),
    command(dir, 'query', 'print x = 40 + 2'),
    command(dir, 'findings'),
    command(dir, 'status'),
  ]);
  expect([imported.code, asked.code, listed.code, status.code]).toEqual([0, 0, 0, 0]);
  expect(asked.out).toBe('[{"x":42}]\n');
  expect(JSON.parse(imported.out)).toMatchObject({ rejected: 0 });

  // A run under way, another beside it, then the server is killed under both.
  const under = command(dir, 'run', '--until', END);
  await sleep(1500);
  const beside = command(dir, 'run', '--until', END);
  await sleep(1000);
  await first.kill('SIGKILL');
  for (const { code, out } of await Promise.all([under, beside])) {
    expect([0, 69, 75]).toContain(code);
    if (code !== 0) expect(JSON.parse(out)).toMatchObject({ error: { code: code === 69 ? 'serve-gone' : 'held' } });
  }

  // Its serve.json is still there and names nobody: commands work on the directory itself.
  expect(existsSync(join(dir, 'serve.json'))).toBe(true);
  expect((await command(dir, 'run', '--until', END)).code).toBe(0);
  expect(await findingsOf(dir)).toEqual(expected);
  const twice = await command(dir, 'query', 'FactorFindings_CL | summarize Rows = count() by EventUid, FindingRevision | where Rows > 1');
  expect(twice.out).toBe('[]\n');

  // A new server takes the place of the old record; two runs at once through it: one works, one is told that it is held or has nothing to do.
  await serveOn(dir);
  const codes = (await Promise.all([command(dir, 'run', '--until', END), command(dir, 'run', '--until', END)])).map(({ code }) => code);
  expect(codes).toContain(0);
  expect(codes.filter((code) => code !== 0 && code !== 75)).toEqual([]);
  expect(await findingsOf(dir)).toEqual(expected);
});
