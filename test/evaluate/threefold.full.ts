import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readLabels } from '../../src/evaluate/labels.ts';
import { TABLES } from './threefold/book.ts';
import { KINDS, type KindName } from './threefold/kinds.ts';
import { makeTenant } from './threefold/make.ts';
import { asnsOfPrefix } from './threefold/networks.ts';
import { distanceKm } from './threefold/places.ts';
import { type World, worldOf } from './threefold/world.ts';

interface Row {
  readonly Id: string;
  readonly TimeGenerated: string;
  readonly _IngestionTime: string;
  readonly UserId: string;
  readonly IPAddress: string;
  readonly AutonomousSystemNumber: string;
  readonly OperationName: string;
  readonly TargetResources: readonly { readonly id: string }[];
}

const hashOf = ({ book, people }: World) => {
  const hash = createHash('sha256').update(book.labels(people.length));
  for (const table of TABLES) for (const line of book.lines(table)) hash.update(line);
  return hash.digest('hex');
};

describe.each(Object.keys(KINDS) as KindName[])('a tenant of the kind %s', (kind) => {
  let world: World;
  let signIns: readonly Row[];
  let audits: readonly Row[];

  beforeAll(() => {
    world = makeTenant(kind, 7);
    const rows = (table: (typeof TABLES)[number]) => world.book.lines(table).map((line) => JSON.parse(line) as Row);
    signIns = [...rows('SigninLogs'), ...rows('AADNonInteractiveUserSignInLogs')];
    audits = rows('AuditLogs');
  });

  it('has the size, and the labels, that judge a detector', () => {
    const truth = readLabels(JSON.parse(world.book.labels(world.people.length)));
    expect(truth.users).toBeGreaterThanOrEqual(800);
    expect(truth.users).toBeLessThanOrEqual(1200);
    expect(truth.weeks).toBe(5);
    const mustDetect = truth.incidents.filter((incident) => incident.mustDetect);
    const scenarios = new Set(mustDetect.map(({ scenario }) => scenario));
    expect([...scenarios].sort()).toEqual(['S1', 'S10', 'S11', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9']);
    const near = mustDetect.filter(({ variant }) => variant.startsWith('near')).length / mustDetect.length;
    expect(near).toBeGreaterThanOrEqual(0.4);
    expect(near).toBeLessThanOrEqual(0.6);
    expect(truth.decoys.length).toBeGreaterThanOrEqual(150);
    expect(new Set(truth.decoys.map((decoy) => decoy.kind)).size).toBeGreaterThanOrEqual(12);
  });

  it('has rows within the span that arrive after they happen, some of them twice and some out of order', () => {
    const inSpan = ({ TimeGenerated, _IngestionTime }: Row) => {
      const time = Date.parse(TimeGenerated);
      return time >= world.start && time < world.end && Date.parse(_IngestionTime) >= time;
    };
    expect([...signIns, ...audits].filter((row) => !inSpan(row))).toEqual([]);
    expect(new Set(signIns.map(({ Id }) => Id)).size).toBeLessThan(signIns.length);
    expect(signIns.some(({ TimeGenerated }, at) => at > 0 && TimeGenerated < signIns[at - 1]!.TimeGenerated)).toBe(true);
  });

  it('has the rows of each label, at its time and of its users', () => {
    const times = new Map<string, number[]>();
    for (const { user, time } of [
      ...signIns.map((row) => ({ user: row.UserId, time: row.TimeGenerated })),
      ...audits.map((row) => ({ user: row.TargetResources[0]!.id, time: row.TimeGenerated })),
    ]) {
      const mine = times.get(user) ?? [];
      mine.push(Date.parse(time));
      times.set(user, mine);
    }
    const registrations = new Map(audits.map((row) => [row.Id, row]));
    const { incidents, decoys } = world.book;
    for (const label of [...incidents, ...decoys]) {
      const [start, end] = [Date.parse(label.start), Date.parse(label.end)];
      expect(start).toBeGreaterThanOrEqual(world.start);
      expect(end).toBeLessThan(world.end);
      expect(end).toBeGreaterThanOrEqual(start);
      for (const id of label.registration_event_ids) {
        const row = registrations.get(id)!;
        expect(label.user_ids).toContain(row.TargetResources[0]!.id);
        expect(Date.parse(row.TimeGenerated)).toBeGreaterThanOrEqual(start);
        expect(Date.parse(row.TimeGenerated)).toBeLessThan(end + 5000);
      }
      const hasRow = (user: string) => times.get(user)?.some((time) => time >= start - 3_600_000 && time <= end + 3_600_000) ?? false;
      expect({ label, without: label.user_ids.filter((user) => !hasRow(user)) }).toMatchObject({ without: [] });
    }
    expect(incidents.filter((one) => one.must_detect && one.registration_event_ids.length === 0)).toEqual([]);
  });

  it('labels every registration of a second factor', () => {
    const labelled = new Set([...world.book.incidents, ...world.book.decoys].flatMap((label) => label.registration_event_ids));
    const registered = audits.filter(({ OperationName }) => OperationName === 'User registered security info');
    expect(registered.filter(({ Id }) => !labelled.has(Id))).toEqual([]);
  });

  it('has nobody in two places: whoever moves needs the time for it', () => {
    const last = new Map<string, World['book']['presences'][number]>();
    const tooFast: string[] = [];
    for (const presence of world.book.presences) {
      const before = last.get(presence.userId);
      last.set(presence.userId, presence);
      if (before === undefined) continue;
      const hours = (presence.time - before.time) / 3_600_000;
      const km = distanceKm(before.city, presence.city);
      if (hours < 0 || km > 60 + hours * 900)
        tooFast.push(`${before.city.name} ${presence.city.name} ${km.toFixed()} km in ${hours.toFixed(2)} h`);
    }
    expect(tooFast).toEqual([]);
  });

  it('has addresses that lie within their network', () => {
    const offices = new Map([...world.offices.values()].flat().map(({ ip, asn }) => [ip, asn]));
    const isRight = ({ IPAddress, AutonomousSystemNumber }: Row) => {
      const prefix = IPAddress.split('.').slice(0, 2).join('.');
      return AutonomousSystemNumber === '' || [offices.get(IPAddress), ...asnsOfPrefix(prefix)].includes(Number(AutonomousSystemNumber));
    };
    expect(signIns.filter((row) => !isRight(row))).toEqual([]);
  });

  it('is the same for the same seed, and another for another', () => {
    const hash = hashOf(world);
    expect(hashOf(makeTenant(kind, 7))).toBe(hash);
    expect(worldOf(kind, 8, world.book).tenantId).not.toBe(world.tenantId);
  });
});
