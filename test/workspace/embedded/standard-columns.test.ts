import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONNECTOR_TABLES } from '../../../src/schema/connector-tables.ts';
import { LOG_ANALYTICS_TABLES } from '../../../src/schema/log-analytics-tables.ts';
import { type Bench, line, openBench, ticks } from './support.ts';

// https://learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns
describe('the standard columns of log records', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
    const row = (Id: string, _IngestionTime: string) => ({ TimeGenerated: '2026-01-15T10:00:00Z', Id, _IngestionTime });
    await bench.import(
      bench.file('AuditLogs.ndjson', [row('a', '2026-01-15T10:03:00Z'), row('b', '2026-01-15T10:04:00Z')].map(line).join('')),
    );
    await bench.import(
      bench.file('Own_CL.ndjson', line({ TimeGenerated: '2026-01-15T10:00:00Z', Word: 'x', _IngestionTime: '2026-01-15T10:05:00Z' })),
    );
  });
  afterAll(() => bench.close());

  test('are there for a query that names them, in every table', async () => {
    expect(
      await bench.rows('AuditLogs | sort by Id asc | project Id, TenantId, Type, _TimeReceived, _ResourceId, _SubscriptionId'),
    ).toEqual([
      ['a', '00000000-0000-0000-0000-000000000000', 'AuditLogs', ticks('2026-01-15T10:03:00Z'), '', ''],
      ['b', '00000000-0000-0000-0000-000000000000', 'AuditLogs', ticks('2026-01-15T10:04:00Z'), '', ''],
    ]);
    expect(await bench.rows('union AuditLogs, Own_CL | summarize n = count() by Type | sort by Type asc')).toEqual([
      ['AuditLogs', 2n],
      ['Own_CL', 1n],
    ]);
    expect(await bench.rows('Own_CL | where _TimeReceived == ingestion_time() | project Word')).toEqual([['x']]);
    expect(await bench.rows('union * | where TenantId != "" | summarize dcount(TenantId)')).toEqual([[1n]]);
  });

  test('TenantId is the id that the workspace was opened with', async () => {
    const id = '6f0c1d52-3b7e-4d1a-9f7e-1c2d3e4f5a6b';
    const other = await openBench({ workspaceId: id });
    try {
      await other.import(other.file('AuditLogs.ndjson', line({ TimeGenerated: '2026-01-15T10:00:00Z', Id: 'a' })));
      expect(await other.rows('AuditLogs | project Id, TenantId')).toEqual([['a', id]]);
    } finally {
      await other.close();
    }
  });

  test('identify each row, and the same row each time', async () => {
    const ask = 'union AuditLogs, Own_CL | project _ItemId | sort by _ItemId asc';
    const ids = (await bench.rows(ask)).flat() as string[];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await bench.rows(ask)).flat()).toEqual(ids);
  });

  test('are in no answer that does not ask for them', async () => {
    const names = (await bench.workspace.check({ kql: 'Own_CL' })).map(({ name }) => name);
    expect(names).toEqual(['TimeGenerated', 'Word']);
  });

  test('give way to a column that the query makes', async () => {
    expect(await bench.rows('Own_CL | extend TenantId = Word | project TenantId')).toEqual([['x']]);
    const joined = 'AuditLogs | project Id, TenantId | join kind=inner (Own_CL | project TenantId, Word) on TenantId | project Id, Word';
    expect((await bench.rows(joined)).length).toBe(2);
  });
});

describe('tables of silent connectors', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.close());

  test('are empty for a query that names them, and no wildcard means them', async () => {
    const lambda = `let f = (t:string) { table(t) | where TimeGenerated > ago(1d) | project ResultType, ServicePrincipalId, _ItemId, TenantId };
      union f("AADManagedIdentitySignInLogs"), f("AADServicePrincipalSignInLogs") | count`;
    expect(await bench.rows(lambda)).toEqual([[0n]]);
    expect(await bench.rows('SecurityEvent | where ingestion_time() > ago(1d) | summarize n = count() by Account')).toEqual([]);
    const columns = await bench.workspace.check({ kql: 'union *' });
    expect(columns.map(({ name }) => name)).not.toContain('SubjectUserSid');
    expect((await bench.workspace.check({ kql: 'SecurityEvent' })).length).toBe(CONNECTOR_TABLES.get('SecurityEvent')!.columns.length);
  });

  test('are made with their columns when somebody imports into them', async () => {
    const row = { TimeGenerated: '2026-01-15T10:00:00Z', Caller: 'ann@contoso.example', Claims_d: { a: 1 } };
    await bench.import(bench.file('azureactivity.ndjson', line(row)));
    expect(await bench.rows('AzureActivity | project Caller, tostring(Claims_d.a), Type, Level')).toEqual([
      ['ann@contoso.example', '1', 'AzureActivity', ''],
    ]);
    expect(await bench.rows('union * | summarize n = count() by Type')).toEqual([['AzureActivity', 1n]]);
  });
});

test('tables of other connectors are none of ours, and have what every table has', () => {
  for (const [name, { columns }] of CONNECTOR_TABLES) {
    expect(LOG_ANALYTICS_TABLES.has(name)).toBe(false);
    const types = new Map(columns.map((column) => [column.name, column.type]));
    expect([name, types.size]).toEqual([name, columns.length]);
    expect([name, types.get('TimeGenerated'), types.get('Type')]).toEqual([name, 'datetime', 'string']);
  }
});
