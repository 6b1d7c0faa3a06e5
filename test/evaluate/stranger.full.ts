import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/evaluate/report.ts';
import { cli } from '../support/cli.ts';
import { writeTenant } from './stranger/delivery.ts';
import { TENANTS } from './stranger/tenants/index.ts';

/** Another seed than any that was looked at. */
const SEED = 3;

describe('a law firm of another hand', () => {
  const directory = mkdtempSync(join(tmpdir(), 'stranger-'));
  let report: Report;

  beforeAll(async () => {
    const tenant = join(directory, 'law-firm');
    writeTenant(TENANTS['law-firm'](SEED), tenant);
    const imported = await cli(directory, 'import', tenant, '--json');
    expect(JSON.parse(imported.out)).toMatchObject({ rejected: 0 });
    expect((await cli(directory, 'run', '--json')).code).toBe(0);
    report = JSON.parse((await cli(directory, 'evaluate', tenant, '--json')).out) as Report;
  }, 300_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const missed = () => report.missed.map(({ scenario, variant }) => `${scenario} ${variant}`).join(', ');

  it('finds at least 95 % of the takeovers that did not come from the victim’s own country', () => {
    expect(report.recall.of).toBeGreaterThanOrEqual(20);
    expect(report.recallElsewhere.value, `missed: ${missed()}`).toBeGreaterThanOrEqual(0.95);
  });

  it('finds at least 70 % of those from a residential or mobile network near the victim', () => {
    expect(report.recallNear.value, `missed: ${missed()}`).toBeGreaterThanOrEqual(0.7);
  });

  it('is right in at least 90 % of what it raises', () => {
    expect(report.precision.value, JSON.stringify(report.falseAlerts.causes)).toBeGreaterThanOrEqual(0.9);
  });
});
