import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { eventUid } from '../../src/findings/event-uid.ts';
import { contentHash, fieldsOf, findingContent, withdrawn } from '../../src/findings/finding-row.ts';
import { severityOf } from '../../src/findings/severity.ts';
import { splitUsers } from '../../src/findings/user-parts.ts';
import { withoutVerdict, withVerdict } from '../../src/findings/verdict.ts';
import { FACTOR_FINDINGS } from '../../src/schema/factor-findings.ts';
import type { Contribution, Judgement } from '../../src/scoring/judgement.ts';
import { fakeJudgement } from '../pipeline/fake-judgement.ts';

const OPTIONS = {
  productVersion: '1.2.3',
  runKind: 'Live',
  titles: new Map([['D6-registration-after-risky-session', 'Registration after a risky session']]),
} as const;
const events = [
  { id: 'a', ms: Date.parse('2026-03-01T10:00:00Z'), weight: 50 },
  { id: 'b', ms: Date.parse('2026-03-01T10:06:30.5Z'), weight: 30 },
];
const judgement = (more: Partial<Judgement> = {}): Judgement => ({ ...fakeJudgement('u1', 80, events), ...more });
const content = (more: Partial<Judgement> = {}) => findingContent(judgement(more), {}, OPTIONS);
const piece = (llr: number, more: Partial<Contribution> = {}): Contribution => ({
  detector: 'D1-novelty',
  group: 'network',
  llr,
  words: `It weighs ${llr}.`,
  counts: { n: 143 },
  eventIds: ['a'],
  techniques: ['T1078.004'],
  ...more,
});

