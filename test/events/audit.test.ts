import { describe, expect, test } from 'vitest';
import { auditFact } from '../../src/events/audit/interpret.ts';
import { methodKind, methodStrength, methodWords } from '../../src/events/audit/methods.ts';
import { phoneTarget } from '../../src/events/audit/phone-target.ts';
import { propertyFacts } from '../../src/events/audit/properties.ts';
import { columnBatch } from '../../src/events/column-batch.ts';
import { at, batchOf, registration } from '../support/events.ts';

const T = at('2026-03-02T08:00:00Z');
const fact = (over: Parameters<typeof registration>[2]) =>
  auditFact(columnBatch('audit', batchOf('audit', [registration('u', T, over)])), 0);
const change = (name: string, before: unknown, after: unknown) =>
  JSON.stringify([{ name, oldValue: JSON.stringify(before), newValue: JSON.stringify(after) }]);

test.each([
  ['User registered security info', 'success', 'User registered Fido', 'registered', false],
  ['User cancelled security info registration', 'success', '', 'cancelled', false],
  ['User canceled security info registration', 'success', '', 'cancelled', false],
  ['User registered all required security info', 'failure', 'User canceled security info registration.', 'cancelled', false],
  [
    'User changed default security info',
    'success',
    'User changed the default security info for Mobile Phone SMS',
    'default-changed',
    false,
  ],
  ['Create Temporary Access Pass method for user', 'success', '', 'registered', true],
  ['Disable Strong Authentication', 'success', '', 'mfa-disabled', false],
  ['Suspicious activity reported', 'success', '', 'reported', false],
  ['Consent to application', 'success', '', 'other', false],
])('%s (%s, "%s") is %s', (OperationName, Result, ResultReason, happening, byOther) => {
  const over = byOther ? { ActorUserId: 'admin', ActorUpn: 'admin@contoso.example' } : {};
  expect(fact({ OperationName, Result, ResultReason, ...over })).toMatchObject({ happening, byOther });
});

test.each([
  ['User registered Authenticator App with Notification and Code', 'Authenticator App with Notification and Code', 'authenticator', 4],
  ['User registered Authenticator App with Code', 'Authenticator App with Code', 'totp', 3],
  ['User registered Mobile Phone Call and SMS', 'Mobile Phone Call and SMS', 'sms', 2],
  ['User registered Fido', 'Fido', 'fido2', 5],
  ['Admin registered phone method for user', 'phone', 'phone', 2],
  ['Admin registered temporary access pass method for user', 'temporary access pass', 'tap', 3],
  ['User deleted Email', 'Email', 'email', 1],
  ['User registered App Password', 'App Password', 'app-password', 1],
  ['User changed the default security info for Mobile Phone SMS', 'Mobile Phone SMS', 'sms', 2],
  ['User registered all required security info.', '', 'unknown', 0],
] as const)('%s', (reason, words, kind, strength) => {
  expect(methodWords(reason)).toBe(words);
  expect(methodKind(words)).toBe(kind);
  expect(methodStrength[kind]).toBe(strength);
});

test('an address of a service is not the address of a person', () => {
  expect(fact({ OperationType: 'ServiceApi', ActorIp: '20.190.128.1' }).ip).toBe('');
});

test('a phone number is the same however it is spelled; a short text is none', () => {
  expect(phoneTarget('+49 170 5550199')).toBe(phoneTarget('+49 (170) 555-0199'));
  expect(phoneTarget('x')).toBe('');
});

test('a rewrite of the app details with the same ids is no change', () => {
  const app = (id: string, drift: number) => ({ Id: id, DeviceToken: 'token-0001', DeviceName: 'iPhone', OathTokenTimeDrift: drift });
  const name = 'StrongAuthenticationPhoneAppDetail';
  expect(propertyFacts(change(name, [app('a', 0)], [app('a', 5)])).changed).toBe(false);
  expect(propertyFacts(change(name, [app('a', 0)], [app('a', 0), app('b', 0)])).targets).toEqual(['device:token-0001']);
  expect(propertyFacts(change(name, [], [{ Id: 'c', DeviceToken: 'NO_DEVICE_TOKEN' }])).targets).toEqual([]);
});

