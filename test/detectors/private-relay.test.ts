import { expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { judgeAll } from '../support/engine.ts';
import { registration, signIn } from '../support/events.ts';
import { DAY, later, office, phone } from './phone-of-three.ts';

const IPHONE: Partial<SignInRow> = { DeviceId: '', DeviceName: '', DeviceTrust: '', OperatingSystem: 'Ios 18.6', Browser: 'Mobile Safari' };
/** By Akamai's network for the relay, in the country where the user always is. */
const RELAYED: Partial<SignInRow> = { ...IPHONE, IPAddress: '192.0.2.77', Asn: '36183', SessionId: 'relayed' };
/** The number is that of two others, for whom somebody registered it elsewhere: always reported, so that weak evidence can be seen. */
const witness = [8, 9].map((u) =>
  registration(`user-${u}`, later(-DAY * u), { ActorIp: '203.0.113.99', ModifiedProperties: phone('+49 170 5550188') }),
);

/** The most that is said of the place of a registration after a sign-in. */
function ofPlace(over: Partial<SignInRow>): number {
  const visit = { ...RELAYED, ...over };
  const rows = [
    signIn('user-3', later(-3), visit),
    registration('user-3', later(0), { ActorIp: visit.IPAddress!, ModifiedProperties: phone('+49 170 5550188') }),
  ];
  const found = judgeAll([...office, ...witness, ...rows]).find(({ kind, subject }) => kind === 'registration' && subject === 'user-3');
  return Math.max(
    0,
    ...found!.contributions.filter(({ detector, group }) => detector === 'D1-novelty' && group === 'network').map(({ llr }) => llr),
  );
}

test("Safari behind Apple's private relay, in the usual country, is in a new range of a usual network", () => {
  const relayed = ofPlace({});
  expect(relayed).toBeLessThanOrEqual(2);
  for (const other of [
    { Asn: '64511' },
    { Country: 'BR' },
    { Asn: '13335', OperatingSystem: 'Windows 11', Browser: 'Chrome' },
    { Asn: '13335', OperatingSystem: 'Ios 18.6', Browser: 'Chrome Mobile' },
  ])
    expect(ofPlace(other), JSON.stringify(other)).toBeGreaterThan(relayed + 0.5);
});
