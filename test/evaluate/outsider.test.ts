import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readLabels } from '../../src/evaluate/labels.ts';
import { LOG_ANALYTICS_TABLES } from '../../src/schema/log-analytics-tables.ts';
import { makeTenant } from './outsider/make.ts';
import { TENANTS, type TenantName } from './outsider/tenants.ts';

const root = mkdtempSync(join(tmpdir(), 'outsider-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const small = (tenant: TenantName, folder: string, seed = 5) =>
  makeTenant({ tenant, seed, folder: join(root, folder), users: 80, days: 12 });
const contents = (folder: string) => readdirSync(join(root, folder)).map((name) => [name, readFileSync(join(root, folder, name), 'utf8')]);

it('writes the same tenant for the same seed, and another for another', async () => {
  await small('hybrid', 'once');
  await small('hybrid', 'again');
  await small('hybrid', 'other', 6);
  expect(contents('again')).toEqual(contents('once'));
  expect(contents('other')).not.toEqual(contents('once'));
});

it.each(Object.keys(TENANTS) as TenantName[])('%s keeps the form: tables, their columns, labels that name rows', async (tenant) => {
  await small(tenant, tenant);
  const ids = new Set<string>();
  for (const name of TENANTS[tenant].writing.tables) {
    const columns = new Set(['_IngestionTime', ...LOG_ANALYTICS_TABLES.get(name)!.columns.map((column) => column.name), 'TenantId']);
    const rows = readFileSync(join(root, tenant, `${name}.ndjson`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(rows.length).toBeGreaterThan(1);
    for (const line of rows) {
      const row = JSON.parse(line) as Record<string, unknown>;
      expect(Object.keys(row).filter((key) => !columns.has(key))).toEqual([]);
      expect(Date.parse(String(row['_IngestionTime']))).toBeGreaterThanOrEqual(Date.parse(String(row['TimeGenerated'])));
      if (name === 'AuditLogs') ids.add(String(row['Id']));
    }
  }
  const truth = readLabels(JSON.parse(readFileSync(join(root, tenant, 'labels.json'), 'utf8')));
  const must = truth.incidents.filter(({ mustDetect }) => mustDetect);
  expect(must.length).toBeGreaterThanOrEqual(3);
  for (const { registrationIds, userIds } of must) {
    expect(userIds.length).toBeGreaterThan(0);
    expect(registrationIds.some((id) => ids.has(id))).toBe(true);
  }
});
