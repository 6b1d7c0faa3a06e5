import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { filesBelow, ROOT, textOf } from '../support/source-files.ts';
import { wordsOf } from '../support/words.ts';

/** The lines of the fenced blocks that are marked `sh run`: what a reader may type as it stands. */
function commandsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^```sh run\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block!.split('\n').filter((line) => line.trim() !== ''),
  );
}

const documents = ['README.md', ...filesBelow('docs', '.md')]
  .map((path) => ({ path, commands: commandsOf(path) }))
  .filter(({ commands }) => commands.length > 0);

describe.each(documents)('the commands of $path', ({ commands }) => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'factorwatch-docs-'));
    symlinkSync(join(ROOT, 'samples'), join(cwd, 'samples'));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it.each(commands)('%s', { timeout: 240_000 }, async (line) => {
    const [npx, factorwatch, ...argv] = wordsOf(line);
    expect([npx, factorwatch]).toEqual(['npx', 'factorwatch']);
    const { code, out, err } = await cli(cwd, ...argv);
    expect(code, err).toBe(0);
    expect(out).not.toBe('');
  });
});

describe('README.md', () => {
  it('opens with the two commands', () => {
    expect(textOf('README.md').split('\n').slice(0, 10).join('\n')).toContain('npm ci\nnpm start\n');
  });

  it('lists no command that is not there', async () => {
    const { out } = await cli(ROOT, '--help');
    const table = textOf('README.md').split('## Commands')[1]!.split('\n## ')[0]!;
    const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([a-z]+)/g)].map(([, name]) => name!));
    expect(named).toContain('demo');
    expect(named.filter((name) => !new RegExp(`^ {2}${name} `, 'm').test(out))).toEqual([]);
  });
});
