import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandNames } from '../../src/cli/registry.ts';
import { ExitCode } from '../../src/core/errors.ts';
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

  it('lists every command, and none that is not there', async () => {
    const { out } = await cli(ROOT, '--help');
    const table = textOf('README.md').split('## Commands')[1]!.split('\n## ')[0]!;
    const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([a-z]+)/g)].map(([, name]) => name!));
    expect(named).toContain('demo');
    expect(named.filter((name) => !new RegExp(`^ {2}${name} `, 'm').test(out))).toEqual([]);
    expect(commandNames().filter((name) => !named.includes(name))).toEqual([]);
  });

  it('lists the exit codes that there are', () => {
    const [, list = ''] = /^Exit codes: ([\s\S]*?)\n\n/m.exec(textOf('README.md')) ?? [];
    const told = list.split('·').flatMap((item) => [...item.matchAll(/(?:^|, )\s*(\d+)/g)].map(([, code]) => Number(code)));
    // 143 is that of SIGTERM, which is no error of its own.
    expect(told).toEqual([...new Set([...Object.values(ExitCode), 143])].sort((a, b) => a - b));
  });

  it('says how many Sentinel rules promote findings, and names the others', () => {
    const rules = readdirSync(join(ROOT, 'rules'));
    expect(rules.filter((name) => name.startsWith('factorwatch-finding-of-'))).toHaveLength(3);
    // MFA fatigue, password spray, mass registration, downgrade, swapped methods, temporary access pass, risky sign-in.
    expect(rules).toHaveLength(3 + 7);
  });
});
