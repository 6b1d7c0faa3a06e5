import { expect, test } from 'vitest';
import type { Alert } from '../../src/evaluate/alert.ts';
import { joinTruths, readLabels } from '../../src/evaluate/labels.ts';
import { evaluate } from '../../src/evaluate/report.ts';

const labels = (over: object = {}) => ({
  start: '2026-01-01T00:00:00Z',
  end: '2026-01-15T00:00:00Z',
  users: 500,
  incidents: [
    {
      id: 'a',
      scenario: 'S2',
      variant: 'replay',
      user_ids: ['U-1'],
      upns: ['u1@x.example'],
      start: '2026-01-10T10:00:00Z',
      end: '2026-01-10T12:00:00Z',
      registration_time: '2026-01-10T11:00:00Z',
      registration_event_ids: ['reg-1'],
      must_detect: true,
      min_severity: 'Medium',
    },
    {
      id: 'b',
      scenario: 'S10',
      variant: 'same-city',
      user_ids: ['u-2'],
      upns: [],
      start: '2026-01-11T10:00:00Z',
      end: '2026-01-11T12:00:00Z',
      registration_time: '2026-01-11T11:00:00Z',
      registration_event_ids: ['reg-2'],
      must_detect: true,
      min_severity: 'Medium',
    },
    {
      id: 'c',
      scenario: 'S1',
      variant: 'no-success',
      user_ids: [],
      upns: [],
      start: '2026-01-12T10:00:00Z',
      end: '2026-01-12T11:00:00Z',
      registration_event_ids: [],
      must_detect: false,
    },
  ],
  decoys: [
    {
      id: 'd',
      kind: 'new-phone',
      user_ids: ['u-9'],
      upns: [],
      start: '2026-01-05T10:00:00Z',
      end: '2026-01-05T10:10:00Z',
      registration_event_ids: ['reg-9'],
    },
  ],
  ...over,
});
const alert = (over: Partial<Alert>): Alert => ({
  id: 'x',
  users: [],
  eventIds: [],
  startMs: Date.parse('2026-01-10T10:30:00Z'),
  endMs: Date.parse('2026-01-10T11:30:00Z'),
  score: 60,
  confidence: 0.6,
  isSource: false,
  ...over,
});

test('an attack is found by its registration, or by its victim at the time of it', () => {
  const truth = readLabels(labels());
  const far = { startMs: 0, endMs: 0 };
  expect(evaluate([alert({ eventIds: ['reg-1'], ...far })], truth).missed.map(({ id }) => id)).toEqual(['b']);
  expect(evaluate([alert({ users: ['u-1'] })], truth).missed.map(({ id }) => id)).toEqual(['b']);
  expect(evaluate([alert({ users: ['u1@x.example'] })], truth).missed.map(({ id }) => id)).toEqual(['b']);
  expect(evaluate([alert({ users: ['u-1'], ...far })], truth).missed).toHaveLength(2);
  expect(evaluate([alert({ users: ['u-1'], score: 49 })], truth).missed).toHaveLength(2);
});

test('an hour before and a day after count, more does not', () => {
  const truth = readLabels(labels());
  const at = (time: string) => ({ startMs: Date.parse(time), endMs: Date.parse(time), users: ['u-1'] });
  const found = (time: string) => evaluate([alert(at(time))], truth).recall.count;
  expect([found('2026-01-10T09:00:00Z'), found('2026-01-11T12:00:00Z')]).toEqual([1, 1]);
  expect([found('2026-01-10T08:59:00Z'), found('2026-01-11T12:01:00Z')]).toEqual([0, 0]);
});

test('shares, false findings by cause and per 1,000 users and week', () => {
  const truth = readLabels(labels());
  const source = { isSource: true, startMs: Date.parse('2026-01-12T10:30:00Z'), endMs: Date.parse('2026-01-12T10:40:00Z') };
  const report = evaluate(
    [
      alert({ eventIds: ['reg-1'], score: 90, confidence: 1 }),
      // An attack that need not be found is no false finding.
      alert({ ...source, users: ['u-7'] }),
      alert({ eventIds: ['reg-9'] }),
      alert({ users: ['u-8'] }),
    ],
    truth,
  );
  expect(report.precision).toMatchObject({ count: 2, of: 4 });
  expect(report.recall).toMatchObject({ count: 1, of: 2 });
  expect(report.recallHigh).toMatchObject({ count: 1, of: 2 });
  expect(report.recallNear).toMatchObject({ count: 0, of: 1 });
  expect(report.recallElsewhere).toMatchObject({ count: 1, of: 1 });
  expect(report.scenarios.map(({ scenario, minutesMedian }) => [scenario, minutesMedian])).toEqual([
    ['S2', 30],
    ['S10', Number.NaN],
  ]);
  expect(report.falseAlerts.causes).toEqual([
    ['new-phone', 1],
    ['unexplained', 1],
  ]);
  // 2 in 0.5 thousand users and 2 weeks.
  expect(report.falseAlerts.per1000UsersAndWeek).toBeCloseTo(2, 12);
});

