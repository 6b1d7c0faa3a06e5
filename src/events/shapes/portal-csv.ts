import { createHash } from 'node:crypto';

/**
 * The CSV that the Entra admin center gives ("Download"): headings in words, one column for each of a list's first values. It is turned into the object
 * of Microsoft Graph that says the same; what it leaves out (authentication steps, operation type) stays out.
 */
export interface PortalForm {
  /** Undefined where the headings do not tell: interactive and other sign-ins have the same. */
  readonly table: 'AuditLogs' | undefined;
  /** The Graph object of a row, its cells by heading, or why it is none. */
  readonly record: (cells: ReadonlyMap<string, string>) => Readonly<Record<string, unknown>> | { readonly refused: string };
  /** Whether a heading is read. */
  readonly reads: (heading: string) => boolean;
}

const TIME = 'Date (UTC)';

type Convert = (text: string) => unknown;
const asIs: Convert = (text) => text;
const bool: Convert = (text) => ({ yes: true, true: true, no: false, false: false })[text.toLowerCase()];
const number: Convert = (text) => (/^\d+$/.test(text) ? Number(text) : undefined);
const small: Convert = (text) => text.charAt(0).toLowerCase() + text.slice(1);
/** `Single-factor authentication` -> `singleFactorAuthentication`. */
const camel: Convert = (text) =>
  small(
    text
      .toLowerCase()
      .replace('multifactor', 'multi factor')
      .replace(/[- ]+(\w)/g, (_, letter: string) => letter.toUpperCase()),
  );
/** `Oslo, Oslo, NO`: city, state, country or region; a city's name may hold a comma (`Washington, D.C., Washington, US`). */
const place: Convert = (text) => {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length < 3) return undefined;
  const [state, countryOrRegion] = parts.slice(-2);
  return { city: parts.slice(0, -2).join(', '), state, countryOrRegion };
};

/** Headings (blanks at their ends and doubled ones apart), and the place in the Graph object. */
const SIGN_IN: readonly (readonly [heading: string, path: string, convert?: Convert])[] = [
  [TIME, 'createdDateTime'],
  ['Request ID', 'id'],
  ['User agent', 'userAgent'],
  ['Correlation ID', 'correlationId'],
  ['User ID', 'userId'],
  ['User', 'userDisplayName'],
  ['Username', 'userPrincipalName'],
  ['User type', 'userType', small],
  ['Cross tenant access type', 'crossTenantAccessType', small],
  ['Incoming token type', 'incomingTokenType', small],
  ['Authentication Protocol', 'authenticationProtocol', small],
  ['Unique token identifier', 'uniqueTokenIdentifier'],
  ['Original transfer method', 'originalTransferMethod', small],
  ['Client credential type', 'clientCredentialType', small],
  ['Application', 'appDisplayName'],
  ['Application ID', 'appId'],
  ['Resource', 'resourceDisplayName'],
  ['Resource ID', 'resourceId'],
  ['Resource tenant ID', 'resourceTenantId'],
  ['Home tenant ID', 'homeTenantId'],
  ['IP address', 'ipAddress'],
  ['Location', 'location', place],
  ['Sign-in error code', 'status.errorCode', number],
  ['Failure reason', 'status.failureReason'],
  ['Client app', 'clientAppUsed'],
  ['Device ID', 'deviceDetail.deviceId'],
  ['Browser', 'deviceDetail.browser'],
  ['Operating System', 'deviceDetail.operatingSystem'],
  ['Compliant', 'deviceDetail.isCompliant', bool],
  ['Managed', 'deviceDetail.isManaged', bool],
  ['Join Type', 'deviceDetail.trustType'],
  ['Multifactor authentication auth method', 'mfaDetail.authMethod'],
  ['Multifactor authentication auth detail', 'mfaDetail.authDetail'],
  ['Authentication requirement', 'authenticationRequirement', camel],
  ['Sign-in identifier', 'signInIdentifier'],
  ['Session ID', 'sessionId'],
  ['Autonomous system number', 'autonomousSystemNumber', number],
  ['Flagged for review', 'flaggedForReview', bool],
  ['Token issuer type', 'tokenIssuerType'],
  ['Token issuer name', 'tokenIssuerName'],
  ['Conditional Access', 'conditionalAccessStatus', camel],
];

const AUDIT: readonly (readonly [heading: string, path: string, convert?: Convert])[] = [
  [TIME, 'activityDateTime'],
  ['CorrelationId', 'correlationId'],
  ['Service', 'loggedByService'],
  ['Category', 'category'],
  ['Activity', 'activityDisplayName'],
  ['Result', 'result', small],
  ['ResultReason', 'resultReason'],
];
const ACTOR = {
  user: [
    ['ActorObjectId', 'id'],
    ['ActorDisplayName', 'displayName'],
    ['ActorUserPrincipalName', 'userPrincipalName'],
    ['IPAddress', 'ipAddress'],
    ['ActorHomeTenantId', 'homeTenantId'],
    ['ActorHomeTenantName', 'homeTenantName'],
  ],
  app: [
    ['ActorDisplayName', 'displayName'],
    ['ActorServicePrincipalId', 'servicePrincipalId'],
    ['ActorServicePrincipalName', 'servicePrincipalName'],
  ],
} as const;
const TARGET = [
  ['Type', 'type'],
  ['DisplayName', 'displayName'],
  ['ObjectId', 'id'],
  ['UserPrincipalName', 'userPrincipalName'],
] as const;
const NUMBERED =
  /^(?:Target\d+(?:Type|DisplayName|ObjectId|UserPrincipalName|ModifiedProperty\d+(?:Name|OldValue|NewValue))|AdditionalDetail\d+(?:Key|Value))$/;
