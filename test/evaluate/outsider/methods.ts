import { audit, type Change } from './audit-rows.ts';
import type { Logbook } from './logbook.ts';
import type { Owned, Person } from './people.ts';

interface Kind {
  /** As in "User registered ...". */
  readonly words: string;
  /** As in "Admin registered ... method for user". */
  readonly adminWords: string;
  readonly types: readonly number[];
  readonly property:
    | 'StrongAuthenticationPhoneAppDetail'
    | 'StrongAuthenticationUserDetails'
    | 'SearchableDeviceKey'
    | 'TemporaryAccessPass';
}

export const METHODS = {
  app: {
    words: 'Authenticator App with Notification and Code',
    adminWords: 'phone app',
    types: [6, 7],
    property: 'StrongAuthenticationPhoneAppDetail',
  },
  code: { words: 'Authenticator App with Code', adminWords: 'phone app', types: [7], property: 'StrongAuthenticationPhoneAppDetail' },
  token: { words: 'Software OATH token', adminWords: 'software OATH token', types: [7], property: 'StrongAuthenticationPhoneAppDetail' },
  sms: { words: 'Mobile Phone SMS', adminWords: 'phone', types: [5], property: 'StrongAuthenticationUserDetails' },
  voice: { words: 'Mobile Phone Call and SMS', adminWords: 'phone', types: [0, 5], property: 'StrongAuthenticationUserDetails' },
  email: { words: 'Email', adminWords: 'email', types: [], property: 'StrongAuthenticationUserDetails' },
  passkey: { words: 'Fido', adminWords: 'fido', types: [], property: 'SearchableDeviceKey' },
  hello: { words: 'Windows Hello for Business', adminWords: 'windows hello', types: [], property: 'SearchableDeviceKey' },
  pass: { words: 'temporary access pass', adminWords: 'temporary access pass', types: [], property: 'TemporaryAccessPass' },
} as const satisfies Record<string, Kind>;
export type MethodKind = keyof typeof METHODS;

function picture(person: Person, kind: Kind, owned: readonly Owned[], at: number): unknown {
  if (kind.property === 'StrongAuthenticationUserDetails') {
    const number = owned.find((one) => one.kind === 'sms' || one.kind === 'voice')?.holder ?? null;
    return [
      {
        PhoneNumber: number,
        AlternativePhoneNumber: null,
        Email: owned.some((one) => one.kind === 'email') ? `${person.name.replace(' ', '')}@mail.example` : null,
        VoiceOnlyPhoneNumber: null,
      },
    ];
  }
  if (kind.property === 'SearchableDeviceKey')
    return owned
      .filter((one) => one.kind === 'passkey' || one.kind === 'hello')
      .map((one) => ({
        Usage: one.kind === 'passkey' ? 'FIDO' : 'NGC',
        KeyIdentifier: one.holder,
        DeviceId: '00000000-0000-0000-0000-000000000000',
      }));
  if (kind.property === 'TemporaryAccessPass') return [];
  return owned
    .filter((one) => one.kind === 'app' || one.kind === 'code' || one.kind === 'token')
    .map((one) => ({
      DeviceName: one.kind === 'app' ? person.phone.name || 'iPhone' : 'NO_DEVICE',
      DeviceToken: one.kind === 'app' ? one.holder : 'NO_DEVICE_TOKEN',
      DeviceTag: 'SoftwareTokenActivated',
      PhoneAppVersion: '6.8.25',
      OathTokenTimeDrift: 0,
      Id: idOf(one),
      AuthenticationType: one.kind === 'app' ? 3 : 2,
      NotificationType: one.kind === 'app' ? 2 : 1,
      LastAuthenticatedTimestamp: new Date(at).toISOString(),
      AuthenticatorFlavor: one.kind === 'app' ? 'Authenticator' : null,
    }));
}

