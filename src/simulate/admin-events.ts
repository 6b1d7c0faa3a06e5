import type { Device, User } from './model.ts';
import type { Rng } from './rng.ts';
import type { World } from './world.ts';

/** Resets of a password, in the words of Self-service Password Management. */
export function passwordReset(world: World, rng: Rng, at: number, user: User, by: { readonly actor: User; readonly ip: string }): void {
  const self = by.actor === user;
  const correlation = rng.guid();
  const base = {
    service: 'Self-service Password Management',
    operationType: 'Update',
    by: { kind: 'user', user: by.actor, ip: by.ip },
    target: user,
    correlation,
  } as const;
  if (self)
    world.audit(rng, {
      ...base,
      at: at - rng.between(20, 140) * 1000,
      activity: 'Self-service password reset flow activity progress',
      reason: 'User was presented with verification options',
    });
  world.audit(rng, {
    ...base,
    at,
    activity: self ? 'Reset password (self-service)' : 'Reset password (by admin)',
    reason: self ? 'Successfully completed reset.' : 'None',
  });
  world.audit(rng, {
    at: at + rng.between(80, 900),
    activity: 'Reset user password',
    service: 'Core Directory',
    operationType: 'Update',
    by: self ? { kind: 'app', name: 'Microsoft password reset service', id: world.tenant.services.sspr } : base.by,
    target: user,
    correlation,
  });
}

/** A device joins the tenant: the records of the Device Registration Service and the directory. */
export function registerDevice(
  world: World,
  rng: Rng,
  at: number,
  user: User,
  device: Pick<Device, 'id' | 'name' | 'os' | 'trust'>,
  osVersion: string,
): void {
  const correlation = rng.guid();
  const target = { id: rng.guid(), displayName: device.name, type: 'Device' };
  const person = {
    id: user.id,
    displayName: null,
    type: 'User',
    userPrincipalName: user.upn,
    modifiedProperties: [],
    administrativeUnits: [],
  };
  const kind = device.os.startsWith('Windows')
    ? 'Windows'
    : device.os.startsWith('Ios')
      ? 'IPhone'
      : device.os.startsWith('Android')
        ? 'AndroidForWork'
        : 'MacMDM';
  const by = { kind: 'app', name: 'Device Registration Service', id: world.tenant.services.device } as const;
  const base = { category: 'Device', correlation, by } as const;
  world.audit(rng, {
    ...base,
    at,
    activity: 'Add device',
    service: 'Core Directory',
    operationType: 'Add',
    targets: [
      {
        ...target,
        modifiedProperties: [
          { displayName: 'CloudDeviceOSType', oldValue: '[]', newValue: JSON.stringify([kind]) },
          { displayName: 'CloudDeviceOSVersion', oldValue: '[]', newValue: JSON.stringify([osVersion]) },
          { displayName: 'CloudDisplayName', oldValue: '[]', newValue: JSON.stringify([device.name]) },
          {
            displayName: 'DeviceTrustType',
            oldValue: '[]',
            newValue: JSON.stringify([device.trust === 'Azure AD joined' ? 'AzureAd' : 'Workplace']),
          },
        ],
      },
    ],
  });
  for (const activity of ['Add registered owner to device', 'Add registered users to device'])
    world.audit(rng, {
      ...base,
      at: at + rng.between(40, 500),
      activity,
      service: 'Core Directory',
      operationType: 'Assign',
      targets: [person, { ...target, modifiedProperties: [] }],
    });
  world.audit(rng, {
    ...base,
    at: at + rng.between(500, 1500),
    by: { kind: 'user', user, ip: '' },
    activity: 'Register device',
    service: 'Device Registration Service',
    operationType: 'Add',
    targets: [{ ...target, modifiedProperties: [] }],
    details: [
      { key: 'Device Id', value: device.id },
      { key: 'Device OS', value: kind },
      { key: 'Device Trust Type', value: device.trust === 'Azure AD joined' ? 'Azure AD join' : 'Azure AD registered' },
    ],
  });
}

/** A Conditional Access policy is changed: an exclusion is added, or only its name. */
export function policyChange(world: World, rng: Rng, at: number, actor: User, ip: string, excludes: User | undefined): void {
  const policy = world.tenant.policies[0]!;
  const value = (users: readonly string[]) =>
    JSON.stringify({
      id: policy.id,
      displayName: policy.name,
      state: 'enabled',
      conditions: { users: { includeUsers: ['All'], excludeUsers: users } },
      grantControls: { builtInControls: ['mfa'] },
    });
  world.audit(rng, {
    at,
    activity: 'Update conditional access policy',
    service: 'Conditional Access',
    operationType: 'Update',
    category: 'Policy',
    by: { kind: 'user', user: actor, ip },
    targets: [
      {
        id: policy.id,
        displayName: policy.name,
        type: 'Policy',
        modifiedProperties: [
          { displayName: 'ConditionalAccessPolicy', oldValue: value([]), newValue: value(excludes ? [excludes.id] : []) },
        ],
      },
    ],
    correlation: rng.guid(),
  });
}
