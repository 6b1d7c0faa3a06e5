import { METHODS, type Method } from './methods.ts';
import type { User } from './model.ts';
import { microsoftAddress } from './networks.ts';
import { pickRecords } from './records.ts';
import type { Rng } from './rng.ts';
import type { Change, Initiator } from './rows/audit.ts';
import type { World } from './world.ts';

/** What a registration left in the logs: raw Ids of the records that say so. */
export interface Registered {
  readonly at: number;
  readonly ids: readonly string[];
  readonly correlation: string;
}

interface MethodEntry {
  readonly MethodType: number;
  readonly Default: boolean;
}

function methodList(methods: readonly Method[], defaultKey: string): string {
  const entries: MethodEntry[] = [];
  for (const method of methods)
    for (const [at, type] of METHODS[method.kind].types.entries())
      if (!entries.some((entry) => entry.MethodType === type))
        entries.push({ MethodType: type, Default: method.key === defaultKey && at === 0 });
  return JSON.stringify(entries.sort((a, b) => a.MethodType - b.MethodType));
}

function appList(methods: readonly Method[], usedAt: string): string {
  return JSON.stringify(
    methods
      .filter((method) => METHODS[method.kind].property === 'StrongAuthenticationPhoneAppDetail')
      .map((method) => ({
        DeviceName: method.deviceName,
        DeviceToken: method.token,
        DeviceTag: 'SoftwareTokenActivated',
        PhoneAppVersion: method.appVersion,
        OathTokenTimeDrift: 0,
        DeviceId: '00000000-0000-0000-0000-000000000000',
        Id: method.key,
        TimeInterval: 0,
        AuthenticationType: method.kind === 'app' ? 3 : 2,
        NotificationType: method.kind === 'app' ? (method.token?.startsWith('apns') ? 2 : 4) : 1,
        LastAuthenticatedTimestamp: usedAt,
        AuthenticatorFlavor: 'Authenticator',
        HashFunction: method.kind === 'app' ? null : 'hmacsha1',
        TenantDeviceId: null,
        SecuredPartitionId: 0,
        SecuredKeyId: 0,
      })),
  );
}

function detailList(methods: readonly Method[]): string {
  const phones = methods.filter((method) => method.phone && method.kind !== 'office-phone').map((method) => method.phone);
  const email = methods.find((method) => method.kind === 'email')?.email ?? null;
  return JSON.stringify([
    { PhoneNumber: phones[0] ?? null, AlternativePhoneNumber: phones[1] ?? null, Email: email, VoiceOnlyPhoneNumber: null },
  ]);
}

function keyList(methods: readonly Method[]): string {
  return JSON.stringify(
    methods
      .filter((method) => METHODS[method.kind].property === 'SearchableDeviceKey')
      .map((method) => ({
        usage: method.kind === 'hello' ? 'NGC' : 'FIDO',
        keyIdentifier: method.key,
        deviceId: '00000000-0000-0000-0000-000000000000',
      })),
  );
}

/** Old and new values of what differs between two inventories, as the directory records them. */
function inventoryChanges(
  before: readonly Method[],
  after: readonly Method[],
  defaults: readonly [string, string],
  usedAt: string,
): Change[] {
  const changes: Change[] = [];
  const add = (displayName: string, oldValue: string, newValue: string) => {
    if (oldValue !== newValue) changes.push({ displayName, oldValue, newValue });
  };
  add('StrongAuthenticationMethod', methodList(before, defaults[0]), methodList(after, defaults[1]));
  add('StrongAuthenticationPhoneAppDetail', appList(before, usedAt), appList(after, usedAt));
  add('StrongAuthenticationUserDetails', detailList(before), detailList(after));
  add('SearchableDeviceKey', keyList(before), keyList(after));
  const names = changes.map((change) => change.displayName);
  return [
    ...changes,
    { displayName: 'Included Updated Properties', oldValue: null, newValue: JSON.stringify(names.join(', ')) },
    { displayName: 'TargetId.UserType', oldValue: null, newValue: '"Member"' },
  ];
}

/** The authenticator's own upkeep: the time of last use moves, the phones stay the same. */
export function upkeepChanges(methods: readonly Method[], usedBefore: number, usedNow: number): Change[] {
  const value = (at: number) => appList(methods, new Date(at).toISOString());
  return [
    { displayName: 'StrongAuthenticationPhoneAppDetail', oldValue: value(usedBefore), newValue: value(usedNow) },
    { displayName: 'Included Updated Properties', oldValue: null, newValue: '"StrongAuthenticationPhoneAppDetail"' },
  ];
}

/** Who the directory's twin record names: the service, or the user through the service with its address, or with none. */
function twinBy(world: World, rng: Rng, actor: User, ip: string, only: boolean): Initiator {
  const how = rng.weighted<'service' | 'none' | 'microsoft' | 'client'>(
    only
      ? [
          ['client', 0.55],
          ['none', 0.15],
          ['microsoft', 0.3],
        ]
      : [
          ['service', 0.35],
          ['none', 0.25],
          ['microsoft', 0.4],
        ],
  );
  if (how === 'service') return { kind: 'app', name: 'Azure MFA StrongAuthenticationService', id: world.tenant.services.mfa };
  const address = how === 'client' ? ip : how === 'microsoft' ? microsoftAddress(rng) : '';
  return { kind: 'user', user: actor, ip: address, through: 'Azure Credential Configuration Endpoint Service' };
}

export interface Changing {
  readonly at: number;
  readonly user: User;
  /** Who does it: the user, or an administrator. */
  readonly actor?: User | undefined;
  readonly ip: string;
}

