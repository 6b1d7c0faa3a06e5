import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLabels } from '../../src/evaluate/labels.ts';
import { AAD_NON_INTERACTIVE_USER_SIGN_IN_LOGS } from '../../src/schema/tables/aad-non-interactive-user-sign-in-logs.ts';
import { AAD_SERVICE_PRINCIPAL_SIGN_IN_LOGS } from '../../src/schema/tables/aad-service-principal-sign-in-logs.ts';
import { AUDIT_LOGS } from '../../src/schema/tables/audit-logs.ts';
import { SIGNIN_LOGS } from '../../src/schema/tables/signin-logs.ts';
import { KINDS, type KindName } from './quarter/kinds.ts';
import type { Labels } from './quarter/labels.ts';
import { castTenant, makeTenant } from './quarter/make.ts';
import { BODILY, providerOf } from './quarter/providers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const COLUMNS: Readonly<Record<string, object>> = {
  SigninLogs: SIGNIN_LOGS,
  AADNonInteractiveUserSignInLogs: AAD_NON_INTERACTIVE_USER_SIGN_IN_LOGS,
  AADServicePrincipalSignInLogs: AAD_SERVICE_PRINCIPAL_SIGN_IN_LOGS,
  AuditLogs: AUDIT_LOGS,
};

interface Row {
  readonly TimeGenerated: string;
  readonly _IngestionTime: string;
  readonly Id: string;
  readonly UserId?: string;
  readonly Location?: string;
  readonly AutonomousSystemNumber?: string;
  readonly ResultType?: string;
  readonly ActivityDisplayName?: string;
  readonly TargetResources?: readonly { readonly id: string }[];
}

const rowsOf = (folder: string, table: string): readonly Row[] =>
  readFileSync(join(folder, `${table}.ndjson`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);

const digest = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    );

