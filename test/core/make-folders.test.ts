import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../../src/core/durable-folder.ts';
import { makeFolders } from '../../src/core/make-folders.ts';

const root = mkdtempSync(join(tmpdir(), 'factorwatch-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const WAYS: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ['at once', async (path) => makeFolders(path, 0o700)],
  ['durably', makeFolder],
];

test.each(WAYS)('folders that lack are made (%s), and made once more is nothing new', async (name, make) => {
  const path = join(root, name, 'a', 'b');
  await make(path);
  await make(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

test('with the rights that were asked for', () => {
  makeFolders(join(root, 'own', 'below'), 0o700);
  expect(statSync(join(root, 'own')).mode & 0o777).toBe(0o700);
});

test.each(WAYS)('a file in the way is told (%s)', async (name, make) => {
  const file = join(root, `file ${name}`);
  writeFileSync(file, '');
  await expect(make(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(make(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  const link = join(root, `link ${name}`);
  symlinkSync(join(root, 'nowhere'), link);
  await expect(make(link)).rejects.toMatchObject({ code: 'EEXIST' });
});

/** Node's own recursive mkdir never comes back from here. */
test.runIf(existsSync('/proc/self')).each(WAYS)('a file system that takes no folders is told (%s)', async (_, make) => {
  for (const path of ['/proc/factorwatch', '/proc/factorwatch/below'])
    await expect(make(path)).rejects.toMatchObject({
      code: 'file-unusable',
      exitCode: 66,
      message: expect.stringContaining('/proc takes no new folders'),
    });
});