const USER_AGENTS = ['User Agent', 'UserAgent'] as const;

const SIGN_IN_MARKS = [TIME, 'Request ID', 'Username'];
const AUDIT_MARKS = [TIME, 'Activity', 'ActorType', 'Target1ObjectId'];

/** A heading as it is looked up: the portal writes `Application ID ` and `Autonomous system  number`. */
export function headingOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** The form of a file with these headings; undefined where it is no download of the portal. */
export function portalForm(headings: readonly string[]): PortalForm | undefined {
  const has = (marks: readonly string[]) => marks.every((mark) => headings.includes(mark));
  if (has(SIGN_IN_MARKS))
    return { table: undefined, record: signIn, reads: (heading) => heading === 'Status' || SIGN_IN.some(([known]) => known === heading) };
  if (has(AUDIT_MARKS)) return { table: 'AuditLogs', record: audit, reads: readsAudit };
  return undefined;
}

function signIn(cells: ReadonlyMap<string, string>): ReturnType<PortalForm['record']> {
  const record = filled(cells, SIGN_IN);
  const status = cells.get('Status')?.toLowerCase();
  if (cells.get('Sign-in error code') === undefined || !/^\d+$/.test(cells.get('Sign-in error code') ?? '')) {
    if (status !== 'success')
      return { refused: `Status is ${JSON.stringify(cells.get('Status') ?? '')} and there is no "Sign-in error code"` };
    put(record, 'status.errorCode', 0);
  }
  return record;
}

function audit(cells: ReadonlyMap<string, string>): ReturnType<PortalForm['record']> {
  const record = filled(cells, AUDIT);
  const app = /^(?:app|service)/i.test(cells.get('ActorType') ?? '');
  record['initiatedBy'] = app ? { app: named(cells, '', ACTOR.app) } : { user: named(cells, '', ACTOR.user) };
  record['targetResources'] = numbered(cells, 'Target', (prefix) => {
    const target = named(cells, prefix, TARGET);
    const modifiedProperties = numbered(cells, `${prefix}ModifiedProperty`, (each) =>
      named(cells, each, [
        ['Name', 'displayName'],
        ['OldValue', 'oldValue'],
        ['NewValue', 'newValue'],
      ]),
    );
    return { ...target, ...(modifiedProperties.length > 0 && { modifiedProperties }) };
  });
  const details = numbered(cells, 'AdditionalDetail', (prefix) =>
    named(cells, prefix, [
      ['Key', 'key'],
      ['Value', 'value'],
    ]),
  );
  const userAgent = USER_AGENTS.map((heading) => cells.get(heading)).find((text) => text !== undefined);
  record['additionalDetails'] = userAgent === undefined ? details : [...details, { key: 'User-Agent', value: userAgent }];
  // The download has no id: rows that say the same are one, as in a file that is imported twice.
  record['id'] = `portal-${createHash('sha256')
    .update(JSON.stringify([...cells]))
    .digest('hex')
    .slice(0, 32)}`;
  return record;
}

function readsAudit(heading: string): boolean {
  return (
    heading === 'ActorType' ||
    NUMBERED.test(heading) ||
    [...AUDIT, ...ACTOR.user, ...ACTOR.app].some(([known]) => known === heading) ||
    USER_AGENTS.some((known) => known === heading)
  );
}

function filled(cells: ReadonlyMap<string, string>, columns: typeof SIGN_IN): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [heading, path, convert = asIs] of columns) {
    const text = cells.get(heading);
    const value = text === undefined || text === 'None' ? undefined : convert(text);
    if (value !== undefined) put(record, path, value);
  }
  return record;
}

function put(record: Record<string, unknown>, path: string, value: unknown): void {
  const [first = '', second] = path.split('.');
  if (second === undefined) record[first] = value;
  else record[first] = { ...(record[first] as object | undefined), [second]: value };
}

function named(
  cells: ReadonlyMap<string, string>,
  prefix: string,
  columns: readonly (readonly [heading: string, key: string])[],
): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap(([heading, key]) => (cells.has(prefix + heading) ? [[key, cells.get(prefix + heading)!]] : [])),
  );
}

/** What stands under `prefix`1, `prefix`2 and so on, by number, without those that are empty. A heading may name any number: only those that are there count. */
function numbered<T extends object>(cells: ReadonlyMap<string, string>, prefix: string, of: (prefix: string) => T): T[] {
  const numbers = new Set<string>();
  for (const heading of cells.keys()) {
    const digits = heading.startsWith(prefix) ? /^[1-9]\d*/.exec(heading.slice(prefix.length))?.[0] : undefined;
    if (digits !== undefined) numbers.add(digits);
  }
  return [...numbers]
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .map((digits) => of(`${prefix}${digits}`))
    .filter((one) => Object.keys(one).length > 0);
}