/** Adds a method to the account and writes the records of it: Authentication Methods, its twin in the directory, or one of the two. */
export function registerMethod(
  world: World,
  rng: Rng,
  { at, user, actor = user, ip }: Changing,
  method: Method,
  { makeDefault = false } = {},
): Registered {
  const row = METHODS[method.kind];
  const self = actor === user;
  const before = [...user.methods];
  const oldDefault = user.defaultMethod;
  if (method.kind !== 'tap') user.methods.push(method);
  if (makeDefault || (oldDefault === '' && method.kind !== 'email' && method.kind !== 'tap')) user.defaultMethod = method.key;
  const correlation = rng.guid();
  const records = pickRecords(world.tenant, rng, method.kind);
  const ids: (string | undefined)[] = [];
  if (records !== 'twin-only') {
    const service = rng.chance(0.06);
    const by: Initiator = { kind: 'user', user: actor, ip: service ? microsoftAddress(rng) : ip };
    const device = method.kind === 'hello' || (method.kind === 'passkey' && rng.chance(0.4));
    const spec = device
      ? {
          activity: method.kind === 'hello' ? 'Add Windows Hello for Business credential' : 'Add Passkey (device-bound)',
          service: 'Device Registration Service',
          operationType: 'Add',
          reason: '',
          details: [{ key: 'Device Id', value: method.key }],
        }
      : {
          activity: self ? 'User registered security info' : 'Admin registered security info',
          service: 'Authentication Methods',
          operationType: service ? 'ServiceApi' : 'Add',
          reason: self ? `User registered ${row.reason}` : `Admin registered ${row.adminReason} method for user`,
        };
    ids.push(world.audit(rng, { at, by, target: user, correlation, ...spec }));
    if (!service && !device && rng.chance(0.05))
      ids.push(
        world.audit(rng, {
          at: at + rng.between(50, 900),
          by: { kind: 'user', user: actor, ip: microsoftAddress(rng) },
          target: user,
          correlation,
          ...spec,
          operationType: 'ServiceApi',
        }),
      );
  }
  if (records !== 'methods-only' && method.kind !== 'tap') {
    const changes = inventoryChanges(before, user.methods, [oldDefault, user.defaultMethod], new Date(at).toISOString());
    const by = twinBy(world, rng, actor, ip, records === 'twin-only');
    ids.push(
      world.audit(rng, {
        at: at - rng.between(80, 2600),
        activity: 'Update user',
        service: 'Core Directory',
        operationType: 'Update',
        by,
        target: user,
        changes,
        correlation,
      }),
    );
  }
  return { at, correlation, ids: ids.filter((id) => id !== undefined) };
}

/** Takes a method from the account and writes the records of it. */
export function deleteMethod(world: World, rng: Rng, { at, user, actor = user, ip }: Changing, method: Method): void {
  const index = user.methods.indexOf(method);
  if (index < 0) return;
  const before = [...user.methods];
  const oldDefault = user.defaultMethod;
  user.methods.splice(index, 1);
  if (user.defaultMethod === method.key) user.defaultMethod = user.methods.find((other) => other.kind !== 'email')?.key ?? '';
  const correlation = rng.guid();
  const self = actor === user;
  const row = METHODS[method.kind];
  const records = pickRecords(world.tenant, rng, method.kind);
  if (records !== 'twin-only')
    world.audit(rng, {
      at,
      activity: self ? 'User deleted security info' : 'Admin deleted security info',
      service: 'Authentication Methods',
      operationType: 'Delete',
      reason: self ? `User deleted ${row.reason}` : `Admin deleted ${row.adminReason} method for user`,
      by: { kind: 'user', user: actor, ip },
      target: user,
      correlation,
    });
  if (records !== 'methods-only')
    world.audit(rng, {
      at: at - rng.between(80, 2600),
      activity: 'Update user',
      service: 'Core Directory',
      operationType: 'Update',
      by: twinBy(world, rng, actor, ip, records === 'twin-only'),
      target: user,
      changes: inventoryChanges(before, user.methods, [oldDefault, user.defaultMethod], new Date(at).toISOString()),
      correlation,
    });
}

/** Makes a method the default one. */
export function changeDefault(world: World, rng: Rng, { at, user, ip }: Changing, method: Method): void {
  if (user.defaultMethod === method.key) return;
  user.defaultMethod = method.key;
  world.audit(rng, {
    at,
    activity: 'User changed default security info',
    service: 'Authentication Methods',
    operationType: 'Update',
    reason: `User changed the default security info for ${METHODS[method.kind].reason}`,
    by: { kind: 'user', user, ip },
    target: user,
    correlation: rng.guid(),
  });
}

const STEPS_AROUND = {
  started: ['User started security info registration', false, 'User started the registration for'],
  finished: ['User registered all required security info', false, 'User registered all required security info.'],
  reviewed: ['User reviewed security info', false, 'User successfully reviewed security info.'],
  canceled: ['User canceled security info registration', true, 'User canceled security info registration.'],
  failed: ['User registered security info', true, 'User failed to register'],
} as const;

/** Writes one of the events around a registration that change nothing themselves. */
export function registrationStep(
  world: World,
  rng: Rng,
  { at, user, ip }: Changing,
  step: keyof typeof STEPS_AROUND,
  method?: Method,
): void {
  const [activity, failed, reason] = STEPS_AROUND[step];
  const words = reason.endsWith('.') ? reason : `${reason} ${METHODS[method?.kind ?? 'app'].reason}`;
  world.audit(rng, {
    at,
    activity,
    service: 'Authentication Methods',
    operationType: step === 'failed' ? 'Add' : 'Update',
    reason: words,
    failed,
    by: { kind: 'user', user, ip },
    target: user,
    correlation: rng.guid(),
  });
}
