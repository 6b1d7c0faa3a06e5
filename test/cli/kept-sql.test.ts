import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keepSql, takeKeptSql } from '../../src/cli/demo/kept-sql.ts';

test('what a demo translated is there for the next one, and never in place of what a directory has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const kept = join(folder, 'package', 'demo.sqlcache');
  const file = (name: string) => join(folder, name, 'workspace.duckdb.sqlcache');
  await takeKeptSql(join(folder, 'first'), kept);
  expect(existsSync(file('first'))).toBe(false);
  writeFileSync(file('first'), '[1]');
  await keepSql(join(folder, 'first'), kept);
  await takeKeptSql(join(folder, 'second'), kept);
  expect(readFileSync(file('second'), 'utf8')).toBe('[1]');
  mkdirSync(join(folder, 'third'));
  writeFileSync(file('third'), '[3]');
  await takeKeptSql(join(folder, 'third'), kept);
  expect(readFileSync(file('third'), 'utf8')).toBe('[3]');
  // A package that cannot be written to keeps nothing and says nothing.
  writeFileSync(join(folder, 'no-folder'), '');
  await keepSql(join(folder, 'first'), join(folder, 'no-folder', 'demo.sqlcache'));
});