test('one of two apps goes, and the default with it: that is a deletion, no change of the default', () => {
  const app = (Id: string) => ({ Id, DeviceToken: `token-of-${Id}`, DeviceName: 'Pixel 9' });
  const types = (byDefault: number) => [5, 6, 7].map((MethodType) => ({ MethodType, Default: MethodType === byDefault }));
  const both = JSON.stringify([
    ...(JSON.parse(change('StrongAuthenticationMethod', types(6), types(5))) as unknown[]),
    ...(JSON.parse(change('StrongAuthenticationPhoneAppDetail', [app('a'), app('b')], [app('b')])) as unknown[]),
  ]);
  const over = { OperationName: 'Update user', LoggedByService: 'Core Directory', ResultReason: '' };
  expect(fact({ ...over, ModifiedProperties: both })).toMatchObject({ happening: 'deleted', removed: ['Authenticator App'] });
  expect(fact({ ...over, ModifiedProperties: change('StrongAuthenticationMethod', types(6), types(5)) })).toMatchObject({
    happening: 'default-changed',
    defaultBefore: 'Authenticator App with Notification',
    defaultAfter: 'Mobile Phone SMS',
    method: 'Mobile Phone SMS',
  });
});

test('a number that goes is a deletion; one that is replaced a registration', () => {
  const phone = (before: unknown, after: unknown) =>
    fact({
      OperationName: 'Update user',
      ResultReason: '',
      ModifiedProperties: change('StrongAuthenticationUserDetails', [{ PhoneNumber: before }], [{ PhoneNumber: after }]),
    });
  expect(phone('+49 170 5550188', null)).toMatchObject({ happening: 'deleted', removed: ['Phone'] });
  expect(phone('+49 170 5550188', '+49 170 5550199')).toMatchObject({ happening: 'registered', removed: [] });
});

test('Update user without a change of methods is nothing; with a new phone it registers', () => {
  const over = { OperationName: 'Update user', LoggedByService: 'Core Directory', ResultReason: '' };
  expect(fact({ ...over, ModifiedProperties: change('Department', 'a', 'b') }).happening).toBe('other');
  const phone = change('StrongAuthenticationUserDetails', [], [{ PhoneNumber: '+1 5550100999' }]);
  expect(fact({ ...over, ModifiedProperties: phone })).toMatchObject({
    happening: 'registered',
    targets: ['phone:15550100999'],
    writer: 'directory',
  });
});

test('values that an exporter quoted once more, or not at all, say the same', () => {
  const was = [{ PhoneNumber: '+1 5550100998' }];
  const is = [...was, { AlternativePhoneNumber: '+1 5550100999' }];
  const logged = propertyFacts(change('StrongAuthenticationUserDetails', was, is));
  expect(logged).toMatchObject({ targets: ['phone:15550100999'], held: ['phone:15550100998'] });
  const written = (write: (value: unknown) => unknown) =>
    propertyFacts(JSON.stringify([{ displayName: 'StrongAuthenticationUserDetails', oldValue: write(was), newValue: write(is) }]));
  expect(written((value) => JSON.stringify(JSON.stringify(value)))).toEqual(logged);
  expect(written((value) => value)).toEqual(logged);
});

test('the numbers of methods: an app brings 6 and 7, a mobile phone 0 and 5', () => {
  // As a real tenant logged a phone added to an authenticator app.
  const app = [
    { MethodType: 6, Default: true },
    { MethodType: 7, Default: false },
  ];
  const phone = [
    { MethodType: 0, Default: false },
    { MethodType: 5, Default: false },
  ];
  const added = (before: unknown, after: unknown) => propertyFacts(change('StrongAuthenticationMethod', before, after)).added;
  expect([...added(app, [...app, ...phone])].sort()).toEqual(['Mobile Phone SMS', 'Phone']);
  expect([...added([], app)].sort()).toEqual(['Authenticator App with Code', 'Authenticator App with Notification']);
});

test.each(['{', '[', '[null, 3, {"name": 5}]', '{"__proto__": {"polluted": 1}}', '"x"'])('properties %s are no change', (text) => {
  expect(propertyFacts(text)).toMatchObject({ changed: false, targets: [] });
});

