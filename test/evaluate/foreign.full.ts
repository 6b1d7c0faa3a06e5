import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { DAY, DAYS, START } from './foreign/company.ts';
import { type Finding, judge, type Labels } from './foreign/judge.ts';
import { PLANS } from './foreign/plans.ts';
import { writeForeignTenant } from './foreign/tenant.ts';

const SEED = 2;
/** A takeover through a residential proxy in the victim's own city looks like the victim: reported, but not counted on. */
const isNear = ({ scenario }: { scenario: string }) => scenario === 'residential-proxy-same-city';

describe('tenants of another generator, with habits and attacks that the weights have never met', () => {
  const directory = mkdtempSync(join(tmpdir(), 'foreign-'));
  const verdicts: ReturnType<typeof judge>[] = [];

  beforeAll(async () => {
    for (const [nth, plan] of PLANS.entries()) {
      const tenant = join(directory, plan.name);
      const data = join(directory, `${plan.name}-data`);
      writeForeignTenant(plan, SEED + nth * 1000, tenant);
      const imported = await cli(directory, 'import', tenant, '--data-dir', data, '--json');
      expect(JSON.parse(imported.out)).toMatchObject({ duplicates: 0, rejected: 0, unknownColumns: {} });
      const until = new Date(START + (DAYS + 1) * DAY).toISOString();
      expect((await cli(directory, 'run', '--until', until, '--data-dir', data, '--json')).code).toBe(0);
      const findings = JSON.parse((await cli(directory, 'findings', '--json', '--data-dir', data)).out) as Finding[];
      verdicts.push(judge(findings, JSON.parse(readFileSync(join(tenant, 'labels.json'), 'utf8')) as Labels));
    }
  }, 900_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const names = (labels: readonly { id: string }[]) => labels.map(({ id }) => id).join(', ');

  it('finds the takeovers that register a method', () => {
    const found = verdicts.flatMap((verdict) => verdict.found).filter((label) => !isNear(label));
    const missed = verdicts.flatMap((verdict) => verdict.missed).filter((label) => !isNear(label));
    expect(found.length + missed.length).toBe(66);
    expect(found.length / (found.length + missed.length), `missed: ${names(missed)}`).toBeGreaterThanOrEqual(0.95);
  });

  it('says little that is wrong', () => {
    const wrong = verdicts.flatMap((verdict) => verdict.wrong);
    const raised = verdicts.reduce((sum, verdict) => sum + verdict.raised, 0);
    const causes = wrong.map(({ finding, cause }) => `${cause} ${finding.Username} ${finding.ThreatRiskLevel}`).join(', ');
    expect(1 - wrong.length / raised, `false: ${causes}`).toBeGreaterThanOrEqual(0.9);
  });

  it.each(PLANS.map(({ name }, nth) => [name, nth] as const))('holds in the %s too', (_, nth) => {
    const { recall, precision } = verdicts[nth] as ReturnType<typeof judge>;
    expect(recall).toBeGreaterThanOrEqual(0.8);
    expect(precision).toBeGreaterThanOrEqual(0.85);
  });
});
