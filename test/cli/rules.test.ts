import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-rules-'));
afterAll(() => rmSync(cwd, { recursive: true }));

interface Listed {
  readonly RuleName: string;
  readonly RuleKind: string;
  readonly Severity: string;
  readonly Enabled: boolean;
  readonly Override?: { readonly Reason: string; readonly ExpiresAt: string | null };
}
const list = async () => JSON.parse((await cli(cwd, 'rules', '--json')).out) as readonly Listed[];
const named = async (name: string) => (await list()).find(({ RuleName }) => RuleName === name);

describe('rules', () => {
  it('names each rule whole where it is piped on, and within the width of a terminal', async () => {
    const names = (await list()).map(({ RuleName }) => RuleName);
    const piped = (await cli(cwd, 'rules')).out;
    for (const name of names) expect(piped).toContain(`${name} `);
    const shown = (await cli({ cwd, isTTY: true }, 'rules')).out;
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('lists detectors and analytics rules before anything was run', async () => {
    const kinds = (await list()).map(({ RuleKind }) => RuleKind);
    expect(kinds.filter((kind) => kind === 'Detector').length).toBeGreaterThanOrEqual(5);
    expect(kinds.filter((kind) => kind === 'Scheduled').length).toBeGreaterThanOrEqual(8);
  });

  it('switches off and on again, and FactorRuns_CL tells who, what and why', async () => {
    const off = await cli(cwd, 'rules', 'disable', 'd4', '--reason', 'penetration test', '--until', '2999-01-01', '--json');
    expect(off.code).toBe(0);
    expect(await named('D4-password-spray')).toMatchObject({
      Enabled: false,
      Override: { Reason: 'penetration test', ExpiresAt: '2999-01-01T00:00:00Z' },
    });
    expect((await cli(cwd, 'rules', 'enable', 'D4-password-spray', '--reason', 'over')).code).toBe(0);
    expect(await named('D4-password-spray')).toMatchObject({ Enabled: true });
    const told = await cli(
      cwd,
      'query',
      'FactorRuns_CL | where OperationName == "Rule change" | sort by TimeGenerated asc | project ResourceName, Description, TargetText',
      '--json',
    );
    expect(JSON.parse(told.out)).toMatchObject([
      { ResourceName: 'D4-password-spray', Description: 'penetration test', TargetText: 'D4-password-spray' },
      { Description: 'over' },
    ]);
  });

  it('keeps a disabled rule disabled when its severity is set', async () => {
    await cli(cwd, 'rules', 'disable', 'password-spray-from-one-address', '--reason', 'x');
    await cli(cwd, 'rules', 'set', 'password-spray-from-one-address', '--severity', 'High', '--reason', 'y');
    expect(await named('password-spray-from-one-address')).toMatchObject({ Enabled: false, Severity: 'High' });
  });

  it.each([
    ['an unknown id', ['disable', 'D99-nothing', '--reason', 'x']],
    ['an id that several begin with', ['disable', 'factorwatch-finding', '--reason', 'x']],
    ['no reason', ['disable', 'D4-password-spray']],
    ['a severity for a detector', ['set', 'D4-password-spray', '--severity', 'Low', '--reason', 'x']],
    ['a time that is over', ['disable', 'D4-password-spray', '--until', '2001-01-01', '--reason', 'x']],
    ['set without a severity', ['set', 'D4-password-spray', '--reason', 'x']],
    ['an action that is none', ['remove', 'D4-password-spray']],
  ])('refuses %s with 64', async (_what, argv) => {
    expect((await cli(cwd, 'rules', ...argv)).code).toBe(64);
  });
});

describe('export rules', () => {
  it('writes one template a rule', async () => {
    expect((await cli(cwd, 'export', 'rules', '--out', 'arm')).code).toBe(0);
    const files = readdirSync(join(cwd, 'arm'));
    expect(files.length).toBeGreaterThanOrEqual(8);
    const template = JSON.parse(readFileSync(join(cwd, 'arm', files[0]!), 'utf8')) as { resources: { type: string }[] };
    expect(template.resources[0]!.type).toBe('Microsoft.OperationalInsights/workspaces/providers/alertRules');
  });
});

describe('test', () => {
  it('runs the cases of a rule', async () => {
    const { code, out } = await cli(cwd, 'test', 'temporary-access-pass', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { passed: 1, failed: 0, rules: [{ rule: 'temporary-access-pass-for-a-privileged-account', failures: [] }] },
    ]);
  });
});
