import type { Handset, MethodName, Person } from './people.ts';
import type { Random } from './random.ts';
import { auditRow, type Change } from './rows/audit.ts';
import type { World } from './world.ts';

interface Method {
  /** In ResultReason. */
  readonly text: string;
  /** MethodType numbers of StrongAuthenticationMethod; empty where the directory keeps the method elsewhere. */
  readonly types: readonly number[];
  readonly secret: 'app' | 'phone' | 'none';
  /** The row that the device registration service writes for a credential with a key. */
  readonly credential?: string;
}

const METHODS: Readonly<Record<MethodName, Method>> = {
  app: { text: 'Authenticator App with Notification and Code', types: [6, 7], secret: 'app' },
  appCode: { text: 'Authenticator App with Code', types: [7], secret: 'app' },
  sms: { text: 'Mobile Phone SMS', types: [5], secret: 'phone' },
  call: { text: 'Mobile Phone Call and SMS', types: [0, 5], secret: 'phone' },
  officePhone: { text: 'Office Phone', types: [2], secret: 'phone' },
  fido: { text: 'Fido', types: [], secret: 'none', credential: 'Add FIDO2 security key' },
  passkey: { text: 'Passkey (Microsoft Authenticator)', types: [], secret: 'none', credential: 'Add Passkey (device-bound)' },
  hello: { text: 'Windows Hello for Business', types: [], secret: 'none', credential: 'Add Windows Hello for Business credential' },
  email: { text: 'Email', types: [], secret: 'none' },
  tap: { text: 'temporary access pass method', types: [], secret: 'none' },
  oath: { text: 'Software OATH token', types: [7], secret: 'none' },
};

const TWIN_ACTORS = ['Azure MFA StrongAuthenticationService', 'Azure Credential Configuration Endpoint Service'];

const methodList = (methods: Iterable<MethodName>): string =>
  JSON.stringify([...methods].flatMap((name) => METHODS[name].types).map((type, at) => ({ MethodType: type, Default: at === 0 })));

const phoneDetails = (number: string | null, voice: string | null): string =>
  JSON.stringify([{ PhoneNumber: number, AlternativePhoneNumber: null, Email: null, VoiceOnlyPhoneNumber: voice }]);

const appDetails = (handset: Handset, code: boolean): string =>
  JSON.stringify([
    {
      DeviceName: code ? 'NO_DEVICE' : handset.model,
      DeviceToken: code ? 'NO_DEVICE_TOKEN' : handset.deviceToken,
      DeviceTag: 'SoftwareTokenActivated',
      PhoneAppVersion: code ? 'NO_PHONE_APP_VERSION' : '6.8.24',
      OathTokenTimeDrift: 0,
      Id: handset.appId,
      TimeInterval: 0,
      AuthenticationType: code ? 2 : 3,
      NotificationType: code ? 1 : 2,
      AuthenticatorFlavor: 'Authenticator',
      HashFunction: code ? 'hmacsha1' : 'hmacsha256',
    },
  ]);

function twinChanges(person: Person, before: ReadonlySet<MethodName>, method: MethodName, handset: Handset | undefined): Change[] {
  const changes: Change[] = [];
  const names: string[] = [];
  const add = (displayName: string, oldValue: string | null, newValue: string) => {
    changes.push({ displayName, oldValue, newValue });
    names.push(displayName);
  };
  if (METHODS[method].types.length > 0) add('StrongAuthenticationMethod', methodList(before), methodList(person.methods));
  if (handset !== undefined && METHODS[method].secret === 'app')
    add('StrongAuthenticationPhoneAppDetail', '[]', appDetails(handset, method === 'appCode'));
  if (handset !== undefined && METHODS[method].secret === 'phone')
    add(
      'StrongAuthenticationUserDetails',
      '[]',
      phoneDetails(method === 'officePhone' ? null : handset.phoneNumber, method === 'officePhone' ? handset.phoneNumber : null),
    );
  changes.push({ displayName: 'Included Updated Properties', oldValue: null, newValue: JSON.stringify(names.join(', ')) });
  changes.push({
    displayName: 'TargetId.UserType',
    oldValue: null,
    newValue: JSON.stringify(person.kind === 'guest' ? 'Guest' : 'Member'),
  });
  return changes;
}

export interface Registration {
  readonly at: number;
  readonly target: Person;
  readonly ip: string;
  readonly method: MethodName;
  /** Whose phone; left out: the target's own. */
  readonly handset?: Handset;
  /** Left out: the target. */
  readonly admin?: Person;
  /** The wizard says at the end that nothing is missing any more. */
  readonly allRequired?: boolean;
  /** Through Graph by a service: the address is Microsoft's. */
  readonly serviceApi?: boolean;
  readonly changed?: boolean;
}

export interface Registered {
  readonly at: number;
  readonly ids: readonly string[];
}

const SERVICE_ADDRESSES = ['20.190.159.4', '40.126.31.71', '20.190.160.17', '40.126.32.134'];

