import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { callIn } from '../support/cli.ts';
import { ROOT } from '../support/source-files.ts';

/** What anyone may rely on in the findings of the sample tenant, computed from the columns themselves and from the raw lines of samples/. */

interface Fields {
  readonly Unit: { readonly Kind: string; readonly Subject: string; readonly Anchor: string };
  readonly Users: readonly { readonly UserId: string; readonly Username: string }[];
  readonly EventIds: readonly string[];
  readonly Detectors: readonly { readonly Id: string; readonly Name: string; readonly Nats: number }[];
  readonly Posterior: number;
  readonly HardEvidence: boolean;
}
interface Finding extends Readonly<Record<string, unknown>> {
  readonly EventUid: string;
  readonly FindingRevision: number;
  readonly EventSeverity: 'High' | 'Medium' | 'Low';
  readonly ThreatRiskLevel: number;
  readonly ThreatConfidence: number;
  readonly EventStartTime: string;
  readonly EventEndTime: string;
  readonly TimeGenerated: string;
  readonly AdditionalFields: Fields;
}
interface RawRow {
  readonly Id: string;
  readonly CorrelationId: string;
  readonly TimeGenerated: string;
  readonly ActivityDateTime?: string;
}

const DATA_DIR = mkdtempSync(join(tmpdir(), 'factorwatch-contract-'));
const NOW = Date.parse('2026-11-29T12:00:00Z');
const raw = new Map<string, RawRow>();
for (const table of ['SigninLogs', 'AADNonInteractiveUserSignInLogs', 'AuditLogs', 'AADUserRiskEvents'])
  for (const line of gunzipSync(readFileSync(join(ROOT, `samples/${table}.ndjson.gz`)))
    .toString('utf8')
    .trim()
    .split('\n')) {
    const row = JSON.parse(line) as RawRow;
    raw.set(row.Id, row);
  }

let workspace: Workspace;
let found: readonly Finding[];
const call = (...argv: readonly string[]) => callIn({ dataDir: DATA_DIR, workspace, clock: () => NOW }, ...argv);
const json = async (...argv: readonly string[]) => JSON.parse((await call(...argv, '--json')).out) as unknown;
beforeAll(async () => {
  workspace = await openEmbeddedWorkspace({ directory: DATA_DIR });
  expect(await call('import', 'samples')).toMatchObject({ code: 0 });
  expect(await call('run', '--until', '2026-10-15T00:00:00Z')).toMatchObject({ code: 0 });
  found = (await json('findings')) as Finding[];
}, 300_000);
afterAll(async () => {
  await workspace.close();
  rmSync(DATA_DIR, { recursive: true });
});

/** When it happened: a risk detection hours before it was logged. */
const happened = (id: string) => {
  const { ActivityDateTime, TimeGenerated } = raw.get(id)!;
  return Date.parse(ActivityDateTime ?? TimeGenerated);
};

const each = (check: (finding: Finding) => unknown, expected: (finding: Finding) => unknown) => {
  expect(found.length).toBeGreaterThan(10);
  expect(found.map((finding) => [finding.EventUid, check(finding)])).toEqual(found.map((finding) => [finding.EventUid, expected(finding)]));
};

test('EventUid is the SHA-256 of scope, unit kind, subject and anchor, and RuleId names the kind', () => {
  const uid = ({ UserScopeId, AdditionalFields: { Unit } }: Finding) =>
    createHash('sha256').update([UserScopeId, Unit.Kind, Unit.Subject, Unit.Anchor].join('\n')).digest('hex');
  each(({ EventUid }) => EventUid, uid);
  each(
    ({ RuleId }) => RuleId,
    ({ AdditionalFields }) => AdditionalFields.Unit.Kind,
  );
});

test('the anchor is the CorrelationId of the registration, its Id where there is none, or a UTC day', () => {
  const kinds = new Set(found.map(({ RuleId }) => RuleId));
  expect(kinds).toContain('registration');
  each(
    ({ AdditionalFields: { Unit } }) => Unit.Anchor,
    (finding) => {
      const { Unit, EventIds } = finding.AdditionalFields;
      if (Unit.Kind === 'registration') {
        const audit = raw.get(finding['EventOriginalUid'] as string)!;
        return audit.CorrelationId || audit.Id;
      }
      const days = EventIds.map((id) => new Date(happened(id)).toISOString().slice(0, 10)).sort();
      return Unit.Anchor.slice(0, 10) === days[0] ? Unit.Anchor : days[0];
    },
  );
});

test('severity follows the risk level alone, and nothing below 30 is written', async () => {
  each(
    ({ EventSeverity }) => EventSeverity,
    ({ ThreatRiskLevel: risk }) => (risk >= 75 ? 'High' : risk >= 50 ? 'Medium' : 'Low'),
  );
  expect(await json('query', 'FactorFindings_CL | where ThreatRiskLevel < 30 or ThreatRiskLevel > 100')).toEqual([]);
});

test('the risk level is the map of the posterior, 50 at even odds and 15 points for a factor of ten, which the confidence shows in per cent', () => {
  const score = (posterior: number) => Math.round(50 + 15 * Math.log10(posterior / (1 - posterior)));
  for (const { EventUid, ThreatRiskLevel, ThreatConfidence, AdditionalFields } of found) {
    const { Posterior, HardEvidence } = AdditionalFields;
    // Posterior has six digits; hard evidence has a floor, and what was reported once is not written below the least.
    const [least, most] = [-6e-7, 6e-7].map((error) =>
      Math.min(100, Math.max(HardEvidence ? 75 : 30, score(Math.min(1, Posterior + error)))),
    );
    expect({ EventUid, fits: ThreatRiskLevel >= least! && ThreatRiskLevel <= most! }).toEqual({ EventUid, fits: true });
    expect(ThreatConfidence).toBe(Math.round(Posterior * 100));
  }
});

