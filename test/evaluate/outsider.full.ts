import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/evaluate/report.ts';
import { cli } from '../support/cli.ts';
import { TAKEOVERS } from './outsider/attacks.ts';
import { makeTenant } from './outsider/make.ts';

/** A seed that was not looked at; every kind of takeover comes once. */
const SEED = 31;
const USERS = 300;

describe('a hybrid company of a third hand', () => {
  const directory = mkdtempSync(join(tmpdir(), 'outsider-'));
  let report: Report;

  beforeAll(async () => {
    const tenant = join(directory, 'tenant');
    await makeTenant({ tenant: 'hybrid', seed: SEED, folder: tenant, users: USERS, days: 30, takeovers: TAKEOVERS.length });
    const imported = await cli(directory, 'import', tenant, '--json');
    expect(JSON.parse(imported.out)).toMatchObject({ rejected: 0 });
    expect((await cli(directory, 'run', '--json')).code).toBe(0);
    report = JSON.parse((await cli(directory, 'evaluate', tenant, '--json')).out) as Report;
  }, 300_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const missed = () => `missed: ${report.missed.map(({ scenario, variant }) => `${scenario} ${variant}`).join(', ')}`;

  it('finds at least 13 of 20 takeovers, and 8 of the 12 that did not come from near the victim', () => {
    expect(report.recall.of).toBe(20);
    expect(report.recall.count, missed()).toBeGreaterThanOrEqual(13);
    expect(report.recallElsewhere.of).toBe(12);
    expect(report.recallElsewhere.count, missed()).toBeGreaterThanOrEqual(8);
  });

  it('raises at most three findings about nothing among more than a hundred look-alikes', () => {
    expect(report.falseAlerts.count, JSON.stringify(report.falseAlerts.causes)).toBeLessThanOrEqual(3);
  });
});