/** The rows of one registration: the directory's, a moment earlier, and that of the service that people see; the Ids of both. */
export function register(world: World, random: Random, facts: Registration): Registered {
  const { target, method } = facts;
  const handset = facts.handset ?? target.handset;
  const correlation = random.guid();
  const before = new Set(target.methods);
  target.methods.add(method);
  const actor = { person: facts.admin ?? target, ip: facts.serviceApi ? random.pick(SERVICE_ADDRESSES) : facts.ip };
  const ids: string[] = [];
  const { text, secret, types, credential } = METHODS[method];
  if (facts.admin === undefined && !facts.serviceApi && random.chance(0.3))
    auditRow(world, {
      at: facts.at - random.whole(30, 120) * 1000,
      operation: 'User started security info registration',
      service: 'Authentication Methods',
      type: 'Other',
      reason: `User started the registration of ${text}.`,
      actor,
      target,
      correlation,
    });
  if (types.length > 0 && random.chance(0.92)) {
    const changes = twinChanges(target, before, method, secret === 'none' ? undefined : handset);
    ids.push(
      auditRow(world, {
        at: facts.at - random.whole(100, 2500),
        operation: 'Update user',
        service: 'Core Directory',
        type: 'Update',
        actor: { app: random.pick(TWIN_ACTORS) },
        target,
        changes,
        correlation,
      }),
    );
  }
  if (credential !== undefined)
    ids.push(
      auditRow(world, {
        at: facts.at - random.whole(100, 900),
        operation: credential,
        service: 'Device Registration Service',
        type: 'Add',
        actor: method === 'hello' ? { app: 'Device Registration Service' } : actor,
        target,
        correlation,
        additional:
          method === 'passkey' || method === 'fido'
            ? [
                {
                  key: 'AAGuid',
                  value: method === 'fido' ? '2fc0579f-8113-47ea-b116-bb5a8db9202a' : 'de1e552d-db1d-4423-a619-566b625cdc84',
                },
              ]
            : [],
      }),
    );
  if (method !== 'hello') {
    const by = facts.admin === undefined ? 'User' : 'Admin';
    const operation = facts.changed ? `${by} updated security info` : `${by} registered security info`;
    const reason = by === 'User' ? `User ${facts.changed ? 'changed' : 'registered'} ${text}` : adminReason(method, facts.changed ?? false);
    ids.push(
      auditRow(world, {
        at: facts.at,
        operation,
        service: 'Authentication Methods',
        type: facts.serviceApi ? 'ServiceApi' : facts.changed ? 'Update' : 'Add',
        reason,
        actor,
        target,
        correlation,
        additional: [{ key: 'AuthenticationMethod', value: text }],
      }),
    );
  }
  if (facts.allRequired)
    auditRow(world, {
      at: facts.at + random.whole(300, 4000),
      operation: 'User registered all required security info',
      service: 'Authentication Methods',
      type: 'Other',
      reason: 'User registered all required security info.',
      actor,
      target,
      correlation,
    });
  return { at: facts.at, ids };
}

function adminReason(method: MethodName, changed: boolean): string {
  if (method === 'tap') return 'Admin registered temporary access pass method for user';
  return `Admin ${changed ? 'changed' : 'registered'} ${METHODS[method].secret === 'phone' ? 'phone' : METHODS[method].text} method for user`;
}

export interface Removal {
  readonly at: number;
  readonly target: Person;
  readonly ip: string;
  readonly method: MethodName;
  readonly admin?: Person;
}

export function remove(world: World, random: Random, facts: Removal): string {
  const { target, method } = facts;
  const correlation = random.guid();
  const before = new Set(target.methods);
  target.methods.delete(method);
  if (METHODS[method].types.length > 0)
    auditRow(world, {
      at: facts.at - random.whole(100, 2000),
      operation: 'Update user',
      service: 'Core Directory',
      type: 'Update',
      actor: { app: TWIN_ACTORS[0]! },
      target,
      changes: twinChanges(target, before, method, undefined),
      correlation,
    });
  const by = facts.admin === undefined ? 'User' : 'Admin';
  return auditRow(world, {
    at: facts.at,
    operation: `${by} deleted security info`,
    service: 'Authentication Methods',
    type: 'Delete',
    reason:
      by === 'User'
        ? `User deleted ${METHODS[method].text}`
        : `Admin deleted ${METHODS[method].secret === 'phone' ? 'phone' : METHODS[method].text} method for user`,
    actor: { person: facts.admin ?? target, ip: facts.ip },
    target,
    correlation,
    additional: [{ key: 'AuthenticationMethod', value: METHODS[method].text }],
  });
}

export function changeDefault(world: World, random: Random, at: number, target: Person, ip: string, method: MethodName): string {
  return auditRow(world, {
    at,
    operation: 'User changed default security info',
    service: 'Authentication Methods',
    type: 'Update',
    reason: `User changed the default security info for ${METHODS[method].text}`,
    actor: { person: target, ip },
    target,
    correlation: random.guid(),
  });
}

/** Self-service password reset: the steps of the wizard, then the reset; minutes from start to end. */
export function resetPassword(world: World, random: Random, start: number, target: Person, ip: string, verified: string): number {
  const correlation = random.guid();
  const actor = { person: target, ip };
  const service = 'Self-service Password Management';
  let at = start;
  for (const reason of [
    'User submitted their user ID',
    `User started the ${verified} verification option`,
    `User successfully completed the ${verified} verification option`,
    'User submitted a new password',
  ]) {
    auditRow(world, {
      at,
      operation: 'Self-service password reset flow activity progress',
      service,
      type: 'Other',
      reason,
      actor,
      target,
      correlation,
    });
    at += random.whole(15, 90) * 1000;
  }
  auditRow(world, {
    at,
    operation: 'Reset password (self-service)',
    service,
    type: 'Update',
    reason: 'Successfully completed reset.',
    actor,
    target,
    correlation,
  });
  return at;
}

export function resetByAdmin(world: World, random: Random, at: number, target: Person, admin: Person, ip: string): void {
  const correlation = random.guid();
  auditRow(world, {
    at,
    operation: 'Reset user password',
    service: 'Core Directory',
    type: 'Update',
    actor: { person: admin, ip },
    target,
    correlation,
  });
  auditRow(world, {
    at: at + 900,
    operation: 'Reset password (by admin)',
    service: 'Self-service Password Management',
    type: 'Update',
    reason: 'Successfully completed reset.',
    actor: { person: admin, ip },
    target,
    correlation,
  });
}
