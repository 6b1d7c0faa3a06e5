import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliJson, comparable, END, inProcess } from './samples.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HOUR = 3_600_000;
let folder: string;
let expected: unknown[];

/** What there is after these runs on a copy of the imported samples. */
async function findingsAfter(name: string, untils: readonly string[]): Promise<unknown[]> {
  const dataDir = join(folder, name);
  cpSync(join(folder, 'base'), dataDir, { recursive: true });
  return inProcess(dataDir, async (call) => {
    for (const until of untils) await call('run', '--until', until);
    return comparable(await call('findings'), { revisions: false });
  });
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
