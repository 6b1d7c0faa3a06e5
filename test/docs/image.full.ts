import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, textOf } from '../support/source-files.ts';

/** No container engine is needed: the file is read, and what the image would hold is laid out and started. */
const lines = textOf('Dockerfile')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'));
const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
const ignored = textOf('.dockerignore')
  .split('\n')
  .filter((line) => line !== '');
/** Sources and targets of what the last stage takes from the one that builds. */
const copied = of('COPY')
  .filter((text) => text.includes('--from=build'))
  .map((text) => text.split(' ').filter((part) => !part.startsWith('--')))
  .map(([from = '', to = '']) => ({ from: from.replace('/app/', ''), to }));
/** Made inside the image. */
const BUILT = ['node_modules', 'dist'];

const folder = mkdtempSync(join(tmpdir(), 'factorwatch-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Dockerfile', () => {
  it('copies what is there, and nothing that .dockerignore keeps out of the build', () => {
    expect(copied.length).toBeGreaterThan(5);
    const sources = copied.map(({ from }) => from).filter((from) => !BUILT.includes(from));
    expect(sources.filter((from) => !existsSync(join(ROOT, from)))).toEqual([]);
    expect(sources.filter((from) => ignored.includes(from))).toEqual([]);
    // What the build itself reads must reach it.
    for (const needed of ['package.json', 'package-lock.json', 'tsconfig.json', 'src', '.npmrc'])
      expect([needed, existsSync(join(ROOT, needed)), ignored.includes(needed)]).toEqual([needed, true, false]);
    expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', '.factorwatch']));
  });

  it('is slim, has two stages, runs as no root, and takes signals itself', () => {
    expect(of('FROM').map((text) => text.split(' ')[0])).toEqual(['node:20-slim', 'node:20-slim']);
    expect(of('USER')).toEqual(['node']);
    // The last word of the file is the user's: nothing is run as root after it.
    const user = lines.findIndex((line) => line.startsWith('USER '));
    expect(lines.slice(user + 1).filter((line) => /^(RUN|COPY|ADD) /.test(line))).toEqual([]);
    // In a shell's place the shell would get SIGTERM.
    expect(JSON.parse(of('ENTRYPOINT')[0]!)).toEqual(['node', '/app/bin/factorwatch.js']);
    expect(JSON.parse(of('CMD')[0]!)).toEqual(['run', '--json']);
    expect(lines.filter((line) => /^ADD |sudo|curl|wget|chmod 777|:latest/.test(line))).toEqual([]);
    expect(of('RUN').join('\n')).toContain('npm ci');
    expect(of('RUN').join('\n')).toContain('npm prune --omit=dev');
    // Files of the program belong to root: the process cannot change them.
    for (const text of of('COPY').filter((copy) => copy.includes('--from='))) expect(text).toContain('--chown=root:root');
  });

  it.skipIf(!existsSync(join(ROOT, 'dist/cli/main.js')))('holds all that the program needs', () => {
    for (const { from, to } of copied) {
      // A target that is a folder takes the file under its own name.
      const target = to.endsWith('/') ? join(folder, to, from) : join(folder, to);
      if (from === 'node_modules') symlinkSync(join(ROOT, from), target);
      else cpSync(join(ROOT, from), target, { recursive: true });
    }
    const started = (...argv: string[]) =>
      spawnSync(process.execPath, ['bin/factorwatch.js', ...argv], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], FACTORWATCH_DATA_DIR: join(folder, 'data') },
      });
    expect(started('--version').status).toBe(0);
    const run = started('run', '--json');
    expect([run.status, JSON.parse(run.stdout)]).toMatchObject([0, { pipelines: [{ name: 'account-takeover' }] }]);
    expect(started('rules', '--json').status).toBe(0);
    expect(started('test', '--json', 'factorwatch-finding-of-high-severity')).toMatchObject({ status: 0 });
  });
});
