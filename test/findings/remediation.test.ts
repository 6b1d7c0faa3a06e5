import { expect, test } from 'vitest';
import { remediationSteps } from '../../src/findings/remediation.ts';
import type { Judgement } from '../../src/scoring/judgement.ts';
import { fakeJudgement } from '../pipeline/fake-judgement.ts';

const steps = (more: Partial<Judgement>, techniques = 'T1556.006') =>
  remediationSteps({ ...fakeJudgement('u1', 80, [{ id: 'a', ms: 0, weight: 80 }]), ...more }, techniques);

test.each([
  [['Mobile Phone SMS'], /Delete the phone number/],
  [['Authenticator App with Notification and Code'], /Delete the authenticator app/],
  [['Software OATH token'], /OATH token/],
  [['Fido'], /Delete the passkey or security key/],
  [['Windows Hello for Business'], /^(?![\s\S]*security key by its name)[\s\S]*Windows Hello credential by the name of its device/],
  [['temporary access pass'], /Delete the Temporary Access Pass/],
  [['App Password'], /block legacy authentication/],
  [['Email'], /reset the password \(SSPR\)/],
  [[], /Delete each method that the user does not know/],
])('for %j the step fits the method', (methods, words) => {
  expect(steps({ methods })).toMatch(words);
});

test('steps are numbered and come in the order in which they work: proof, delete, revoke, reset, let in again', () => {
  const lines = steps({ methods: ['Mobile Phone SMS'] }).split('\n');
  lines.forEach((line, i) => {
    expect(line.startsWith(`${i + 1}. `)).toBe(true);
  });
  const at = (words: RegExp) => lines.findIndex((line) => words.test(line));
  const order = [
    /note the methods/,
    /Delete the phone/,
    /Revoke the sessions/,
    /Reset the password/,
    /one-time Temporary Access Pass/,
    /registersecurityinfo/,
  ].map(at);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test('hybrid accounts, report-only mode and break-glass accounts are not forgotten', () => {
  const text = steps({});
  expect(text).toMatch(/password writeback/);
  expect(text).toMatch(/report-only mode and exclude the break-glass accounts/);
});

test('passwordless sign-in by phone is an app, not a number', () => {
  const text = steps({ methods: ['passwordless phone sign-in credential'] });
  expect(text).toMatch(/authenticator app/);
  expect(text).not.toMatch(/Delete the phone number/);
});

test('who acted for the user is checked too', () => {
  expect(steps({ actor: { userId: 'x', upn: 'desk@contoso.test' } })).toMatch(/Check the account that acted, desk@contoso\.test/);
});

test('a source leads to all its users', () => {
  expect(steps({ kind: 'source', subject: 'ip:198.51.100.7' }, 'T1110.003')).toMatch(/AdditionalFields\.Users[\s\S]*named location/);
});