describe('what the records of other years and services say', () => {
  const devices = { LoggedByService: 'Device Registration Service', ResultReason: '' };
  test.each([
    ['Add Passkey (device-bound)', 'registered', 'passkey'],
    ['Add Passkey (device-bound) security key', 'registered', 'passkey'],
    ['Delete Passkey (device-bound) credential', 'deleted', 'passkey'],
    ['Add FIDO2 security key', 'registered', 'fido2'],
    ['Add Windows Hello for Business credential', 'registered', 'windows-hello'],
    ['Delete passwordless phone sign-in credential', 'deleted', 'phone-sign-in'],
    ['Add platform credential', 'registered', 'windows-hello'],
    ['Add device category', 'other', 'unknown'],
  ])('%s is %s, %s', (OperationName, happening, kind) => {
    expect(fact({ ...devices, OperationName })).toMatchObject({ happening, methodKind: kind });
  });

  test('a reason without a method: AdditionalDetails has it', () => {
    const AdditionalDetails = JSON.stringify([{ key: 'AuthenticationMethod', value: 'Passkey' }]);
    expect(fact({ ResultReason: 'User registered security info', AdditionalDetails })).toMatchObject({
      method: 'Passkey',
      methodKind: 'passkey',
    });
    expect(fact({ ResultReason: 'User registered Mobile Phone SMS', AdditionalDetails }).method).toBe('Mobile Phone SMS');
  });

  test('a passkey that only the directory logs, as a key of usage FIDO; a key that merely stays is no change', () => {
    const key = (KeyIdentifier: string, Usage: string) => ({ Usage, KeyIdentifier, DeviceId: '00000000-0000-0000-0000-000000000000' });
    const update = (before: unknown, after: unknown) =>
      fact({ OperationName: 'Update user', ResultReason: '', ModifiedProperties: change('SearchableDeviceKey', before, after) });
    expect(update([key('a', 'NGC')], [key('a', 'NGC'), key('b', 'FIDO')])).toMatchObject({ happening: 'registered', methodKind: 'fido2' });
    expect(update([key('b', 'FIDO')], [])).toMatchObject({ happening: 'deleted', removed: ['Fido'] });
    expect(update([key('a', 'NGC')], [key('a', 'NGC'), key('c', 'STK')]).happening).toBe('other');
  });

  test('per-user MFA is off only where the record says so', () => {
    const OperationName = 'Update per-user multifactor authentication state';
    const state = (newValue: string) => JSON.stringify([{ displayName: 'perUserMfaState', oldValue: '""', newValue }]);
    expect(fact({ OperationName, ResultReason: '', ModifiedProperties: state('"disabled"') }).happening).toBe('mfa-disabled');
    expect(fact({ OperationName, ResultReason: '', ModifiedProperties: state('"enforced"') }).happening).toBe('mfa-enabled');
    expect(fact({ OperationName, ResultReason: '' }).happening).toBe('updated');
    const requirement = (...states: readonly number[]) => states.map((State) => ({ RelyingParty: '*', State }));
    const update = (before: unknown, after: unknown) =>
      fact({
        OperationName: 'Update user',
        ResultReason: '',
        ModifiedProperties: change('StrongAuthenticationRequirement', before, after),
      });
    expect(update(requirement(1), []).happening).toBe('mfa-disabled');
    expect(update([], requirement(1)).happening).toBe('mfa-enabled');
    // "Restore multifactor authentication on all remembered devices" rewrites it with a new date.
    expect(update(requirement(2), requirement(2)).happening).toBe('other');
  });

  test('whom a Conditional Access policy no longer concerns', () => {
    const policy = (...excludeUsers: readonly string[]) => ({
      state: 'enabled',
      conditions: { users: { includeUsers: ['All'], excludeUsers } },
    });
    const ModifiedProperties = change('ConditionalAccessPolicy', policy('AAAA-1'), policy('AAAA-1', 'BBBB-2'));
    const found = fact({ OperationName: 'Update conditional access policy', ResultReason: '', ModifiedProperties });
    expect(found).toMatchObject({ happening: 'policy-changed', excluded: ['bbbb-2'] });
    expect(fact({ OperationName: 'Add user', ModifiedProperties: change('ConditionalAccessPolicy', 5, [null]) }).excluded).toEqual([]);
    const byGroup = change('ConditionalAccessPolicy', { conditions: {} }, { conditions: { users: { excludeGroups: ['CCCC-3'] } } });
    expect(fact({ OperationName: 'Update conditional access policy', ModifiedProperties: byGroup }).excludedGroups).toEqual(['cccc-3']);
    const joined = change('Group.ObjectID', null, 'CCCC-3');
    expect(fact({ OperationName: 'Add member to group', ModifiedProperties: joined })).toMatchObject({
      happening: 'group-joined',
      group: 'cccc-3',
    });
  });
});

test.each(['20.190.128.1', '20.190.128.1:4431', '::ffff:20.190.128.1', '[2603:1006:2000::9]:443', '2603:1006:2000::9%eth0'])(
  'the address %s of the service is not the address of a person',
  (ActorIp) => {
    expect(fact({ ActorIp }).ip).toBe('');
  },
);
