import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { ROOT } from '../support/source-files.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-evaluate-'));
const samples = join(ROOT, 'samples');
const errorOf = (out: string) => (JSON.parse(out) as { error: { code: string; hint?: string } }).error;

beforeAll(async () => {
  await cli(cwd, 'import', samples, '--data-dir', 'only-imported');
  await cli(cwd, 'import', samples);
  await cli(cwd, 'run', '--until', '2026-10-15T00:00Z');
  writeFileSync(
    join(cwd, 'labels.json'),
    readFileSync(join(samples, 'labels.json'), 'utf8').replaceAll(
      /"registration_event_ids": \[[^\]]*\]/g,
      '"registration_event_ids": ["x"]',
    ),
  );
}, 240_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it('finds in the sample what the demo finds, by the run that read it', { timeout: 180_000 }, async () => {
  const { code, out } = await cli(cwd, 'evaluate', samples, '--json');
  expect(code).toBe(0);
  const report = JSON.parse(out);
  const { incidents } = JSON.parse(readFileSync(join(samples, 'labels.json'), 'utf8'));
  const wanted = incidents.filter((incident: { must_detect: boolean }) => incident.must_detect).length;
  expect(report.recall).toMatchObject({ of: wanted, count: wanted });
  expect(report.falseAlerts.count).toBe(0);
  expect(report.arrival.sameRun).toMatchObject({ of: wanted, count: wanted });
  expect(report).toMatchObject({ precision: { value: 1 }, warnings: [], missed: [] });
  for (const key of ['scenarios', 'recallHigh', 'recallNear', 'prAuc', 'calibrationError', 'users', 'weeks', 'findings'])
    expect(report).toHaveProperty(key);
});

it('stays within 80 columns', { timeout: 180_000 }, async () => {
  const { out } = await cli(cwd, 'evaluate', samples, samples, '--baselines');
  expect(out).toContain('Rules of today');
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it.each([
  ['a directory that is not there', ['--data-dir', 'nowhere'], 66, 'evaluate-no-data'],
  ['logs without a run', ['--data-dir', 'only-imported'], 65, 'evaluate-no-run'],
])('%s is refused with what to do', { timeout: 180_000 }, async (_what, options, code, name) => {
  const result = await cli(cwd, 'evaluate', samples, '--json', ...options);
  expect(result.code).toBe(code);
  expect(errorOf(result.out)).toMatchObject({ code: name, hint: expect.stringContaining('factorwatch import DIR') });
});

it('logs of another tenant are refused', { timeout: 180_000 }, async () => {
  const result = await cli(cwd, 'evaluate', '.', '--json');
  expect([result.code, errorOf(result.out).code]).toEqual([65, 'evaluate-other-logs']);
});
