import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import type { FindingRow } from '../../src/schema/factor-findings.ts';
import { checkWorkbook } from '../../src/workbook/check-workbook.ts';
import { fillParameters } from '../../src/workbook/fill-parameters.ts';
import { loadWorkbooks } from '../../src/workbook/load-workbooks.ts';
import { workbookTemplate } from '../../src/workbook/to-arm.ts';
import { readWorkbook } from '../../src/workbook/workbook.ts';
import { cli } from '../support/cli.ts';
import { ROOT } from '../support/source-files.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const FILE = join(ROOT, 'workbooks/factorwatch.workbook');
const text = readFileSync(FILE, 'utf8');
const [workbook] = loadWorkbooks(join(ROOT, 'workbooks'), ROOT);
const columns = [{ name: 'A', type: 'string' as const }];
const sample = (items: readonly unknown[], more = {}) =>
  JSON.stringify({ version: 'Notebook/1.0', fromTemplateId: 'sentinel-Test', $schema: 'x', items, ...more });
const query = (kql: string, more = {}) => ({ type: 3, name: 'q', content: { query: kql, ...more } });
const faultsOf = (content: string) => checkWorkbook(readWorkbook(content, 'w.workbook'), async () => columns);

describe('the check of a workbook', () => {
  it.each([
    ['a parameter that there is not', sample([query('T | where A == "{Nobody}"')]), /no parameter Nobody/],
    ['an export of a column that there is not', sample([query('T', { exportFieldName: 'B' })]), /no column B/],
    ['a column of a grid that there is not', sample([query('T', { gridSettings: { formatters: [{ columnMatch: 'C' }] } })]), /no column C/],
    ['a resource of one subscription', sample([query('T', { crossComponentResources: ['/subscriptions/1'] })]), /subscription/],
    ['the template of nobody', sample([query('T')], { fromTemplateId: 'sentinel-UserWorkbook' }), /fromTemplateId/],
    ['a tab with eleven queries', sample([{ type: 12, name: 'tab', content: { items: Array(11).fill(query('T')) } }]), /11 queries/],
  ])('finds %s', async (_, content, words) => {
    const faults = await faultsOf(content);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(words);
  });

  it('finds nothing in one that is right', async () => {
    expect(await faultsOf(sample([query('T', { exportFieldName: 'A', exportParameterName: 'P' }), query('T | where A == "{P}"')]))).toEqual(
      [],
    );
  });

  it('refuses what is no workbook, with the file', () => {
    expect(() => readWorkbook('{', 'w.workbook')).toThrow(/not JSON/);
    expect(() => readWorkbook(sample([{ type: 99, name: 'x', content: {} }]), 'w.workbook')).toThrow();
  });
});

test('its template holds the workbook as text, under a name that the workspace gives', () => {
  const template = workbookTemplate(workbook!) as {
    readonly resources: readonly { readonly name: string; readonly properties: { readonly serializedData: string } }[];
  };
  expect(template.resources[0]!.name).toMatch(/^\[guid\(variables\('sourceId'\)/);
  expect(JSON.parse(template.resources[0]!.properties.serializedData)).toEqual(JSON.parse(text));
});

test('no query takes a value that somebody else could have written', () => {
  const taken = new Set(workbook!.queries.flatMap(({ kql }) => [...kql.matchAll(/\{(\w+)/g)].map(([, name]) => name!)));
  // Times, two fixed lists, and the hash that names a finding.
  expect([...taken].sort()).toEqual(['Finding', 'Severity', 'Status', 'TimeRange']);
  const exported = workbook!.queries.filter(({ exports }) => exports !== undefined);
  expect(exported.map(({ exports }) => exports)).toEqual(['EventUid']);
});

describe('on the sample tenant', () => {
  const folder = mkdtempSync(join(tmpdir(), 'factorwatch-workbook-'));
  const dataDir = join(folder, 'data');
  let findings: readonly FindingRow[];
  const ask = async (name: string, finding = '0'.repeat(64)) => {
    const kql = fillParameters(workbook!.queries.find((one) => one.name === name)!.kql, {
      timeRange: { start: '2026-09-01T00:00:00.000Z', end: '2026-10-01T00:00:00.000Z' },
      values: { Severity: ['High', 'Medium'], Status: ['Active'], Finding: finding },
    });
    const { code, out, err } = await cli(ROOT, 'query', kql, '--json', '--data-dir', dataDir);
    expect(code, err).toBe(0);
    return JSON.parse(out);
  };
  beforeAll(async () => {
    expect((await cli(ROOT, 'import', join(ROOT, 'samples'), '--data-dir', dataDir)).code).toBe(0);
    expect((await cli(ROOT, 'run', '--data-dir', dataDir)).code).toBe(0);
    findings = JSON.parse((await cli(ROOT, 'findings', '--json', '--data-dir', dataDir)).out);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('counts what findings lists', async () => {
    const shown = findings.filter(({ EventSeverity, AlertStatus }) => EventSeverity !== 'Low' && AlertStatus === 'Active');
    const count = (severity: string) => shown.filter(({ EventSeverity }) => EventSeverity === severity).length;
    expect(await ask('by-severity')).toEqual(
      ['High', 'Medium']
        .filter((severity) => count(severity) > 0)
        .map((severity) => ({ EventSeverity: severity, Findings: count(severity) })),
    );
    expect((await ask('list')).map(({ EventUid }: FindingRow) => EventUid).sort()).toEqual(shown.map(({ EventUid }) => EventUid).sort());
    const days = await ask('by-day');
    expect(days.reduce((sum: number, { Findings }: { Findings: number }) => sum + Findings, 0)).toBe(shown.length);
  });

  it('shows of the finding that is picked its evidence, what to do, and what happened around it', async () => {
    const finding = findings.find(({ EventSeverity, UserId }) => EventSeverity === 'High' && UserId !== '')!;
    const evidence = await ask('evidence', finding.EventUid);
    const words = (finding.Evidence as unknown as readonly { readonly Words: string }[]).map(({ Words }) => Words);
    expect(evidence.map(({ Words }: { Words: string }) => Words).sort()).toEqual(words.toSorted());
    expect((await ask('remedy', finding.EventUid)).map(({ Step }: { Step: string }) => Step)).toEqual(
      finding.AttackRemediationSteps.split('\n'),
    );
    const around = await ask('around', finding.EventUid);
    expect(around.map(({ Id }: { Id: string }) => Id)).toContain(finding.EventUid);
    const from = Date.parse(finding.EventStartTime!) - 86_400_000;
    for (const { TimeGenerated } of around) expect(Date.parse(TimeGenerated)).toBeGreaterThanOrEqual(from);
  });

  it('answers every query', async () => {
    for (const { name } of workbook!.queries) expect(Array.isArray(await ask(name)), name).toBe(true);
    expect(await ask('last')).toHaveLength(1);
    expect((await ask('kinds')).length).toBeGreaterThan(2);
  });
});