describe('a finding', () => {
  test('has every column of the table and no other', () => {
    const columns = ['TimeGenerated', 'FindingRevision', 'RunId', ...Object.keys(content())].sort();
    expect(columns).toEqual(FACTOR_FINDINGS.columns.map(({ name }) => name).sort());
  });

  test('is identified by scope, kind, subject and anchor alone', () => {
    const by = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(content().EventUid).toBe(by('tenant\nregistration\nuser-of-u1\nu1'));
    expect(content({ score: 31, contributions: [], startMs: 0 }).EventUid).toBe(content().EventUid);
    expect(eventUid({ tenantId: 't', kind: 'source', subject: 'ip:1', anchor: '2026-03-01' })).toBe(by('t\nsource\nip:1\n2026-03-01'));
  });

  test('says who, what, when, where and why', () => {
    expect(content()).toMatchObject({
      EventMessage:
        'u1@contoso.test changed Mobile Phone SMS on 2026-03-01 10:00 UTC from 198.51.100.7 (NL, AS9009). Event a weighs 50. Event b weighs 30.',
      AlertName: 'Registration after a risky session',
      RuleId: 'registration',
      EventStartTime: '2026-03-01T10:00:00Z',
      EventEndTime: '2026-03-01T10:06:30.500Z',
      EventCount: 2,
      EventSeverity: 'High',
      ThreatRiskLevel: 80,
      ThreatConfidence: 99,
      AlertStatus: 'Active',
      AlertVerdict: 'Unknown',
      AttackTechniques: 'T1556.006',
      AttackTactics: 'CredentialAccess, Persistence',
      UserId: 'user-of-u1',
      Username: 'u1@contoso.test',
      EventOriginalUid: 'a',
      IndicatorType: 'Ip',
    });
    expect(content().EventUid).toMatch(/^[0-9a-f]{64}$/);
  });

  describe('tells when and from where by the record of the change, not by the sign-in that began it', () => {
    const [signIn, change] = judgement().events.map((event) => ({ ...event }));
    const of = (ip: string, seen: readonly object[] = []) =>
      content({
        originalId: 'b',
        events: [
          { ...signIn!, table: 'SigninLogs' },
          { ...change!, ip, country: '', city: '', asn: '' },
          ...(seen as (typeof signIn)[]),
        ] as Judgement['events'],
      }).EventMessage;

    test.each([
      ['another address', '203.0.113.9', [], 'on 2026-03-01 10:06 UTC from 203.0.113.9. '],
      [
        'another address, whose place a sign-in tells',
        '203.0.113.9',
        [{ ...signIn!, table: 'SigninLogs', id: 'c', ip: '203.0.113.9', country: 'RU', city: 'Moscow', asn: '12389' }],
        'on 2026-03-01 10:06 UTC from 203.0.113.9 (Moscow, RU, AS12389). ',
      ],
      ['the same address', '198.51.100.7', [], 'on 2026-03-01 10:06 UTC from 198.51.100.7 (NL, AS9009). '],
      ['no address', '', [], 'on 2026-03-01 10:06 UTC, thought to be from 198.51.100.7 (NL, AS9009). '],
      ['an address of Microsoft', '20.190.180.147', [], 'on 2026-03-01 10:06 UTC, thought to be from 198.51.100.7 (NL, AS9009). '],
    ])('%s', (_, ip, seen, words) => {
      expect(of(ip, seen)).toContain(words);
    });
  });

  test.each([
    [100, 'High'],
    [75, 'High'],
    [74, 'Medium'],
    [50, 'Medium'],
    [49, 'Low'],
    [30, 'Low'],
  ])('of risk %d is %s', (risk, severity) => {
    expect(severityOf(risk)).toBe(severity);
    expect(content({ score: risk })).toMatchObject({ EventSeverity: severity, ThreatRiskLevel: risk });
  });

  test('that turned benign is closed with the reason, at the least risk that is written', () => {
    const closed = content({ score: 12, posterior: 0.003, closedReason: 'The new method was used from the usual managed device.' });
    expect(closed).toMatchObject({
      AlertStatus: 'Closed',
      AlertVerdict: 'Unknown',
      ThreatRiskLevel: 30,
      EventSeverity: 'Low',
      ThreatConfidence: 0,
    });
    expect(closed.EventMessage).toContain('usual managed device');
    expect(fieldsOf(closed)['ClosedReason']).toContain('usual managed device');
  });

  test('about several users names none in the columns and all in AdditionalFields', () => {
    const users = Array.from({ length: 40 }, (_, i) => ({ userId: `id-${i}`, upn: `user${i}@contoso.test` }));
    const many = content({ kind: 'source', subject: 'ip:198.51.100.7', users });
    expect(many).toMatchObject({ UserId: '', Username: '', RuleId: 'source' });
    expect(fieldsOf(many)['Users']).toEqual(users.map(({ userId, upn }) => ({ UserId: userId, Username: upn })));
    expect(many.EventMessage).toContain('40 users');
  });

  test('says what is not known', () => {
    expect(fieldsOf(content({ gaps: ['No sign-in logs in the 24 h before: scored without network evidence.'] }))['Gaps']).toEqual([
      'No sign-in logs in the 24 h before: scored without network evidence.',
      expect.stringContaining('IdentityInfo has no row of this user'),
      expect.stringContaining('AuditLogs shows no change of methods'),
    ]);
  });
});

describe('the place of a source', () => {
  const event = judgement().events[0]!;
  const source = { ...judgement().source, ip: '198.51.100.7' };
  test('comes with the event that tells it', () => {
    const placed = { ...event, ip: '198.51.100.7', country: 'NL', city: 'Delft', asn: '9009', table: 'SigninLogs' } as const;
    expect(fieldsOf(content({ source, events: [placed] }))['Place']).toEqual({
      Source: 'SigninLogs',
      SourceTime: '2026-03-01T10:00:00Z',
      SrcGeoCountry: 'NL',
      SrcGeoCity: 'Delft',
      Asn: '9009',
    });
  });
  test('is said not to be known where no event tells it', () => {
    const bare = { ...event, ip: '198.51.100.7', country: '', city: '', asn: '' };
    const fields = fieldsOf(content({ source, events: [bare] }));
    expect(fields).not.toHaveProperty('Place');
    expect(fields['Gaps']).toContainEqual(
      'None of these events shows the country and network of 198.51.100.7: those stated are of a sign-in that is left out here.',
    );
    const nowhere = { ...source, country: '', city: '', asn: '' };
    expect(fieldsOf(content({ source: nowhere, events: [bare] }))['Gaps']).toContainEqual(
      'None of these events shows the country and network of 198.51.100.7.',
    );
  });
  test('that is the place of another address is said to be that of the other', () => {
    const bare = { ...event, ip: '198.51.100.7', country: '', city: '', asn: '' };
    const signIn = { ...event, id: 'sign-in', ip: '203.0.113.9', country: 'NL', city: 'Delft', asn: '9009', table: 'SigninLogs' } as const;
    const borrowed = { ...source, country: 'NL', city: 'Delft', asn: '9009' };
    const row = content({ source: borrowed, events: [signIn, bare] });
    expect(row.EventMessage).toContain(' from 198.51.100.7 (sign-in from 203.0.113.9: Delft, NL, AS9009).');
    expect(fieldsOf(row)['Gaps']).toContainEqual(
      'None of these events shows the country and network of 198.51.100.7: those in EventMessage are of the sign-in from 203.0.113.9.',
    );
    // The columns are of SrcIpAddr: its place is not known.
    expect(row).toMatchObject({ SrcIpAddr: '198.51.100.7', SrcGeoCountry: '', SrcGeoCity: '' });
    expect(fieldsOf(row)['SourceAsn']).toBe('');
  });
  test('of many users: their roles are not known, and a source is named in words', () => {
    const users = [1, 2].map((n) => ({ userId: `u${n}`, upn: '' }));
    const made = content({ kind: 'source', subject: 'phone:97d362b1d461144e', users });
    expect(fieldsOf(made)['Gaps']).toContainEqual(expect.stringContaining('their roles are not known'));
    expect(made.EventMessage).toMatch(/^One phone number \(key 97d362b…\) and 2 users on 2026-03-01\./);
    expect(made.AttackRemediationSteps).toContain('Find out whether one phone number (key 97d362b…) is yours');
  });
});

