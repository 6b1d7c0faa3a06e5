import { expect, test } from 'vitest';
import type { SignInRow } from '../../src/events/contracts.ts';
import { signIn } from '../support/events.ts';
import { evidence, later, own } from './phone-of-three.ts';

const bare = { DeviceId: '', DeviceName: '', DeviceTrust: '' };
/** Two networks of the user's country that the user was never in. */
const first: Partial<SignInRow> = { ...bare, IPAddress: '192.0.2.50', Asn: '8881', SessionId: 'one' };
const second: Partial<SignInRow> = { ...first, IPAddress: '203.0.113.66', Asn: '6830' };

function said(rows: readonly (readonly [minutes: number, row: Partial<SignInRow>])[]): string[] {
  const visits = rows.map(([minutes, row]) => signIn('user-3', later(minutes), row));
  return evidence([...visits, own(rows.at(-1)![0] + 5)])
    .filter(({ detector, llr }) => detector === 'D13-session' && llr > 0)
    .map(({ words }) => words);
}
const passedOn = expect.arrayContaining([expect.stringMatching(/one network that is new to the user goes on in another/)]);

test('a session that a kit began goes on where the intruder is', () => {
  expect(
    said([
      [0, first],
      [25, second],
    ]),
  ).toEqual(passedOn);
});

const phone = { OperatingSystem: 'Ios 18.3', Browser: 'Mobile Safari 18.3' };
test.each<[string, readonly (readonly [number, Partial<SignInRow>])[]]>([
  [
    'of a telephone that leaves a café',
    [
      [0, { ...first, ...phone }],
      [25, { ...second, ...phone }],
    ],
  ],
  [
    'of a laptop with its id',
    [
      [0, { ...first, DeviceId: 'laptop-user-3' }],
      [25, { ...second, DeviceId: 'laptop-user-3' }],
    ],
  ],
  [
    'from the office',
    [
      [0, { ...bare, SessionId: 'one' }],
      [25, second],
    ],
  ],
  [
    'in the next range of one network',
    [
      [0, second],
      [25, { ...second, IPAddress: '203.0.200.66' }],
    ],
  ],
  [
    'from the train to the hotel, hours later',
    [
      [0, first],
      [300, second],
    ],
  ],
  [
    'and another one',
    [
      [0, first],
      [25, { ...second, SessionId: 'two' }],
    ],
  ],
])('a session %s was not passed on', (_, rows) => {
  expect(said(rows)).not.toEqual(passedOn);
});