test('a finding about many who were sprayed does not show that one of them was taken over, and is not false', () => {
  const report = evaluate([alert({ users: ['u-1', 'u-7', 'u-8'], isSource: true })], readLabels(labels()));
  expect(report.recall.count).toBe(0);
  expect(report.falseAlerts.count).toBe(0);
});

const HOUR = 3_600_000;

test('from the arrival of the registration to the first row, in runs and in minutes', () => {
  const arrived = Date.parse('2026-01-10T11:04:00Z');
  const raised = { fromMs: arrived - 240_000, untilMs: arrived + 360_000, writtenMs: arrived + 720_000 };
  const at = (given: typeof raised) =>
    evaluate([alert({ eventIds: ['reg-1'], raised: given })], readLabels(labels()), { arrivals: new Map([['reg-1', arrived]]) }).arrival;
  expect(at(raised)).toMatchObject({ sameRun: { count: 1, of: 1 }, minutesMedian: 12 });
  // A later run.
  expect(at({ fromMs: arrived + 1, untilMs: arrived + HOUR, writtenMs: arrived + 2 * HOUR - 1 })).toMatchObject({
    sameRun: { count: 0, of: 1 },
  });
  // Old logs read at once, up to a past time or up to now.
  expect(at({ ...raised, writtenMs: arrived + 900 * HOUR }).minutesMedian).toBeNaN();
  expect(at({ fromMs: arrived - 300 * HOUR, untilMs: arrived + 900 * HOUR, writtenMs: arrived + 900 * HOUR }).minutesMedian).toBeNaN();
});

test('several tenants are one: findings per 1,000 users and week of all', () => {
  const [a, b] = [readLabels(labels()), readLabels(labels({ users: 1500, end: '2026-01-08T00:00:00Z', incidents: [], decoys: [] }))];
  // 2 false ones in 0.5 thousand users and 2 weeks and 1.5 thousand users and 1 week.
  const report = evaluate([alert({ users: ['u-8'] }), alert({ users: ['u-9'] })], joinTruths([a!, b!]));
  expect(report.falseAlerts.per1000UsersAndWeek).toBeCloseTo(2 / 2.5, 12);
  expect(report.recall.of).toBe(2);
});

test('fields that are missing are taken as not known', () => {
  const truth = readLabels(
    labels({ incidents: [{ user_ids: ['u-1'], registration_time: '2026-01-10T11:00:00Z' }, {}], decoys: undefined }),
  );
  expect(truth.incidents.map(({ mustDetect, scenario }) => [mustDetect, scenario])).toEqual([
    [true, 'unknown'],
    [false, 'unknown'],
  ]);
  expect(evaluate([alert({ users: ['u-1'] })], truth).recall).toMatchObject({ count: 1, of: 1 });
});

test.each([
  ['a list', []],
  ['no incidents', labels({ incidents: undefined })],
  ['no span', labels({ end: 'soon' })],
  ['no users', labels({ users: 0 })],
])('%s is refused by name', (_, json) => {
  expect(() => readLabels(json)).toThrow(expect.objectContaining({ code: 'labels-unusable', exitCode: 65 }));
});

test('times without a zone are UTC, wherever the machine stands', () => {
  const before = process.env['TZ'];
  process.env['TZ'] = 'Pacific/Auckland';
  try {
    expect(new Date(2026, 0, 1).getTimezoneOffset()).toBe(-13 * 60);
    const truth = readLabels(labels({ start: '2026-01-01', end: '2026-01-15T00:00:00' }));
    expect(truth).toMatchObject({ weeks: 2, endMs: Date.UTC(2026, 0, 15) });
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});
