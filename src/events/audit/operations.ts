/** What an audit record says happened to a user's ways of signing in. */
export type Happening =
  | 'registered'
  | 'updated'
  | 'deleted'
  | 'default-changed'
  | 'reviewed'
  | 'started'
  | 'cancelled'
  | 'mfa-disabled'
  | 'mfa-enabled'
  | 'device-registered'
  | 'password-reset'
  | 'reported'
  | 'policy-changed'
  | 'group-joined'
  | 'user-created'
  | 'account-disabled'
  | 'account-enabled'
  /** Whether it concerns us is in the changed properties. */
  | 'see-properties'
  /** Which way MFA was switched is in the changed properties or the reason. */
  | 'see-state'
  | 'other';

interface Operation {
  readonly happening: Happening;
  /** The operation is an administrator's by name, whoever is logged as actor. */
  readonly byAdmin?: boolean;
  /** The method, where the name of the operation says it. */
  readonly method?: string;
  /** Written by the Device Registration Service; the service of methods writes a record of its own about most of these. */
  readonly byDeviceService?: boolean;
}

/** Operation names as logged (their spelling differs between years and tenants), in lower case: entra-docs reference-audit-activities. */
const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['user registered security info', { happening: 'registered' }],
  ['user registered all required security info', { happening: 'registered' }],
  ['user updated security info', { happening: 'updated' }],
  ['user deleted security info', { happening: 'deleted' }],
  ['user changed default security info', { happening: 'default-changed' }],
  ['user reviewed security info', { happening: 'reviewed' }],
  ['user started security info registration', { happening: 'started' }],
  ['user canceled security info registration', { happening: 'cancelled' }],
  ['user cancelled security info registration', { happening: 'cancelled' }],
  ['admin registered security info', { happening: 'registered', byAdmin: true }],
  ['admin updated security info', { happening: 'updated', byAdmin: true }],
  ['admin deleted security info', { happening: 'deleted', byAdmin: true }],
  ['create temporary access pass method for user', { happening: 'registered', byAdmin: true, method: 'temporary access pass' }],
  ['delete temporary access pass method for user', { happening: 'deleted', byAdmin: true, method: 'temporary access pass' }],
  ['disable strong authentication', { happening: 'mfa-disabled' }],
  ['enable strong authentication', { happening: 'mfa-enabled' }],
  ['update per-user multifactor authentication state', { happening: 'see-state', byAdmin: true }],
  ['update user', { happening: 'see-properties' }],
  ['register device', { happening: 'device-registered' }],
  ['add device', { happening: 'device-registered' }],
  ['add registered owner to device', { happening: 'device-registered' }],
  ['add registered users to device', { happening: 'device-registered' }],
  ['reset password (self-service)', { happening: 'password-reset' }],
  ['change password (self-service)', { happening: 'password-reset' }],
  ['change user password', { happening: 'password-reset' }],
  ['reset user password', { happening: 'password-reset', byAdmin: true }],
  ['reset password (by admin)', { happening: 'password-reset', byAdmin: true }],
  ['admin started password reset', { happening: 'other', byAdmin: true }],
  ['suspicious activity reported', { happening: 'reported' }],
  ['fraud reported - no action taken', { happening: 'reported' }],
  ['fraud reported - user is blocked for mfa', { happening: 'reported' }],
  ['add conditional access policy', { happening: 'policy-changed' }],
  ['update conditional access policy', { happening: 'policy-changed' }],
  ['delete conditional access policy', { happening: 'policy-changed' }],
  ['add named location', { happening: 'policy-changed' }],
  ['update named location', { happening: 'policy-changed' }],
  ['delete named location', { happening: 'policy-changed' }],
  ['update security defaults', { happening: 'policy-changed' }],
  ['authentication methods policy update', { happening: 'policy-changed' }],
  ['authentication methods policy reset', { happening: 'policy-changed' }],
  ['add member to group', { happening: 'group-joined' }],
  ['add user', { happening: 'user-created' }],
  ['invite external user', { happening: 'user-created' }],
  ['disable account', { happening: 'account-disabled', byAdmin: true }],
  ['enable account', { happening: 'account-enabled', byAdmin: true }],
  ['redeem external user invite', { happening: 'user-created' }],
]);

/**
 * Credentials as the Device Registration Service names them after "Add " or "Delete ". What follows has changed over the years: "Passkey
 * (device-bound)" is also logged with " security key" or " credential" behind it.
 */
const credentials: readonly (readonly [begins: string, method: string])[] = [
  ['passkey', 'passkey'],
  ['fido2 security key', 'FIDO2 security key'],
  ['windows hello for business', 'Windows Hello for Business'],
  ['passwordless phone sign-in', 'passwordless phone sign-in'],
  ['platform credential', 'platform credential'],
];

/** Of the service Authentication Methods, about users, that say nothing here. */
const silent: ReadonlySet<string> = new Set([
  'get passkey creation options',
  'user started security info registration',
  'bulk upload hardware oath token',
  'create hardware oath token',
  'update hardware oath token',
  'delete hardware oath token',
  'assign hardware oath token',
  'unassign hardware oath token',
  'restore multifactor authentication on all remembered devices',
]);

/** Whether a record is of the service that writes changes of methods, by an operation that nobody knew of when this was written. */
export function isUnknownOperation(service: string, operationName: string): boolean {
  if (service.trim().toLowerCase() !== 'authentication methods') return false;
  return operationMeaning(operationName) === other && !silent.has(operationName.trim().toLowerCase());
}

const other: Operation = { happening: 'other' };

export function operationMeaning(operationName: string): Operation {
  const name = operationName.trim().toLowerCase();
  const known = operations.get(name);
  if (known !== undefined) return known;
  const [, verb = '', what = ''] = /^(add|delete) (.+)$/.exec(name) ?? [];
  const method = credentials.find(([begins]) => verb !== '' && what.startsWith(begins))?.[1];
  return method === undefined ? other : { happening: verb === 'add' ? 'registered' : 'deleted', method, byDeviceService: true };
}