describe('evidence', () => {
  test('holds at most ten rows, room for what speaks against, and says what it left out', () => {
    const contributions = [...Array.from({ length: 14 }, (_, i) => piece(5 - i / 10)), piece(-1), piece(-2), piece(-0.5), piece(-0.1)];
    const rows = content({ contributions }).Evidence as { Direction?: string; Nats?: number; Cut?: number }[];
    expect(rows).toHaveLength(10);
    expect(rows.filter((row) => row.Direction === 'Against')).toHaveLength(3);
    expect(rows[0]).toMatchObject({ Direction: 'For', Nats: 5, Counts: { n: 143 } });
    expect(rows.at(-1)).toMatchObject({ Cut: contributions.length - 9 });
  });

  test('and AdditionalFields stay below what the service takes, however large the fields of the logs are', () => {
    const huge = 'é'.repeat(100_000);
    const users = Array.from({ length: 5000 }, (_, i) => ({ userId: `${i}`.padStart(36, '0'), upn: `user${i}@${huge.slice(0, 60)}.test` }));
    const made = content({
      users,
      methods: [huge],
      benignIf: [huge],
      gaps: [huge],
      contributions: Array.from({ length: 50 }, (_, i) =>
        piece(50 - i, { words: huge, eventIds: Array.from({ length: 500 }, () => huge) }),
      ),
      events: Array.from({ length: 3000 }, (_, i) => ({ ...judgement().events[0]!, id: `${i}-${huge}`.slice(0, 300), what: huge })),
    });
    expect(Buffer.byteLength(JSON.stringify(made.Evidence))).toBeLessThanOrEqual(32 * 1024);
    const fields = fieldsOf(made);
    expect(Buffer.byteLength(JSON.stringify({ ...fields, Users: [] }))).toBeLessThanOrEqual(45_000);
    expect(fields['Users']).toHaveLength(5000);
    const { row, parts } = splitUsers({ ...made, TimeGenerated: '', FindingRevision: 1, RunId: '' });
    expect(Buffer.byteLength(JSON.stringify(row.AdditionalFields))).toBeLessThanOrEqual(64_000);
    for (const part of parts) expect(Buffer.byteLength(JSON.stringify(part))).toBeLessThanOrEqual(64_000);
    expect((fieldsOf(row)['Users'] as unknown[]).length + Number(fieldsOf(row)['UsersCut'])).toBe(5000);
    expect((fields['Events'] as unknown[]).length + Number(fields['EventsCut'])).toBe(25);
    for (const value of Object.values(made)) if (typeof value === 'string') expect(Buffer.byteLength(value)).toBeLessThan(64_000);
  });

  test('__proto__ in a count or field is a key like any other', () => {
    const counts = JSON.parse('{"__proto__": 3}') as Record<string, number>;
    const made = content({ contributions: [piece(2, { counts })], methods: ['__proto__'] });
    expect(JSON.stringify(made.Evidence)).toContain('"__proto__":3');
    expect(({} as Record<string, unknown>)['n']).toBeUndefined();
  });
});

