import { describe, expect, test } from 'vitest';
import { propertyFacts } from '../../src/events/audit/properties.ts';
import { compileAllowList } from '../../src/scoring/allow.ts';
import { sharedTarget } from '../../src/scoring/shared-target.ts';
import { DAY, later, office, phone } from '../detectors/phone-of-three.ts';
import { judgeAll } from '../support/engine.ts';
import { elsewhere, registration } from '../support/events.ts';

/** What the audit record of a registered number or app says it is. */
const logged = {
  phone: (number: string) => propertyFacts(phone(number)).targets,
  device: (token: string) =>
    propertyFacts(
      JSON.stringify([{ name: 'StrongAuthenticationPhoneAppDetail', oldValue: '[]', newValue: JSON.stringify([{ DeviceToken: token }]) }]),
    ).targets,
};

describe('an entry names the number of the audit record, however either is written', () => {
  // Left the entry, right the digits (E.164) that Entra logs, with and without its blank.
  test.each([
    ['+972.3.555.1234', '+972 35551234'],
    ['+49/30/5550100', '+49 305550100'],
    ['+49 (30) 555-0100', '+49 305550100'],
    ['49305550100', '+49305550100'],
    ['+1 425 555 0100 x12', '+1 4255550100x12'],
    ['+1 425 555 0100 ext. 12', '+1 4255550100x12'],
    [' phone:+49 30 5550100', '+49 305550100'],
  ])('%s is %s', (entry, number) => {
    const [target, ...more] = logged.phone(number);
    expect(more).toEqual([]);
    expect(target).toBe(`phone:${number.replace(/[^0-9]/g, '')}`);
    const allowed = compileAllowList({ phoneTargets: [{ value: entry }] });
    expect(allowed.isSharedTarget(target!, 0)).toBe(true);
    expect(allowed.isSharedTarget(`${target}0`, 0)).toBe(false);
  });

  test.each(['apns2-5f1c9a3be0d24c7788aa', 'fGh3kL9mQ2xZ:APA91bRP3VSsf3sAD-c-sXj2QxR3BTD36NKt5sJ4UhFMknU'])(
    'so does a token: %s',
    (token) => {
      for (const value of [token, `device:${token}`]) {
        expect(compileAllowList({ phoneTargets: [{ value }] }).isSharedTarget(logged.device(token)[0]!, 0)).toBe(true);
      }
    },
  );
});

test.each([
  'ward 7',
  'reception desk, first floor',
  '+49 30 5',
  '+49 30 555o100',
  '+44 *******1234',
  '+XX XXXXXXX652',
  '+1 999 999 9999',
  'phone:ward-seven-desk',
  'device:',
  'none',
  '00000000-0000-0000-0000-000000000000',
])('%s names no phone and no device, and is refused', (text) => {
  expect(() => sharedTarget(text)).toThrow(
    expect.objectContaining({ code: 'allow-target', exitCode: 78, hint: expect.stringContaining('code of its country') }),
  );
});

test('a desk phone with points in its number may be of three people', () => {
  const rows = [3, 4, 5].map((u) =>
    registration(`user-${u}`, later(u * DAY), { ActorIp: elsewhere.IPAddress!, ModifiedProperties: phone('+972 35551234') }),
  );
  const shared = (value: string) =>
    judgeAll([...office, ...rows], { allow: { phoneTargets: [{ value }] } }).find(({ kind }) => kind === 'source')?.score ?? 0;
  expect(shared('+972.3.555.9999')).toBeGreaterThanOrEqual(75);
  expect(shared('+972.3.555.1234')).toBe(0);
});
