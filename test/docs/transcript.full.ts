import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { textOf } from '../support/source-files.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-transcript-'));
afterAll(() => rmSync(cwd, { recursive: true }));

/** What differs from run to run: seconds, and where the data lie. */
const settled = (text: string) =>
  text
    .trim()
    .replace(/ +\d+\.\d s$/gm, ' N s')
    .replaceAll(/(workspace in|--data-dir) \S+/g, '$1 DIR');

it('README.md shows what the demo prints, line for line; if not: npm run transcript', async () => {
  const { out } = await cli(cwd, 'demo', '--data-dir', 'data');
  const shown = /```\n(Factorwatch \d.*?)\n```/s.exec(textOf('README.md'))?.[1] ?? '';
  expect(shown.split('\n').length).toBeGreaterThan(40);
  expect(settled(out).split('\n')).toEqual(settled(shown).split('\n'));
});
