import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRules } from '../../src/rules/check-rules.ts';
import { CHECKS } from '../../src/rules/checks.ts';
import { readRule } from '../../src/rules/rule.ts';
import { ROOT } from '../support/source-files.ts';

const FILE = 'rules/mfa-fatigue-followed-by-a-successful-sign-in.yaml';
const GOOD = readFileSync(join(ROOT, FILE), 'utf8');
const COLUMNS = [
  'UserId',
  'AccountName',
  'AccountUPNSuffix',
  'SrcIpAddr',
  'Refusals',
  'FirstRefusal',
  'SuccessTime',
  'RefusedFrom',
  'AppDisplayName',
  'Country',
  'UserPrincipalName',
];
const compile = async () => COLUMNS.map((name) => ({ name, type: 'string' as const }));

async function faultsOf(text: string, more: readonly string[] = []) {
  const rule = readRule(text, FILE);
  return checkRules([rule], [rule, ...more.map((other) => readRule(other, 'rules/other.yaml'))], compile);
}

describe('a sound rule', () => {
  it('has no fault', async () => {
    expect(await faultsOf(GOOD)).toEqual([]);
  });
});

/** Each row breaks one limit: check, what to replace, with what. */
const BROKEN: readonly (readonly [id: string, from: string | RegExp, to: string])[] = [
  ['ES1001', /^id: .*/m, 'id: mfa-1'],
  ['ES1002', 'kind: Scheduled', 'kind: Fusion'],
  ['ES1003', /^name: .*/m, `name: M${'x'.repeat(256)}`],
  ['ES1004', /^name: .*/m, 'name: MFA fatigue followed by a successful sign-in.'],
  ['ES1005', '  Identifies a user who', `  Identifies ${'x'.repeat(5000)} a user who`],
  ['ES1006', '  Identifies a user who', `  Identifies ${'x'.repeat(250)} a user who`],
  ['ES1007', '  Identifies a user who', '  Detects a user who'],
  ['ES1008', 'severity: High', 'severity: Critical'],
  ['ES1009', 'status: Available', 'status: Preview'],
  ['ES1010', 'connectorId: AzureActiveDirectory', 'connectorId: AzureAD'],
  ['ES1011', 'queryFrequency: 1h', 'queryFrequency: 4m'],
  ['ES1012', 'queryPeriod: 2h', 'queryPeriod: 15d'],
  ['ES1013', 'queryPeriod: 2h', 'queryPeriod: 30m'],
  ['ES1014', 'queryFrequency: 1h\nqueryPeriod: 2h', 'queryFrequency: 30m\nqueryPeriod: 2d'],
  ['ES1015', 'triggerOperator: gt\n', ''],
  ['ES1016', 'kind: Scheduled', 'kind: NRT'],
  ['ES1017', 'triggerOperator: gt', 'triggerOperator: ge'],
  ['ES1018', 'triggerThreshold: 0', 'triggerThreshold: 10001'],
  ['ES1019', 'let Window = 1h;', `let Window = 1h; // ${'x'.repeat(10_000)}`],
  ['ES1020', 'version: 1.0.0', 'version: "1.0"'],
  ['ES1021', 'aggregationKind: AlertPerResult', 'aggregationKind: PerAlert'],
  ['ES1022', 'queryFrequency: 1h', 'suppressionDuration: 2d\nqueryFrequency: 1h'],
  ['ES1101', '  - CredentialAccess', '  - Credential Access'],
  ['ES1102', '  - T1621', '  - T9999'],
  ['ES1102', '  - T1078.004', '  - T1078.044'],
  ['ES1103', '  - CredentialAccess\n', ''],
  ['ES1104', /relevantTechniques:[\s\S]*?query:/, 'relevantTechniques:\n  - T1621\nquery:'],
  ['ES1105', '  - CredentialAccess', '  - CredentialAccess\n  - Exfiltration'],
  ['ES1201', /entityMappings:[\s\S]*?customDetails:/, 'entityMappings: []\ncustomDetails:'],
  ['ES1202', 'identifier: AadUserId', 'identifier: AadUser'],
  ['ES1202', 'identifier: Address', 'identifier: AddressScope'],
  ['ES1203', '  Refusals: Refusals', '  9Refusals: Refusals'],
  ['ES1203', '  Refusals: Refusals', '  RefusalsOfAllThatWere: Refusals'],
  ['ES1204', 'MFA fatigue: {{', `MFA fatigue ${'x'.repeat(256)}: {{`],
  ['ES1204', 'MFA fatigue: {{', 'MFA fatigue {{Country}} {{SrcIpAddr}}: {{'],
  ['ES1205', '  Refusals: Refusals', '  Refusals: RefusalCount'],
  ['ES1206', 'lookbackDuration: 5h', 'lookbackDuration: 8d'],
  ['ES1206', 'matchingMethod: AllEntities', 'matchingMethod: Selected'],
  ['ES1302', /^name: .*/m, 'name: MFA fatigue'],
  ['ES1303', 'let Span = 15m;', 'let Span = 15m; let Old = ago(1d);'],
  ['ES1304', 'ingestion_time()', 'TimeGenerated'],
];

describe('each limit', () => {
  it.each(BROKEN)('%s is found: %s becomes %s', async (id, from, to) => {
    const text = GOOD.replace(from, to);
    expect(text).not.toBe(GOOD);
    const faults = await faultsOf(text);
    expect(faults.map(({ check }) => check)).toContain(id);
    const fault = faults.find(({ check }) => check === id)!;
    expect(fault.where.line).toBeGreaterThan(0);
  });

  it('ES1301 is found: two rules of one id', async () => {
    expect((await faultsOf(GOOD, [GOOD])).map(({ check }) => check)).toEqual(['ES1301']);
  });

  it('has a row here, and numbers are never used twice', () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const tried = new Set([...BROKEN.map(([id]) => id), 'ES1301']);
    expect(ids.filter((id) => !tried.has(id))).toEqual([]);
  });
});

describe('a rule file', () => {
  it('with an unknown key is refused, with place and what was meant', () => {
    expect(() => readRule(GOOD.replace('queryPeriod:', 'queryPeriode:'), FILE)).toThrow(
      /unknown key "queryPeriode" \(did you mean "queryPeriod"\?\)/,
    );
  });
});
