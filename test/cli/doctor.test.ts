import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-doctor-'));
afterAll(() => rmSync(cwd, { recursive: true }));

interface Check {
  readonly check: string;
  readonly status: string;
  readonly message: string;
}
const delayOf = async (table: string) => {
  const { code, out } = await cli(cwd, 'doctor', '--json');
  expect(code, out).toBe(0);
  return (JSON.parse(out) as { checks: Check[] }).checks.find(({ check }) => check === `delay of ${table}`);
};

describe('doctor on the embedded workspace', () => {
  it('has nothing against one that is empty, and says that no delay can be told', async () => {
    expect(await delayOf('SigninLogs')).toMatchObject({ status: 'warning', message: 'no row was ingested in the last day' });
  });

  it('measures the delay of what came in the last day', async () => {
    const hourAgo = Date.now() - 3_600_000;
    const row = (seconds: number) => ({
      Id: `s${seconds}`,
      TimeGenerated: new Date(hourAgo - seconds * 1000).toISOString(),
      _IngestionTime: new Date(hourAgo).toISOString(),
    });
    writeFileSync(join(cwd, 'SigninLogs.ndjson'), Array.from({ length: 100 }, (_, i) => JSON.stringify(row(i + 1))).join('\n'));
    expect(await cli(cwd, 'import', 'SigninLogs.ndjson')).toMatchObject({ code: 0 });
    // Of 1 to 100 s the 50th, 95th and 99th.
    expect(await delayOf('SigninLogs')).toMatchObject({
      status: 'ok',
      message: 'p50 50 s, p95 95 s, p99 99 s over 100 rows; delay to set: 5m',
    });
  });
});
