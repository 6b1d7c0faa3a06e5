import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryIo } from '../../src/cli/io.ts';
import { runCommandInProcess } from '../../src/cli/run-command.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import { cliJson, comparable, END } from './samples.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HOUR = 3_600_000;
let folder: string;
let expected: unknown[];

/** Runs the command lines on a copy of the imported samples, one process, one open workspace, and gives the findings. */
async function findingsAfter(name: string, untils: readonly string[]): Promise<unknown[]> {
  const dataDir = join(folder, name);
  cpSync(join(folder, 'base'), dataDir, { recursive: true });
  const workspace = await openEmbeddedWorkspace({ directory: dataDir });
  const call = async (...args: readonly string[]): Promise<unknown> => {
    const io = memoryIo();
    const code = await runCommandInProcess([...args, '--json'], io, {
      cwd: ROOT,
      env: {},
      signal: new AbortController().signal,
      serving: { dataDir, workspace },
    });
    if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${io.stdout()} ${io.stderr()}`);
    return JSON.parse(io.stdout());
  };
  for (const until of untils) await call('run', '--until', until);
  const findings = comparable(await call('findings'), { revisions: false });
  await workspace.close();
  return findings;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'factorwatch-cuts-'));
  await cliJson(join(folder, 'base'), 'import', join(ROOT, 'samples'));
  expected = await findingsAfter('one', [END]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['a day', 24],
  ['a day and 22 minutes, off the grid', 24.37],
  ['seven hours and eight minutes', 7.13],
])('a run every %s gives the same findings as one run', async (_, hours) => {
  const untils: string[] = [];
  const from = Date.parse('2026-08-31T00:00:00Z');
  for (let at = from; at < from + 25 * 24 * HOUR; at += hours * HOUR) untils.push(new Date(at).toISOString());
  expect(expected.length).toBeGreaterThan(0);
  expect(await findingsAfter(`every${hours}`, [...untils, END])).toEqual(expected);
});
