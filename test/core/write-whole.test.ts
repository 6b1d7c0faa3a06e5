import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { atPath } from '../../src/core/at-path.ts';
import { writeWhole } from '../../src/core/write-whole.ts';

const folder = mkdtempSync(join(tmpdir(), 'write-whole-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('replaces a file, and leaves nothing beside it', () => {
  const file = join(folder, 'a.json');
  writeWhole(file, 'before');
  writeWhole(file, 'after');
  expect(readFileSync(file, 'utf8')).toBe('after');
  expect(readdirSync(folder)).toEqual(['a.json']);
});

it('where it cannot be written nothing is left, and the error names the path', () => {
  const taken = join(folder, 'taken');
  mkdirSync(join(taken, 'by a folder'), { recursive: true });
  expect(() => writeWhole(taken, 'text')).toThrow(expect.objectContaining({ path: expect.stringContaining('taken') as string }));
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('an error of a write to an open file gets the path that the system leaves out', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  expect(atPath(full, '/data/SigninLogs.ndjson')).toMatchObject({ path: '/data/SigninLogs.ndjson' });
});
