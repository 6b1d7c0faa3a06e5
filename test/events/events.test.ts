import { Dictionary, Int32, RecordBatch, Table, tableFromIPC, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/core/bytes.ts';
import { msFromTicks } from '../../src/core/ticks.ts';
import { addressKeys } from '../../src/events/address.ts';
import { columnBatch, readRows, textAt, writeRows } from '../../src/events/column-batch.ts';
import { eventColumns } from '../../src/events/contracts.ts';
import { EVENT_WORDS, Word } from '../../src/events/event-record.ts';
import { hashText } from '../../src/events/hash.ts';
import { PendingEvents } from '../../src/events/pending.ts';
import { buildRecords } from '../../src/events/record-builder.ts';
import { SeenIds } from '../../src/events/seen-ids.ts';
import { isRefusedPrompt, resultMeaning } from '../../src/events/sign-in-results.ts';
import { at, batchOf, noEgress, signIn } from '../support/events.ts';

const T = at('2026-03-02T08:00:00Z');
const MINUTE = 600_000_000n;

test('flipping any bit of a text flips about half of the bits of its hash', () => {
  const bits = ([lo, hi]: readonly [number, number]) =>
    [...lo.toString(2).padStart(32, '0'), ...hi.toString(2).padStart(32, '0')].map(Number);
  let flips = 0;
  let tries = 0;
  for (let i = 0; i < 36; i++) {
    for (let bit = 0; bit < 5; bit++) {
      const text = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
      const other = text.slice(0, i) + String.fromCharCode(text.charCodeAt(i) ^ (1 << bit)) + text.slice(i + 1);
      const b = bits(hashText(other));
      flips += bits(hashText(text)).filter((x, k) => x !== b[k]).length;
      tries += 64;
    }
  }
  expect(flips / tries).toBeGreaterThan(0.45);
  expect(flips / tries).toBeLessThan(0.55);
});

test('a hundred thousand ids have a hundred thousand hashes; 0 is the empty text alone', () => {
  const keys = new Set(Array.from({ length: 100_000 }, (_, i) => hashText(`user-${i}`).join()));
  expect(keys.size).toBe(100_000);
  expect(hashText('')).toEqual([0, 0]);
});

test.each([
  ['198.51.100.7', '198.51.100.7', '198.51.100.0/24'],
  ['198.51.100.7:4431', '198.51.100.7', '198.51.100.0/24'],
  ['::ffff:198.51.100.7', '198.51.100.7', '198.51.100.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ['999.1.1.1', '', ''],
  ['', '', ''],
  ['not an address', '', ''],
])('address %s', (text, address, prefix) => {
  expect(addressKeys(text)).toEqual({ address, prefix });
});

test.each([
  ['0', 'success', true],
  ['50074', 'interrupt', true],
  ['50126', 'password-failure', false],
  ['50055', 'interrupt', true],
  ['500121', 'mfa-failure', true],
  ['123456', 'other-failure', false],
])('result %s is %s', (code, outcome, firstFactor) => {
  expect(resultMeaning(code)).toMatchObject({ outcome, firstFactor });
});

test.each([
  ['MFA denied; user declined the authentication', true],
  ['MFA denied; user did not respond to mobile app notification', true],
  ['MFA denied; duplicate authentication attempt', false],
  ['MFA denied; invalid verification code', false],
  ['', true],
  ['-', true],
  ['null', true],
])('a prompt with "%s" was refused: %s', (detail, refused) => {
  expect(isRefusedPrompt(detail)).toBe(refused);
});

test('times are exact to the millisecond over all years, without BigInt', () => {
  const times = [
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59.9999999Z',
    '1970-01-01T00:00:00Z',
    '2026-03-02T08:00:00.1239999Z',
    '9999-12-31T23:59:59.999Z',
  ];
  const rows = times.map((time) => signIn('u', at(time)));
  const column = columnBatch('sign-in', batchOf('sign-in', rows)).numbers.get('EventTime')!;
  expect([...column]).toEqual(rows.map((row) => msFromTicks(row.EventTime)));
});

test('a batch reads the same after IPC, sliced, and written by rows', () => {
  const rows = Array.from({ length: 10 }, (_, i) =>
    signIn(`u${i % 3}`, T + BigInt(i) * MINUTE, { City: i % 2 === 0 ? '' : `Stadt ${i} ü` }),
  );
  const table = tableFromIPC(tableToIPC(new Table([batchOf('sign-in', rows)]), 'stream'));
  const batch = columnBatch('sign-in', table.batches[0]!.slice(2, 9));
  const writer = new ByteWriter();
  writeRows(writer, batch, Uint32Array.of(1, 4, 6));
  const copy = readRows(new ByteReader(writer.finish()), 'sign-in');
  for (const [i, row] of [3, 6, 8].entries()) {
    for (const name of ['City', 'UserId', 'Id'] as const) expect(textAt(copy, name, i)).toBe(rows[row]![name]);
    expect(copy.numbers.get('EventTime')![i]).toBe(msFromTicks(rows[row]!.EventTime));
    expect(copy.bools.get('IsInteractive')![i]).toBe(1);
  }
});

test('plain Utf8 with nulls is taken; a column of another type or none is refused by name', () => {
  const plain = batchOf('sign-in', [signIn('u', T), signIn('v', T)]);
  const fields = Object.fromEntries(Object.keys(eventColumns['sign-in']).map((name) => [name, plain.getChild(name)!]));
  const table = new Table({ ...fields, City: vectorFromArray(['x', null], new Utf8()) });
  expect(textAt(columnBatch('sign-in', table.batches[0]!), 'City', 0)).toBe('x');
  expect(textAt(columnBatch('sign-in', table.batches[0]!), 'City', 1)).toBe('');
  const wrong = new Table({ ...fields, City: vectorFromArray([1, 2], new Int32()) });
  expect(() => columnBatch('sign-in', wrong.batches[0]!)).toThrow(expect.objectContaining({ code: 'event-columns' }));
  const none = new RecordBatch({ Id: vectorFromArray(['x'], new Dictionary(new Utf8(), new Int32())).data[0]! });
  expect(() => columnBatch('sign-in', none)).toThrow(/EventTime/);
});

function ordered(rows: readonly ReturnType<typeof signIn>[], untilMs = Number.POSITIVE_INFINITY): readonly string[] {
  const pending = new PendingEvents<'SigninLogs'>({ latenessMs: 900_000, retentionMs: 3_600_000, egress: noEgress });
  for (const row of rows) pending.add('SigninLogs', columnBatch('sign-in', batchOf('sign-in', [row])));
  const ids: string[] = [];
  pending.take(untilMs, (words, _doubles, start, { columns }) => ids.push(textAt(columns, 'Id', words[start + Word.row]!)));
  expect(EVENT_WORDS % 2).toBe(0);
  return ids;
}

test('events come in the order of their times; later ones than their ingestion and much earlier ones at their bound', () => {
  const rows = [
    signIn('u', T, { Id: 'on time' }),
    signIn('u', at('9999-01-01T00:00:00Z'), { Id: 'future', IngestedAt: T + MINUTE }),
    signIn('u', T - 600n * MINUTE, { Id: 'ten hours late', IngestedAt: T + 5n * MINUTE }),
    signIn('u', T - 5n * MINUTE, { Id: 'five minutes late', IngestedAt: T }),
  ];
  const expected = ['ten hours late', 'five minutes late', 'on time', 'future'];
  expect(ordered(rows)).toEqual(expected);
  expect(ordered([...rows].reverse())).toEqual(expected);
});

test('rows that come when weeks after them are judged already are judged all the same, however many they are and after a restart', () => {
  const options = { latenessMs: 900_000, retentionMs: 3_600_000, egress: noEgress };
  const before = new PendingEvents<'SigninLogs'>(options);
  before.take(msFromTicks(T), () => undefined);
  const writer = new ByteWriter();
  before.write(writer);
  const pending = new PendingEvents<'SigninLogs'>(options);
  pending.read(new ByteReader(writer.finish()));
  // A file of last month that is imported after a run: more rows than the memory of Ids holds before it drops what is old.
  const rows = Array.from({ length: 10_000 }, (_, i) => signIn('u', T - 30n * 1440n * MINUTE + BigInt(i) * MINUTE, { Id: `late ${i}` }));
  pending.add('SigninLogs', columnBatch('sign-in', batchOf('sign-in', rows)));
  let judged = 0;
  pending.take(msFromTicks(T), () => judged++);
  expect(judged).toBe(rows.length);
});

test('a restart between two copies of a row, or after both, changes nothing', () => {
  const row = signIn('u', T, { Id: 'a' });
  const rows = [{ ...row, IngestedAt: T + 20n * MINUTE }, row, signIn('u', T + 3n * MINUTE, { Id: 'b' })];
  const options = { latenessMs: 900_000, retentionMs: 3_600_000, egress: noEgress };
  const judged = (restarts: readonly number[]) => {
    let pending = new PendingEvents<'SigninLogs'>(options);
    rows.forEach((one, i) => {
      pending.add('SigninLogs', columnBatch('sign-in', batchOf('sign-in', [one])));
      if (!restarts.includes(i)) return;
      const writer = new ByteWriter();
      pending.write(writer);
      pending = new PendingEvents<'SigninLogs'>(options);
      pending.read(new ByteReader(writer.finish()));
    });
    const ids: string[] = [];
    pending.take(Number.POSITIVE_INFINITY, (words, _, start, { columns }) => ids.push(textAt(columns, 'Id', words[start + Word.row]!)));
    return ids;
  };
  for (const restarts of [[], [0], [1], [2], [0, 1, 2]]) expect(judged(restarts)).toEqual(['a', 'b']);
});

test.each(['2001:db8::1', '[2001:db8::1]:443', '[2001:db8::1]', '2001:db8::1%eth0', '198.51.100.7:443', '::ffff:198.51.100.7'])(
  'the operator is asked for %s without what is written around it',
  (text) => {
    const asked: string[] = [];
    const egress = { hasAddresses: true, address: (one: string) => asked.push(one), location: () => 0 };
    const batch = columnBatch('sign-in', batchOf('sign-in', [signIn('u', T, { IPAddress: text })]));
    buildRecords(batch, 0, 0, egress, new Uint32Array(EVENT_WORDS), 0);
    expect(asked).toEqual([/2001/.test(text) ? '2001:db8::1' : '198.51.100.7']);
  },
);

test('a row delivered twice counts at the earlier of its places; rows that share an Id but differ are both kept', () => {
  const row = signIn('u', T, { Id: 'a' });
  const late = { ...row, IngestedAt: T + 20n * MINUTE };
  const other = signIn('u', T + 3n * MINUTE, { Id: 'b' });
  for (const rows of [
    [row, late, other],
    [late, other, row],
  ]) {
    expect(ordered(rows)).toEqual(['a', 'b']);
  }
  expect(ordered([row, { ...row, ResultType: '50126' }])).toEqual(['a', 'a']);
});

test('the set of recent ids is exact and forgets what is over', () => {
  const seen = new SeenIds(1000);
  for (let i = 1; i <= 50_000; i++) expect(seen.arrive(i, i * 7, i, i - 500)).toBe('new');
  expect(seen.arrive(50_000, 350_000, 50_000, 49_500)).toBe('duplicate');
  expect(seen.size).toBeLessThan(12_000);
});