describe('the content hash', () => {
  test('sees every column, and neither the order of keys nor the mark of the budget', () => {
    const base = content();
    const reordered = Object.fromEntries(Object.entries(base).reverse()) as typeof base;
    expect(contentHash(reordered)).toBe(contentHash(base));
    expect(contentHash({ ...base, AdditionalFields: { ...fieldsOf(base), OverBudget: true } })).toBe(contentHash(base));
    for (const [name, value] of Object.entries(base)) {
      const other = typeof value === 'number' ? value + 1 : typeof value === 'string' ? `${value}x` : { changed: true };
      expect([name, contentHash({ ...base, [name]: other }) === contentHash(base)]).toEqual([name, false]);
    }
  });
});

test('the content hash of a row that a workspace gives back, where times lose their last zeros, is the one it was written with', () => {
  const written = { ...content(), EventStartTime: '2026-03-01T10:00:00.040Z', EventEndTime: '2026-03-01T10:06:30.500Z' };
  for (const [start, end] of [
    ['2026-03-01T10:00:00.04Z', '2026-03-01T10:06:30.5Z'],
    ['2026-03-01T10:00:00.0400000Z', '2026-03-01T10:06:30.5000000Z'],
  ])
    expect(contentHash({ ...written, EventStartTime: start!, EventEndTime: end! })).toBe(contentHash(written));
});

describe('a verdict', () => {
  const overlay = {
    verdict: 'false-positive',
    by: 'ana',
    at: '2026-03-02T08:00:00.000Z',
    comment: 'new phone',
    severity: 'Medium',
  } as const;

  test('closes the finding and stays over later revisions of the same or a lower severity', () => {
    for (const score of [55, 40]) {
      expect(withVerdict(content({ score }), overlay)).toMatchObject({ AlertStatus: 'Closed', AlertVerdict: 'False Positive' });
    }
  });
  test('does not hide that it grew worse', () => {
    expect(withVerdict(content({ score: 90 }), overlay)).toMatchObject({
      AlertStatus: 'Active',
      AlertVerdict: 'False Positive',
      EventSeverity: 'High',
    });
  });
  test('is kept with who gave it and why', () => {
    expect(fieldsOf(withVerdict(content(), overlay))['Verdict']).toMatchObject({ By: 'ana', At: overlay.at, Comment: 'new phone' });
  });
  // 15 points a factor of ten: 6 nats are 39 points, 3 nats are 20.
  test.each([
    ['false-positive', 95, 56, 'Medium'],
    ['benign-positive', 76, 37, 'Low'],
    ['true-positive', 60, 80, 'High'],
    ['unknown', 60, 60, 'Medium'],
  ] as const)('%s moves a score of %i to %i', (verdict, score, expected, severity) => {
    const odds = ((score - 50) / 15) * Math.LN10;
    const given = content({ score, posterior: 1 / (1 + Math.exp(-odds)) });
    const closed = withVerdict(given, { ...overlay, verdict, severity: 'High' });
    expect(closed).toMatchObject({ ThreatRiskLevel: expected, EventSeverity: severity, AlertStatus: 'Closed' });
    // Another verdict starts from the evidence, not from the first verdict.
    expect(withVerdict(closed, { ...overlay, verdict, severity: 'High' })).toEqual(closed);
    expect(withoutVerdict(closed).ThreatRiskLevel).toBe(score);
  });
  test('that the engine has counted already is not counted twice', () => {
    const words = 'An analyst called this benign.';
    const given = content({ score: 60, contributions: [piece(4), piece(-6, { detector: 'D16-watch-list', words })] });
    expect(withVerdict(given, overlay)).toMatchObject({ ThreatRiskLevel: 60, AlertStatus: 'Closed' });
  });
});

test('a finding that is taken back is closed, marked, and keeps its identity', () => {
  const back = withdrawn(content());
  expect(back).toMatchObject({ EventUid: content().EventUid, AlertStatus: 'Closed' });
  expect(fieldsOf(back)['Withdrawn']).toBe(true);
});
