import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readLabels } from '../../src/evaluate/labels.ts';
import { DAY, HOUR, instant, ZONES } from './delivery/clock.ts';
import { deliver } from './delivery/deliver.ts';
import { happen, labelsOf } from './delivery/make.ts';
import { distance } from './delivery/places.ts';
import { TENANTS, type TenantName } from './delivery/tenants.ts';

const NAMES = Object.keys(TENANTS) as TenantName[];
const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NEAR = /near/;
const SCENARIOS = Array.from({ length: 12 }, (_, i) => `S${i + 1}`);

test.each(Object.values(ZONES))('clocks of $name are as the tz database has them', (zone) => {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone.name,
    hour: '2-digit',
    minute: '2-digit',
    day: '2-digit',
    hourCycle: 'h23',
  });
  for (let midnight = Date.UTC(2026, 8, 21); midnight < Date.UTC(2026, 10, 23); midnight += DAY)
    for (const hour of [5.5, 12, 23.75]) {
      const parts = Object.fromEntries(clock.formatToParts(instant(zone, midnight, hour)).map(({ type, value }) => [type, Number(value)]));
      expect([parts['day'], parts['hour'], parts['minute']]).toEqual([new Date(midnight).getUTCDate(), Math.floor(hour), (hour % 1) * 60]);
    }
});

const TOLD = Object.fromEntries(NAMES.map((name) => [name, happen(name, 1)])) as Record<TenantName, ReturnType<typeof happen>>;

describe.each(NAMES)('%s', (name) => {
  const { world, book } = TOLD[name];
  const labels = readLabels(labelsOf(world, book));
  const audits = new Map(book.audits.map((row) => [row.id, row]));

  test('every kind of attack is there, about half near the victim, beside 150 and more look-alikes of 12 and more causes', () => {
    const meant = labels.incidents.filter(({ mustDetect }) => mustDetect);
    expect([...new Set(meant.map(({ scenario }) => scenario))].sort()).toEqual([...SCENARIOS].sort());
    const near = meant.filter(({ variant }) => NEAR.test(variant)).length / meant.length;
    expect(near).toBeGreaterThan(0.35);
    expect(near).toBeLessThan(0.8);
    expect(labels.decoys.length).toBeGreaterThanOrEqual(150);
    expect(new Set(labels.decoys.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
    expect(world.people.length).toBeGreaterThanOrEqual(800);
    expect(world.people.length).toBeLessThanOrEqual(1200);
  });

  test('labels lie within the span, and their rows are registrations of the people they name', () => {
    for (const { userIds, startMs, endMs, registrationIds } of [...labels.incidents, ...labels.decoys]) {
      expect(startMs).toBeGreaterThanOrEqual(world.start);
      expect(endMs).toBeGreaterThanOrEqual(startMs);
      expect(endMs).toBeLessThanOrEqual(world.end);
      for (const id of registrationIds) {
        const row = audits.get(id)!;
        expect(userIds).toContain(row.target.id);
        expect(row.at).toBeGreaterThanOrEqual(startMs);
        expect(row.at).toBeLessThanOrEqual(endMs);
      }
    }
    for (const { registrationMs, registrationIds, mustDetect } of labels.incidents)
      expect(registrationIds.some((id) => audits.get(id)!.at === registrationMs)).toBe(mustDetect);
  });

  test('whoever is named by a label signed in or was changed at its time, and nobody stands in two labels', () => {
    const times = new Map(world.people.map(({ id }) => [id, [] as number[]]));
    for (const { person, at } of book.signIns) times.get(person.id)!.push(at);
    for (const { target, at } of book.audits) times.get(target.id)!.push(at);
    const named = [...labels.incidents, ...labels.decoys];
    for (const { userIds, startMs, endMs } of named)
      for (const id of userIds)
        expect(
          times.get(id)!.filter((at) => at >= startMs && at <= endMs),
          id,
        ).not.toEqual([]);
    const all = named.flatMap(({ userIds }) => userIds);
    expect(new Set(all).size).toBe(all.length);
  });

  test('nobody of the tenant is at two places faster than an aeroplane flies', () => {
    const bySeat = new Map<string, { at: number; body: NonNullable<(typeof book.signIns)[number]['seat']['body']> }[]>();
    for (const { person, at, seat } of book.signIns) {
      if (seat.body === undefined) continue;
      const seen = bySeat.get(person.id);
      if (seen === undefined) bySeat.set(person.id, [{ at, body: seat.body }]);
      else seen.push({ at, body: seat.body });
    }
    const travellers = new Set<string>();
    for (const [id, seen] of bySeat) {
      seen.sort((a, b) => a.at - b.at);
      for (const [i, { at, body }] of seen.entries()) {
        const before = seen[i - 1];
        if (before === undefined || before.body === body) continue;
        travellers.add(id);
        expect(distance(before.body, body) / ((at - before.at) / HOUR)).toBeLessThan(900);
      }
    }
    expect(travellers.size).toBeGreaterThan(20);
  });
});

const hashOf = (directory: string) =>
  readdirSync(directory)
    .sort()
    .map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(directory, file)))
        .digest('hex'),
    ]);