test('EventIds are raw Ids, and EventStartTime to EventEndTime covers them, not the run', () => {
  each(
    ({ AdditionalFields: { EventIds } }) => EventIds.filter((id) => !raw.has(id)),
    () => [],
  );
  const within = ({ AdditionalFields: { EventIds }, EventStartTime, EventEndTime }: Finding) =>
    EventIds.filter((id) => {
      const ms = happened(id);
      return ms < Date.parse(EventStartTime) || ms > Date.parse(EventEndTime);
    });
  each(within, () => []);
  // Neither end lies beyond the first and last of them, but for a source: of what it did to thousands not every Id is kept.
  each(
    ({ RuleId, EventStartTime, EventEndTime }) =>
      RuleId === 'source' ? [] : [EventStartTime, EventEndTime].map((time) => Date.parse(time)),
    ({ RuleId, AdditionalFields: { EventIds } }) => {
      const times = EventIds.map(happened);
      return RuleId === 'source' ? [] : [Math.min(...times), Math.max(...times)];
    },
  );
});

test('one user stands in the columns, several in AdditionalFields.Users alone', () => {
  each(
    ({ UserId, Username }) => ({ UserId, Username }),
    ({ AdditionalFields: { Users } }) => (Users.length === 1 ? Users[0] : { UserId: '', Username: '' }),
  );
});

test('AlertName is the strongest detector of all that spoke', () => {
  each(
    ({ AlertName }) => AlertName,
    ({ AdditionalFields: { Detectors } }) => Detectors.toSorted((a, b) => b.Nats - a.Nats)[0]?.Name,
  );
});

test('TimeGenerated is when the row was written', () => {
  for (const { TimeGenerated } of found) expect(Math.abs(Date.parse(TimeGenerated) - NOW)).toBeLessThan(3_600_000);
});

test('the list is ordered by EventStartTime and EventUid, whatever the filters, which keep what they say', async () => {
  const order = (rows: readonly Finding[]) =>
    rows.toSorted((a, b) =>
      a.EventStartTime === b.EventStartTime ? (a.EventUid < b.EventUid ? -1 : 1) : a.EventStartTime < b.EventStartTime ? -1 : 1,
    );
  expect(found).toEqual(order(found));
  for (const [severity, kept] of [
    ['Low', ['High', 'Medium', 'Low']],
    ['Medium', ['High', 'Medium']],
    ['High', ['High']],
  ] as const)
    expect(await json('findings', '--severity', severity)).toEqual(
      found.filter(({ EventSeverity }) => (kept as readonly string[]).includes(EventSeverity)),
    );
  const since = found[Math.floor(found.length / 2)]!.EventStartTime;
  expect(await json('findings', 'list', '--since', since)).toEqual(found.filter(({ EventStartTime }) => EventStartTime >= since));
});

test('FactorFindings() is the row of the highest revision of each', async () => {
  const [first] = found;
  await call('findings', 'close', first!.EventUid, '--verdict', 'unknown');
  const rows = (await json('query', 'FactorFindings_CL | project EventUid, FindingRevision')) as Finding[];
  const newest = new Map<string, number>();
  for (const { EventUid, FindingRevision } of rows) newest.set(EventUid, Math.max(FindingRevision, newest.get(EventUid) ?? 0));
  const current = (await json('query', 'FactorFindings() | project EventUid, FindingRevision')) as Finding[];
  expect(new Map(current.map(({ EventUid, FindingRevision }) => [EventUid, FindingRevision]))).toEqual(newest);
  expect(newest.get(first!.EventUid)).toBe(first!.FindingRevision + 1);
});

test('an id may be cut to 8 digits, in either case; fewer, or what fits several, is refused', async () => {
  const { EventUid } = found[0]!;
  for (const id of [EventUid, EventUid.slice(0, 8), EventUid.slice(0, 9).toUpperCase()])
    expect(await json('findings', 'show', id)).toMatchObject({ EventUid });
  expect(await call('findings', 'show', EventUid.slice(0, 7))).toMatchObject({ code: 64 });
});

test('a detector that is switched off says nothing in the next run', { timeout: 300_000 }, async () => {
  const OFF = 'D6-registration-after-risk';
  const speaks = ({ AdditionalFields: { Detectors } }: Finding) => Detectors.some(({ Id }) => Id === OFF);
  expect(found.filter(speaks).length).toBeGreaterThan(3);
  const dataDir = mkdtempSync(join(tmpdir(), 'factorwatch-contract-'));
  const other = await openEmbeddedWorkspace({ directory: dataDir });
  try {
    const without = (...argv: readonly string[]) => callIn({ dataDir, workspace: other }, ...argv);
    expect(await without('import', 'samples')).toMatchObject({ code: 0 });
    expect(await without('rules', 'disable', OFF, '--reason', 'a test')).toMatchObject({ code: 0 });
    expect(await without('run', '--until', '2026-10-15T00:00:00Z')).toMatchObject({ code: 0 });
    const left = JSON.parse((await without('findings', '--json')).out) as Finding[];
    expect(left.length).toBeGreaterThan(3);
    expect(left.filter(speaks)).toEqual([]);
  } finally {
    await other.close();
    rmSync(dataDir, { recursive: true });
  }
});
