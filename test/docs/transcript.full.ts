import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { textOf } from '../support/source-files.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-transcript-'));
afterAll(() => rmSync(cwd, { recursive: true }));

it('README.md shows what the demo prints; if not: npm run transcript', async () => {
  const { out } = await cli(cwd, 'demo', '--data-dir', 'data');
  const lines = out.split('\n').filter((line) => /^(High|Medium|Low) |^Planted attacks|^ {2}(found|missed) /.test(line));
  expect(lines.length).toBeGreaterThan(5);
  const readme = textOf('README.md');
  expect(lines.filter((line) => !readme.includes(line))).toEqual([]);
});