const root = mkdtempSync(join(tmpdir(), 'quarter-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(Object.keys(KINDS) as KindName[])('a tenant of the kind %s', (kind) => {
  const folder = join(root, kind);
  const tables = new Map<string, readonly Row[]>();
  let labels: Labels;
  let userIds: ReadonlySet<string>;

  beforeAll(async () => {
    const { world } = await makeTenant({ kind, seed: 7, share: 0.1 }, folder);
    labels = JSON.parse(readFileSync(join(folder, 'labels.json'), 'utf8')) as Labels;
    for (const table of Object.keys(COLUMNS)) tables.set(table, rowsOf(folder, table));
    userIds = new Set(world.people.map(({ id }) => id));
  });

  it('has only columns of the published schema', () => {
    for (const [table, columns] of Object.entries(COLUMNS)) {
      const names = new Set(tables.get(table)!.flatMap((row) => Object.keys(row)));
      expect([...names].filter((name) => name !== '_IngestionTime' && !(name in columns))).toEqual([]);
    }
  });

  it('lies within its span, arrives later than it happens and out of order, some of it twice', () => {
    const [start, end] = [Date.parse(labels.start), Date.parse(labels.end)];
    for (const rows of tables.values()) {
      for (const { TimeGenerated, _IngestionTime } of rows) {
        const at = Date.parse(TimeGenerated);
        if (at < start || at >= end || Date.parse(_IngestionTime) < at)
          throw new Error(`a row at ${TimeGenerated}, in at ${_IngestionTime}`);
      }
    }
    const signIns = tables.get('SigninLogs')!;
    expect(signIns.some(({ TimeGenerated }, index) => index > 0 && TimeGenerated < signIns[index - 1]!.TimeGenerated)).toBe(true);
    const repeated = signIns.length - new Set(signIns.map(({ Id }) => Id)).size;
    expect(repeated / signIns.length).toBeGreaterThan(0.001);
    expect(repeated / signIns.length).toBeLessThan(0.006);
  });

  it('has labels that the evaluation reads, each with its rows', () => {
    const truth = readLabels(labels);
    expect(truth.weeks).toBe(5);
    expect(truth.incidents.length).toBe(labels.incidents.length);
    const audits = new Map(tables.get('AuditLogs')!.map((row) => [row.Id, row]));
    for (const { registration_event_ids: ids, user_ids: users, start, end } of [...labels.incidents, ...labels.decoys]) {
      expect(start <= end).toBe(true);
      for (const id of ids) {
        expect(users).toContain(audits.get(id)?.TargetResources?.[0]?.id);
        expect(Date.parse(audits.get(id)!.TimeGenerated)).toBeGreaterThanOrEqual(Date.parse(start));
      }
      for (const id of users) expect(userIds.has(id)).toBe(true);
    }
    for (const { must_detect: isTakeover, registration_event_ids: ids } of labels.incidents) expect(ids.length > 0).toBe(isTakeover);
  });

  it('labels every registration by somebody who has one look-alike or takeover, and no other is there', () => {
    const known = new Set([...labels.incidents, ...labels.decoys].flatMap(({ registration_event_ids: ids }) => ids));
    const registrations = tables.get('AuditLogs')!.filter((row) => row.ActivityDisplayName === 'User registered security info');
    const failed = new Set(labels.decoys.filter(({ kind: cause }) => cause === 'never-finished').flatMap(({ user_ids: ids }) => ids));
    expect(registrations.length).toBeGreaterThan(10);
    for (const { Id, TargetResources } of registrations) expect(known.has(Id) || failed.has(TargetResources![0]!.id)).toBe(true);
  });

  it('has nobody in two countries within two hours on networks where one is bodily, but for the labelled', () => {
    const labelled = new Map<string, [number, number][]>();
    for (const { user_ids: ids, start, end } of [...labels.incidents, ...labels.decoys])
      for (const id of ids) labelled.set(id, [...(labelled.get(id) ?? []), [Date.parse(start) - DAY, Date.parse(end) + 2 * DAY]]);
    const last = new Map<string, Row>();
    const rows = [...tables.get('SigninLogs')!, ...tables.get('AADNonInteractiveUserSignInLogs')!]
      .filter(
        ({ ResultType, AutonomousSystemNumber: asn, Location }) =>
          ResultType === '0' && asn !== '' && Location !== '' && BODILY.has(providerOf(Number(asn)).kind),
      )
      .filter(({ UserId }) => userIds.has(UserId!))
      .sort((a, b) => (a.TimeGenerated < b.TimeGenerated ? -1 : 1));
    const conflicts = [];
    for (const row of rows) {
      const before = last.get(row.UserId!);
      last.set(row.UserId!, row);
      const at = Date.parse(row.TimeGenerated);
      if (before === undefined || before.Location === row.Location || at - Date.parse(before.TimeGenerated) > 2 * HOUR) continue;
      if (!(labelled.get(row.UserId!) ?? []).some(([from, to]) => at >= from && at <= to))
        conflicts.push(`${row.UserId} ${row.TimeGenerated}`);
    }
    expect(rows.length).toBeGreaterThan(2000);
    expect(conflicts).toEqual([]);
  });
});

describe('whole tenants', () => {
  const orders = (Object.keys(KINDS) as KindName[]).flatMap((kind) => [3, 11].map((seed) => ({ kind, seed })));
  it.each(orders)(
    'have the planned number of people, takeovers and look-alikes, about half of the takeovers near the victim: $kind $seed',
    (order) => {
      const { labels } = castTenant(order);
      const takeovers = labels.incidents.filter(({ must_detect: must }) => must);
      expect(labels.users).toBeGreaterThanOrEqual(800);
      expect(labels.users).toBeLessThanOrEqual(1200);
      expect(new Set(takeovers.map(({ scenario }) => scenario)).size).toBe(11);
      const near = takeovers.filter(({ variant }) => variant.startsWith('near-')).length;
      expect(near / takeovers.length).toBeGreaterThan(0.4);
      expect(near / takeovers.length).toBeLessThan(0.6);
      const registering = labels.decoys.filter(({ registration_event_ids: ids }) => ids.length > 0);
      expect(registering.length).toBeGreaterThanOrEqual(150);
      expect(new Set(registering.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
    },
  );

  it('are the same bytes for a kind and a seed, and others for another seed', async () => {
    const folders = ['one', 'two', 'three'].map((name) => join(root, name));
    for (const [index, seed] of [5, 5, 6].entries()) await makeTenant({ kind: 'manufacturer', seed, share: 0.05 }, folders[index]!);
    const [one, two, three] = folders.map(digest);
    expect(two).toEqual(one);
    expect(three!.filter((text) => one!.includes(text))).toEqual([]);
  });
});
