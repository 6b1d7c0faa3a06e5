import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from '../support/serve-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'factorwatch-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether a command loaded Microsoft's parser: Node itself names every CommonJS module that it loads. */
async function loadsParser(...args: readonly string[]): Promise<boolean> {
  const { code, out, err } = await runCommand(args, { env: { NODE_DEBUG: 'module' } });
  if (code !== 0) throw new Error(out);
  return err.includes('language-service-next');
}

test('run loads the parser once, and not again while queries and tables stay the same', { timeout: 120_000 }, async () => {
  const data = join(folder, 'data');
  // The first run makes the tables, the second finds them made.
  expect(await loadsParser('run', '--data-dir', data)).toBe(true);
  expect(await loadsParser('run', '--data-dir', data)).toBe(false);
});
