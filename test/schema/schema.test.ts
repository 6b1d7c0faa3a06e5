import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FindingRow } from '../../src/schema/factor-findings.ts';
import { LOG_ANALYTICS_TABLES } from '../../src/schema/log-analytics-tables.ts';
import { streamDeclaration } from '../../src/schema/output-table.ts';
import { OUTPUT_STREAMS, OUTPUT_TABLES } from '../../src/schema/output-tables.ts';

const REFERENCE = new URL('../../../shared/reference/log-analytics-tables.json', import.meta.url);

test.skipIf(!existsSync(REFERENCE))('the known tables are those of the reference, types and order too (skips without ../shared)', () => {
  const reference = JSON.parse(readFileSync(REFERENCE, 'utf8')) as Record<string, Record<string, string>>;
  const ours = Object.fromEntries([...LOG_ANALYTICS_TABLES].map(([name, { columns }]) => [name, columns.map((c) => [c.name, c.type])]));
  expect(ours).toEqual(Object.fromEntries(Object.entries(reference).map(([name, types]) => [name, Object.entries(types)])));
});

test('columns that are dynamic in SigninLogs are strings in AADNonInteractiveUserSignInLogs', () => {
  const type = (table: string, column: string) => LOG_ANALYTICS_TABLES.get(table)?.columns.find((c) => c.name === column)?.type;
  for (const column of ['Agent', 'ConditionalAccessPolicies', 'DeviceDetail', 'LocationDetails', 'MfaDetail', 'Status']) {
    expect([column, type('SigninLogs', column), type('AADNonInteractiveUserSignInLogs', column)]).toEqual([column, 'dynamic', 'string']);
  }
});

describe('our own tables', () => {
  test('have the columns that outsiders rely on', () => {
    expect(OUTPUT_TABLES.map(({ name, columns }) => [name, columns.length])).toEqual([
      ['FactorFindings_CL', 44],
      ['FactorRules_CL', 28 + 5],
      ['FactorRuns_CL', 36 + 2],
    ]);
  });

  test.each(OUTPUT_TABLES.map((table) => [table.name, table] as const))('%s obeys the limits of a custom table', (_, table) => {
    const names = table.columns.map((column) => column.name);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
    expect(names[0]).toBe('TimeGenerated');
    for (const column of table.columns) {
      expect(column.name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,44}$/);
      expect(['_ResourceId', 'id', '_SubscriptionId', 'TenantId', 'Type', 'UniqueId', 'Title']).not.toContain(column.name);
      expect(column.doc).toMatch(/^[^\n]{5,140}\.$/);
    }
  });

  test('are found by stream name, with the type names of a DCR', () => {
    const rules = OUTPUT_STREAMS.get('Custom-FactorRules_CL');
    const declared = new Map(streamDeclaration(rules!).columns.map(({ name, type }) => [name, type]));
    expect([declared.get('Enabled'), declared.get('ExpiresAt'), declared.get('Grouping')]).toEqual(['boolean', 'datetime', 'dynamic']);
    expect(OUTPUT_STREAMS.get('Custom-SigninLogs')).toBeUndefined();
  });

  test('give their rows a type', () => {
    const cells = { EventUid: 'u', FindingRevision: 1, EventStartTime: null, Evidence: [{ a: 1 }] } satisfies Partial<FindingRow>;
    // @ts-expect-error a revision is a number
    const wrong: Partial<FindingRow> = { FindingRevision: 'one' };
    expect([cells.FindingRevision, wrong.FindingRevision]).toEqual([1, 'one']);
  });
});
