import { describe, expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { at, type EventRow, registration, signIn } from '../support/events.ts';
import { DAY, later, office, SHARED, START, witness } from './phone-of-three.ts';

const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
/** An address of Azure's West Europe by its published service tag, and one that no cloud has. */
const DESKTOP = '20.86.1.1';
const SERVER = '203.0.113.66';

/** Eight colleagues who work on such desktops in the afternoon, each at an address of their own. */
const desktops = (place: (user: number) => Partial<SignInRow>): readonly EventRow[] =>
  Array.from({ length: 8 * 18 }, (_, i) =>
    signIn(`user-${4 + (i % 8)}`, at(START, Math.floor(i / 8) * DAY + 300), { SessionId: `desk-${i % 8}`, ...place(i % 8) }),
  );
const colleagues = [...office, ...desktops((u) => ({ IPAddress: `198.18.${u}.7`, Asn: '8075', Country: 'IE' }))];

function evidence(place: Partial<SignInRow>, users: readonly EventRow[] = colleagues) {
  const visit = signIn('user-3', later(0), { ...bare, SessionId: 'fresh', Browser: 'Chrome', AppDisplayName: 'My Signins', ...place });
  const registered = registration('user-3', later(5), { ActorIp: place.IPAddress!, ModifiedProperties: SHARED });
  // Their own laptop is where it always is, before and after.
  const week = Array.from({ length: 12 }, (_, i) => signIn('user-3', later(20 + i * 300), { SessionId: 'week-3' }));
  return judgeAll([...users, ...witness, signIn('user-3', later(-60), { SessionId: 'week-3' }), visit, registered, ...week])
    .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
    .flatMap(({ contributions }) => contributions);
}
const most = (items: ReturnType<typeof evidence>, detector: string, group: string) =>
  Math.max(0, ...items.filter((item) => item.detector === detector && item.group === group).map(({ llr }) => llr));

describe('a desktop in Microsoft’s cloud, where organisations have theirs', () => {
  test('is no rented server, and its network and country say little', () => {
    const [desktop, server] = ['8075', '9009'].map((Asn) => evidence({ IPAddress: SERVER, Asn, Country: 'NL' })) as [never, never];
    expect(most(desktop, 'D1-novelty', 'credential')).toBe(0);
    expect(most(server, 'D1-novelty', 'credential')).toBeGreaterThan(1);
    expect(most(desktop, 'D1-novelty', 'network')).toBeLessThanOrEqual(1);
    expect(most(server, 'D1-novelty', 'network')).toBeGreaterThan(4);
  });

  test('is known by its address where the log has no network', () => {
    const inAzure = desktops((u) => ({ IPAddress: `20.86.${10 + u}.7`, Country: 'IE' }));
    const without = [...office, ...inAzure].map((row) => ({ ...row, Asn: '' }));
    const [desktop, other] = [DESKTOP, SERVER].map((IPAddress) => evidence({ IPAddress, Asn: '', Country: 'NL' }, without)) as [
      never,
      never,
    ];
    expect(most(desktop, 'D1-novelty', 'network')).toBeLessThanOrEqual(1);
    expect(most(other, 'D1-novelty', 'network')).toBeGreaterThan(2);
  });

  test('is used from the own computer: that one is at its usual place meanwhile, and the two never meet', () => {
    const [desktop, server] = [evidence({ IPAddress: SERVER, Asn: '8075' }), evidence({ IPAddress: SERVER, Asn: '9009' })];
    expect(most(desktop, 'D14-use-after', 'context')).toBe(0);
    expect(most(server, 'D14-use-after', 'context')).toBeGreaterThan(0);
    expect(most(desktop, 'D18-two-hands', 'registration')).toBeLessThan(most(server, 'D18-two-hands', 'registration') / 4);
    expect(most(server, 'D18-two-hands', 'registration')).toBeGreaterThan(2);
  });

  test('is another computer than the own one, and each of its sessions is new: neither says much', () => {
    const [desktop, server] = ['8075', '9009'].map((Asn) => evidence({ IPAddress: SERVER, Asn, Country: 'NL' })) as [never, never];
    expect(most(server, 'D1-novelty', 'client')).toBeGreaterThan(2);
    expect(most(desktop, 'D1-novelty', 'client')).toBeLessThan(1.5);
    expect(most(desktop, 'D13-session', 'credential')).toBe(0);
    expect(most(server, 'D13-session', 'credential')).toBeGreaterThan(1);
  });

  test('from another country within the hour is no journey', () => {
    const desktop = evidence({ IPAddress: SERVER, Asn: '8075', Country: 'NL', Latitude: 52.4, Longitude: 4.9 });
    expect(most(desktop, 'D2-travel', 'context')).toBe(0);
    const server = evidence({ IPAddress: SERVER, Asn: '9009', Country: 'NL', Latitude: 52.4, Longitude: 4.9 });
    expect(most(server, 'D2-travel', 'context')).toBeGreaterThan(0);
  });
});

test('in Microsoft’s cloud, where no colleague is, anybody’s server stands: a phishing proxy there is judged like any other', () => {
  const [microsoft, other] = ['8075', '9009'].map((Asn) => evidence({ IPAddress: SERVER, Asn, Country: 'NL' }, office)) as [never, never];
  const told = (items: ReturnType<typeof evidence>) => items.map(({ detector, llr }) => `${detector} ${llr.toFixed(1)}`);
  expect(told(microsoft)).toEqual(told(other));
  expect(most(microsoft, 'D1-novelty', 'network')).toBeGreaterThan(4);
});

describe('the mail app of a telephone shows where its owner is', () => {
  const HOME = '192.0.2.10';
  const visit = signIn('user-3', later(0), { ...bare, IPAddress: HOME, SessionId: 'fresh', Browser: 'Edge', AppDisplayName: 'My Signins' });
  const registered = registration('user-3', later(5), { ActorIp: HOME, ModifiedProperties: SHARED });
  const week = Array.from({ length: 12 }, (_, i) => signIn('user-3', later(20 + i * 300), { SessionId: 'week-3' }));
  const mail = (minutes: number, IPAddress: string, over: Partial<SignInRow> = {}) =>
    signIn('user-3', later(minutes), {
      ...bare,
      IPAddress,
      SessionId: 'mail',
      IsInteractive: false,
      OperatingSystem: 'Android',
      Browser: '',
      AppDisplayName: 'Outlook Mobile',
      Methods: '',
      ...over,
    });
  const said = (...rows: readonly EventRow[]) =>
    judgeAll([...office, ...witness, visit, registered, ...week, ...rows])
      .filter(({ kind, subject }) => kind === 'registration' && subject === 'user-3')
      .flatMap(({ contributions }) => contributions)
      .filter(({ detector }) => detector === 'D18-two-hands')
      .map(({ llr }) => llr);
  const CARRIER = '198.51.77.5';

  test('on the way an hour before, and then at the address of the registration: the owner is there', () => {
    expect(said(mail(-90, CARRIER), mail(60, HOME)).some((llr) => llr < -2)).toBe(true);
  });

  test('the day before at that address, and on the way since: the owner lives there', () => {
    expect(said(mail(-DAY, HOME), mail(-90, CARRIER), mail(60, HOME)).some((llr) => llr < -2)).toBe(true);
  });

  test.each<[string, readonly EventRow[]]>([
    ['that was nowhere else before', [mail(-90, HOME), mail(60, HOME)]],
    ['that began after it', [mail(30, CARRIER), mail(60, HOME)]],
    ['of a computer', [mail(-90, CARRIER, { OperatingSystem: 'Windows 11' }), mail(60, HOME, { OperatingSystem: 'Windows 11' })]],
  ])('one %s says nothing for the owner', (_, rows) => {
    expect(said(...rows).every((llr) => llr > 0)).toBe(true);
  });
});
