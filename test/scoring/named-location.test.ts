import { expect, test } from 'vitest';
import { compileAllowList } from '../../src/scoring/allow.ts';
import { later, office } from '../detectors/phone-of-three.ts';
import { judgeAll } from '../support/engine.ts';
import { elsewhere, registration, signIn } from '../support/events.ts';

/** The registration by a stranger, whose network has a name in the tenant. */
const scoreIn = (NamedLocation: string, allowed: readonly string[] = []) =>
  judgeAll(
    [
      ...office,
      signIn('user-3', later(0), { ...elsewhere, NamedLocation }),
      registration('user-3', later(7), { ActorIp: elsewhere.IPAddress! }),
    ],
    { allow: { namedLocations: allowed.map((value) => ({ value })) } },
  ).find(({ kind }) => kind === 'registration')?.score ?? 0;

const nowhere = scoreIn('');

test('a trusted location takes the evidence of the network away; one that is called untrusted leaves it', () => {
  expect(nowhere).toBeGreaterThanOrEqual(75);
  expect(scoreIn('trusted:Branch')).toBeLessThan(nowhere);
  expect(scoreIn('Untrusted: guest wifi')).toBe(nowhere);
  expect(scoreIn('not trusted:guests')).toBe(nowhere);
});

test.each(['Branch', 'Untrusted: guest wifi', 'HQ; Lab', 'HQ;Lab'])(
  'a sign-in in %j is vouched for by that name and by no part of it',
  (name) => {
    expect(scoreIn(name, [name])).toBeLessThan(nowhere);
    expect(scoreIn(name, ['ranch', 'Unguest wifi', 'guest wifi', 'H', 'b'])).toBe(nowhere);
  },
);

test.each([
  ['trusted:HQ; VPN', 'vpn', true],
  ['trusted:HQ; VPN', ' HQ ', true],
  ['VPN; trusted:HQ; Lab; Annex', 'HQ; Lab', true],
  ['VPN; trusted:HQ; Lab; Annex', 'VPN; Lab', false],
  ['Untrusted: guest wifi', 'untrusted: GUEST wifi', true],
  ['Untrusted: guest wifi', 'Un guest wifi', false],
  ['Branch', 'ranch', false],
  ['', 'Branch', false],
])('in %j the entry %j is found: %s', (names, value, found) => {
  expect(compileAllowList({ namedLocations: [{ value, untilMs: 7 }] }).location(names)).toBe(found ? 7 : 0);
});
