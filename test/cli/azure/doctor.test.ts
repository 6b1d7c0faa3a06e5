import { describe, expect, test } from 'vitest';
import { runChecks } from '../../../src/cli/doctor/checks.ts';
import { ExitCode, FactorwatchError } from '../../../src/core/errors.ts';
import { ticksFromIso } from '../../../src/core/ticks.ts';
import { LOG_ANALYTICS_TABLES } from '../../../src/schema/log-analytics-tables.ts';
import { OUTPUT_TABLES } from '../../../src/schema/output-tables.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';

const NOW = '2026-05-01T12:00:00Z';
const ALL = new Map([...LOG_ANALYTICS_TABLES.values(), ...OUTPUT_TABLES].map(({ name, columns }) => [name, columns]));

function workspace(changes: Partial<Workspace> = {}): Workspace {
  const memory = memoryWorkspace(({ kql }) =>
    kql.startsWith('print')
      ? table(['Now:datetime'], [[ticksFromIso(NOW)!]])
      : table(
          ['Rows:long', 'P50:real', 'P95:real', 'P99:real'],
          [kql.startsWith('AuditLogs') ? [0n, null, null, null] : [10n, 61, 250.4, 1130]],
        ),
  );
  return { ...memory.workspace, tables: async () => ALL, ...changes };
}

const check = (parts: Partial<Parameters<typeof runChecks>[0]>) =>
  runChecks({ workspace: workspace(), clock: () => Date.parse(NOW), ...parts }, () => {});

test('a good target: everything is well, and the delay to set is measured', async () => {
  const findings = await check({ probe: async () => undefined });
  expect(findings.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(findings.find((finding) => finding.check === 'delay of SigninLogs')?.message).toBe(
    'p50 61 s, p95 250 s, p99 1130 s over 10 rows; delay to set: 20m',
  );
  expect(findings.find((finding) => finding.check === 'delay of AuditLogs')?.status).toBe('warning');
  expect(findings.filter(({ check }) => check.startsWith('stream '))).toHaveLength(3);
});

test('a role that is missing is the one thing told', async () => {
  const denied = new FactorwatchError('workspace-auth', 'a role is missing (403)', {
    exitCode: ExitCode.noPermission,
    hint: 'Log Analytics Reader',
  });
  const findings = await check({ workspace: workspace({ query: async () => Promise.reject(denied) }) });
  expect(findings).toEqual([
    { check: 'query access', status: 'failed', message: 'a role is missing (403)', hint: 'Log Analytics Reader', exitCode: 77 },
  ]);
});

describe('the clock', () => {
  test.each([
    [0, 'ok'],
    [-50_000, 'ok'],
    [300_000, 'warning'],
    [-300_000, 'warning'],
  ])('%i ms apart: %s', async (apart, status) => {
    const findings = await check({ clock: () => Date.parse(NOW) + apart });
    expect(findings.find((finding) => finding.check === 'clock')?.status).toBe(status);
  });
});

test('tables and columns that are missing or other are named', async () => {
  const tables = new Map(ALL);
  tables.delete('SigninLogs');
  tables.delete('AADUserRiskEvents');
  tables.set('FactorRuns_CL', [
    { name: 'TimeGenerated', type: 'datetime' },
    ...ALL.get('FactorRuns_CL')!.slice(2),
    { name: 'More', type: 'string' },
  ]);
  tables.set(
    'FactorRules_CL',
    ALL.get('FactorRules_CL')!.map((column) => (column.name === 'Enabled' ? { ...column, type: 'string' as const } : column)),
  );
  const findings = await check({ workspace: workspace({ tables: async () => tables }) });
  const of = (name: string) => findings.find((finding) => finding.check === `table ${name}`);
  expect(of('SigninLogs')).toMatchObject({ status: 'failed', hint: expect.stringContaining('diagnostic settings') });
  expect(of('AADUserRiskEvents')).toMatchObject({ status: 'warning' });
  expect(of('FactorRuns_CL')).toMatchObject({ status: 'failed', message: 'lacks OperationName' });
  expect(of('FactorRules_CL')).toMatchObject({ status: 'failed', message: 'Enabled is string, not bool' });
});

test('a stream that cannot be written is told with its reason', async () => {
  const error = new FactorwatchError('workspace-unavailable', '400 InvalidStream', { exitCode: ExitCode.unavailable });
  const findings = await check({ probe: async (stream) => (stream.includes('Runs') ? error : undefined) });
  expect(findings.filter(({ status }) => status === 'failed')).toMatchObject([
    { check: 'stream Custom-FactorRuns_CL', message: '400 InvalidStream' },
  ]);
});

test('of several workspaces the one that refuses is named', async () => {
  const denied = new FactorwatchError('workspace-auth', 'the role Log Analytics Reader is missing on workspace b', { exitCode: 77 });
  const findings = await check({
    reach: async () =>
      new Map([
        ['a', undefined],
        ['b', denied],
      ]),
  });
  expect(findings).toMatchObject([{ check: 'workspace b', status: 'failed', exitCode: 77 }]);
});

test('a state that cannot be written, and a rule that lacks a column, are told', async () => {
  const denied = new FactorwatchError('state-auth', 'the state in x may not be used (403)', {
    exitCode: ExitCode.noPermission,
    hint: 'The identity needs Storage Blob Data Contributor on the container.',
  });
  const findings = await check({
    state: { place: 'x', tryWrite: () => Promise.reject(denied) },
    rule: async () => ['+ column EventCount int of Custom-FactorFindings_CL'],
  });
  expect(findings.filter(({ status }) => status === 'failed')).toMatchObject([
    { check: 'data collection rule', message: '+ column EventCount int of Custom-FactorFindings_CL' },
    { check: 'state', hint: expect.stringContaining('Storage Blob Data Contributor'), exitCode: 77 },
  ]);
});