/** A stable id for what is on a device. */
const idOf = ({ holder }: Owned) =>
  Array.from(holder.padEnd(24, 'k').slice(-24), (letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .slice(0, 32)
    .replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

const typesOf = (owned: readonly Owned[]) =>
  owned.flatMap(({ kind }, at) => METHODS[kind].types.map((MethodType, order) => ({ MethodType, Default: at === 0 && order === 0 })));

export interface Doing {
  readonly person: Person;
  readonly address: string;
  /** Who does it for the person: an administrator. */
  readonly by?: Person;
  readonly byAddress?: string;
}

/** Adds a method; writes what Entra ID writes about it, and returns the Ids of the rows that are the registration. */
export function addMethod(book: Logbook, at: number, doing: Doing, owned: Owned): string[] {
  const { dice, writing } = book;
  const { person, by } = doing;
  const kind: Kind = METHODS[owned.kind];
  const before = [...person.methods];
  if (owned.kind !== 'pass') person.methods.push(owned);
  const correlation = dice.guid();
  const details = writing.methodKey ? [{ key: 'AuthenticationMethod', value: kind.words }] : [];
  const ids: string[] = [];
  const service = by === undefined && dice.chance(writing.serviceApi);
  const address = service
    ? `20.190.${dice.whole(128, 190)}.${dice.whole(1, 254)}`
    : by === undefined
      ? doing.address
      : (doing.byAddress ?? '');
  const onlyTwin = owned.kind !== 'pass' && kind.types.length > 0 && dice.chance(writing.twinOnly);
  if (by === undefined && dice.chance(0.5))
    audit(book, at - dice.between(20_000, 90_000), {
      operation: 'User started security info registration',
      service: 'Authentication Methods',
      actor: person,
      address: doing.address,
      target: person,
      reason: `User started the registration for ${kind.words}`,
    });
  if (owned.kind === 'passkey' && by === undefined)
    audit(book, at - 15_000, {
      operation: 'Get passkey creation options',
      service: 'Authentication Methods',
      actor: person,
      address,
      target: person,
    });
  if (!onlyTwin) {
    ids.push(
      audit(book, at, {
        operation: by === undefined ? 'User registered security info' : 'Admin registered security info',
        service: 'Authentication Methods',
        type: service ? 'ServiceApi' : 'Add',
        reason:
          by === undefined
            ? `User registered ${kind.words}${owned.kind === 'pass' ? ' method' : ''}`
            : `Admin registered ${kind.adminWords} method for user`,
        actor: by ?? person,
        address,
        target: person,
        details,
        correlation,
      }),
    );
  }
  if (owned.kind === 'passkey')
    ids.push(
      audit(book, at + 900, {
        operation: 'Add Passkey (device-bound)',
        service: 'Device Registration Service',
        type: 'Add',
        actor: by ?? person,
        target: person,
        details: [{ key: 'AAGUID', value: '90a3ccdf-635c-4729-a248-9b709135078f' }],
        correlation,
      }),
    );
  if (owned.kind !== 'hello' && (onlyTwin || dice.chance(writing.twin))) {
    const changes: Change[] =
      kind.types.length > 0 ? [{ name: 'StrongAuthenticationMethod', before: typesOf(before), after: typesOf(person.methods) }] : [];
    if (kind.property !== 'TemporaryAccessPass')
      changes.push({
        name: kind.property,
        before: picture(person, kind, before, at),
        after: picture(person, kind, person.methods, at),
      });
    changes.push({ name: 'Included Updated Properties', before: null, after: changes.map(({ name }) => name).join(', ') });
    if (changes.length > 1)
      ids.push(
        audit(book, at + dice.between(0, 1500), {
          operation: 'Update user',
          service: 'Core Directory',
          actor: by ?? (dice.chance(0.5) ? person : 'Azure Credential Configuration Endpoint Service'),
          target: person,
          changes,
          correlation,
        }),
      );
  }
  if (by === undefined && before.length === 0)
    ids.push(
      audit(book, at + dice.between(1000, 30_000), {
        operation: 'User registered all required security info',
        service: 'Authentication Methods',
        actor: person,
        address: doing.address,
        target: person,
        reason: 'User registered all required security info.',
        correlation,
      }),
    );
  return ids;
}

export function removeMethod(book: Logbook, at: number, doing: Doing, owned: Owned): string[] {
  const { person, by } = doing;
  const kind: Kind = METHODS[owned.kind];
  const before = [...person.methods];
  person.methods = person.methods.filter((one) => one !== owned);
  const correlation = book.dice.guid();
  const ids = [
    audit(book, at, {
      operation: by === undefined ? 'User deleted security info' : 'Admin deleted security info',
      service: 'Authentication Methods',
      type: 'Delete',
      reason: by === undefined ? `User deleted ${kind.words}` : `Admin deleted ${kind.adminWords} method for user`,
      actor: by ?? person,
      address: by === undefined ? doing.address : (doing.byAddress ?? ''),
      target: person,
      correlation,
    }),
  ];
  if (kind.types.length > 0 && book.dice.chance(book.writing.twin)) {
    ids.push(
      audit(book, at + 800, {
        operation: 'Update user',
        service: 'Core Directory',
        actor: by ?? person,
        target: person,
        correlation,
        changes: [
          { name: 'StrongAuthenticationMethod', before: typesOf(before), after: typesOf(person.methods) },
          { name: kind.property, before: picture(person, kind, before, at), after: picture(person, kind, person.methods, at) },
        ],
      }),
    );
  }
  return ids;
}

/** Every use of the app renews its entry in the directory: the same ids, another time. No change of methods. */
export function refreshApp(book: Logbook, at: number, person: Person): void {
  if (!person.methods.some(({ kind }) => kind === 'app')) return;
  audit(book, at, {
    operation: 'Update user',
    service: 'Core Directory',
    actor: 'Azure MFA StrongAuthenticationService',
    target: person,
    changes: [
      {
        name: 'StrongAuthenticationPhoneAppDetail',
        before: picture(person, METHODS.app, person.methods, at - 86_400_000 * 3),
        after: picture(person, METHODS.app, person.methods, at),
      },
      { name: 'Included Updated Properties', before: null, after: 'StrongAuthenticationPhoneAppDetail' },
    ],
  });
}