test('the same seed gives the same bytes, and another seed others', async () => {
  const written = [];
  for (const [place, { world, book }] of [
    ['a', TOLD.backoffice],
    ['b', happen('backoffice', 1)],
    ['c', happen('backoffice', 2)],
  ] as const) {
    await deliver(world, { ...book, signIns: book.signIns.slice(0, 20_000) }, join(folder, place));
    written.push(hashOf(join(folder, place)));
  }
  expect(written[1]).toEqual(written[0]);
  expect(written[2]).not.toEqual(written[0]);
});

const rows = (place: string, table: string) =>
  readFileSync(join(folder, place, `${table}.ndjson`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const share = <T>(items: readonly T[], is: (item: T) => boolean) => items.filter(is).length / items.length;

describe('the road', () => {
  const write = async (name: TenantName) => {
    const { world, book } = TOLD[name];
    await deliver(world, { ...book, signIns: book.signIns.slice(-30_000) }, join(folder, name));
  };

  test('of a stream brings records: country alone, steps as arrays, rows twice, addresses with ports', async () => {
    await write('resort');
    const records = rows('resort', 'SigninLogs');
    const bodies = records.map(({ properties }) => properties);
    expect(records.every(({ category, time }) => category === 'SignInLogs' && time.endsWith('Z'))).toBe(true);
    expect(bodies.every(({ location, sessionId }) => Object.keys(location).join() === 'countryOrRegion' && sessionId === undefined)).toBe(
      true,
    );
    expect(bodies.every(({ authenticationDetails }) => Array.isArray(authenticationDetails))).toBe(true);
    expect(share(bodies, ({ ipAddress }) => /^[\d.]+:\d+$/.test(ipAddress))).toBeGreaterThan(0.01);
    expect(new Set(bodies.map(({ id }) => id)).size).toBeLessThan(bodies.length * 0.99);
    expect(new Set(rows('resort', 'AuditLogs').map(({ properties }) => properties.targetResources[0].userPrincipalName))).toEqual(
      new Set([null]),
    );
  });

  test('of the portal brings a table of audits, JSON as text and no numbers of networks', async () => {
    await write('backoffice');
    const [header, first] = readFileSync(join(folder, 'backoffice', 'AuditLogs.csv'), 'utf8').split('\n');
    expect(header).toContain('"TimeGenerated [UTC]"');
    expect(first).toMatch(/^"\d+\/\d+\/2026, \d+:\d\d:\d\d\.\d{3} [AP]M",/);
    const signIns = rows('backoffice', 'SigninLogs');
    expect(
      signIns.every(
        ({ AutonomousSystemNumber, OriginalRequestId }) => AutonomousSystemNumber === undefined && OriginalRequestId === undefined,
      ),
    ).toBe(true);
    expect(
      signIns.every(({ DeviceDetail, LocationDetails }) => typeof DeviceDetail === 'string' && typeof LocationDetails === 'string'),
    ).toBe(true);
    const failed = signIns.filter(({ ResultType }) => ResultType !== '0');
    expect(new Set(failed.map(({ AuthenticationDetails }) => AuthenticationDetails))).toEqual(new Set(['[]']));
    const office = signIns.filter(({ IPAddress }) => IPAddress.startsWith('121.242.'));
    expect(new Set(office.map(({ IPAddress }) => IPAddress)).size).toBe(1);
  });

  test('of a workspace brings redacted ids, arrival times, and IPv6 in many spellings without a place', async () => {
    await write('scattered');
    const signIns = rows('scattered', 'SigninLogs');
    expect(new Set(signIns.map(({ SessionId }) => SessionId)).size).toBe(1);
    expect(signIns.every(({ _IngestionTime, TimeGenerated }) => Date.parse(_IngestionTime) >= Date.parse(TimeGenerated))).toBe(true);
    expect(
      share(signIns, ({ _IngestionTime, TimeGenerated }) => Date.parse(_IngestionTime) - Date.parse(TimeGenerated) > HOUR),
    ).toBeGreaterThan(0.01);
    const v6 = signIns.filter(({ IPAddress }) => IPAddress.includes(':'));
    expect(v6.every(({ Location, AutonomousSystemNumber }) => Location === '' && AutonomousSystemNumber === undefined)).toBe(true);
    expect(share(v6, ({ IPAddress }) => /[A-F]/.test(IPAddress))).toBeGreaterThan(0.2);
    expect(share(v6, ({ IPAddress }) => /[a-f]/.test(IPAddress))).toBeGreaterThan(0.2);
    const audits = rows('scattered', 'AuditLogs');
    expect(new Set(audits.map(({ CorrelationId }) => CorrelationId)).size).toBe(1);
    expect(audits.every(({ InitiatedBy }) => InitiatedBy.user === undefined || InitiatedBy.user.id === null)).toBe(true);
  });
});
