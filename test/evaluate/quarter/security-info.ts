import { audit } from './audit.ts';
import type { Dice } from './dice.ts';
import { METHODS, type MethodName } from './methods.ts';
import type { Person } from './people.ts';
import type { World } from './world.ts';

/** Who does it, to whom, when (Unix ms) and from what address. */
export interface Act {
  readonly at: number;
  readonly actor: Person;
  readonly target: Person;
  readonly address: string;
  /** The number or the name of the telephone that is registered. */
  readonly token: string;
}

const SERVICE = 'Authentication Methods';
const json = (value: unknown) => JSON.stringify(value);
const changed = (displayName: string, oldValue: unknown, newValue: unknown) => ({
  displayName,
  oldValue: json(oldValue),
  newValue: json(newValue),
});

function properties(method: MethodName, token: string, before: MethodName) {
  const list = (name: MethodName) => (METHODS[name].type < 0 ? [] : [{ MethodType: METHODS[name].type, Default: true }]);
  const [name, value] =
    method === 'app' || method === 'oath'
      ? [
          'StrongAuthenticationPhoneAppDetail',
          [{ DeviceName: token, DeviceToken: 'apns2-redacted', PhoneAppVersion: '6.8.27', AuthenticationType: 3 }],
        ]
      : ['StrongAuthenticationUserDetails', { PhoneNumber: token, AlternativePhoneNumber: null, Email: null, VoiceOnlyPhoneNumber: null }];
  return [
    changed('StrongAuthenticationMethod', list(before), [...list(before), ...list(method)]),
    changed(name as string, [], value),
    { displayName: 'Included Updated Properties', oldValue: null, newValue: json(`StrongAuthenticationMethod, ${name}`) },
  ];
}

/** A method is registered by its owner: events of the security-info page and the directory's twin, in some tenants the twin alone. The Ids of the registration's rows. */
export function register(world: World, dice: Dice, act: Act, method: MethodName): readonly string[] {
  const { at, actor, target, address } = act;
  const correlation = dice.guid();
  const common = { service: SERVICE, actor, target, address, correlation } as const;
  const isTwinOnly = dice.chance(world.kind.twinOnly);
  const ids: string[] = [];
  if (!isTwinOnly) {
    if (dice.chance(0.7))
      audit(world, dice, {
        ...common,
        at: at - dice.int(15, 90) * 1000,
        activity: 'User started security info registration',
        operation: 'Add',
        reason: 'User started security info registration.',
      });
    ids.push(
      audit(world, dice, {
        ...common,
        at,
        activity: 'User registered security info',
        operation: 'Add',
        reason: `User registered ${METHODS[method].words}`,
      }),
    );
    if (dice.chance(0.35))
      audit(world, dice, {
        ...common,
        at: at + 2000,
        activity: 'User registered all required security info',
        operation: 'Add',
        reason: 'User registered all required security info.',
      });
  }
  if (method === 'fido') {
    ids.push(
      audit(world, dice, {
        ...common,
        at: at + 1200,
        activity: 'Add Passkey (device-bound)',
        service: 'Device Registration Service',
        operation: 'Add',
        modified: [changed('SearchableDeviceKey', [], [{ KeyIdentifier: dice.hex(16), Usage: 'FIDO' }])],
      }),
    );
  } else if (isTwinOnly || dice.chance(0.92)) {
    const modified = properties(method, act.token, target.method);
    const bySystem = dice.chance(0.5);
    ids.push(
      audit(world, dice, {
        ...common,
        at: at + dice.int(200, 2500),
        actor: bySystem && !isTwinOnly ? 'system' : actor,
        address: bySystem ? '' : address,
        activity: 'Update user',
        service: 'Core Directory',
        modified,
      }),
    );
  }
  return ids.filter((id) => id !== '');
}

/** Other events of the security-info page: one row each. */
const CHANGES = {
  delete: ['User deleted security info', 'Delete', (words: string) => `User deleted ${words}`, false],
  default: [
    'User changed default security info',
    'Update',
    (words: string) => `User changed the default security info for ${words}`,
    false,
  ],
  cancel: ['User registered all required security info', 'Add', () => 'User canceled security info registration.', true],
  fail: ['User registered security info', 'Add', (words: string) => `User failed to register ${words}`, true],
  review: ['User reviewed security info', 'Update', () => 'User successfully reviewed security info.', false],
  adminDelete: ['Admin deleted security info', 'Delete', (words: string) => `Admin deleted ${words} method for user`, false],
  adminPhone: ['Admin registered security info', 'Add', () => 'Admin registered phone method for user', false],
  adminPass: ['Admin registered security info', 'Add', () => 'Admin registered temporary access pass method for user', false],
} as const satisfies Record<string, readonly [string, string, (words: string) => string, boolean]>;

export type ChangeName = keyof typeof CHANGES;

export function change(world: World, dice: Dice, act: Act, name: ChangeName, method: MethodName): string {
  const [activity, operation, words, failed] = CHANGES[name];
  const { at, actor, target, address } = act;
  const reason = words(METHODS[method].words || METHODS.app.words);
  // Half of the portal's own calls are logged with the address of the service and not of the administrator.
  const viaService = name.startsWith('admin') && dice.chance(0.5);
  return audit(world, dice, {
    at,
    actor,
    target,
    address: viaService ? `20.190.${dice.int(128, 190)}.${dice.int(1, 250)}` : address,
    activity,
    service: SERVICE,
    operation: viaService ? 'ServiceApi' : operation,
    reason,
    failed,
    correlation: dice.guid(),
  });
}

/** Password resets: by the help desk, or by the user with the steps that the flow writes. */
export function resetPassword(world: World, dice: Dice, act: Act, isSelfService: boolean): void {
  const { at, actor, target, address } = act;
  const common = { actor, target, address, correlation: dice.guid() };
  if (!isSelfService) {
    audit(world, dice, {
      ...common,
      at,
      activity: 'Reset password (by admin)',
      service: 'Self-service Password Management',
      reason: 'None',
    });
    audit(world, dice, { ...common, at: at + 600, activity: 'Reset user password', service: 'Core Directory', operation: 'Update' });
    return;
  }
  const flow = [
    'User started the mobile SMS verification option',
    'User successfully used the mobile SMS verification option',
    'User submitted a new password',
  ];
  for (const [index, reason] of flow.entries()) {
    audit(world, dice, {
      ...common,
      at: at - (flow.length - index) * 20_000,
      activity: 'Self-service password reset flow activity progress',
      service: 'Self-service Password Management',
      reason,
    });
  }
  audit(world, dice, {
    ...common,
    at,
    activity: 'Reset password (self-service)',
    service: 'Self-service Password Management',
    reason: 'Successfully completed reset.',
  });
}
