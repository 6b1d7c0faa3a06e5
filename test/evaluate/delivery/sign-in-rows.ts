import { respell } from './addresses.ts';
import { APPS, type Proof, type SignIn } from './book.ts';
import { DAY } from './clock.ts';
import { type Dice, hash } from './dice.ts';
import { upnAt } from './people.ts';
import { redacted } from './redaction.ts';
import type { Tenant } from './tenants.ts';

/** A row of a table, by its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** What the log says of a result: its words, and those of a step of the authentication. */
const RESULTS: Readonly<Record<number, readonly [description: string, step: string]>> = {
  0: ['', 'MFA completed in Azure AD'],
  50053: ["The account is locked, you've tried to sign in too many times with an incorrect user ID or password.", 'Account is locked'],
  50055: ['The password is expired.', 'Password is expired'],
  50057: ['The user account is disabled.', 'User account is disabled'],
  50072: ['User needs to enroll for second factor authentication (interactive).', 'MFA required in Azure AD'],
  50074: ['Strong Authentication is required.', 'MFA required in Azure AD'],
  50076: [
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
    'MFA required in Azure AD',
  ],
  50079: ['User needs to enroll for second factor authentication.', 'MFA required in Azure AD'],
  50125: ['Sign-in was interrupted due to a password reset or password registration entry.', 'Correct password'],
  50126: ['Error validating credentials due to invalid username or password.', 'Invalid password'],
  50140: ["This occurred due to 'Keep me signed in' interrupt when the user was signing in.", 'MFA completed in Azure AD'],
  53003: [
    'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    'Blocked by Conditional Access',
  ],
  70043: ['The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.', 'Token expired'],
  500121: ['Authentication failed during strong authentication request.', 'MFA denied'],
};

const SECOND: Readonly<Record<string, string>> = {
  'Authenticator App with Notification and Code': 'Mobile app notification',
  'Mobile Phone SMS': 'Text message',
  'Software OATH token': 'OATH verification code',
  Fido: 'FIDO2 security key',
};

type StepRow = readonly [method: string, isOk: boolean, detail: string];

function steps(proof: Proof, method: string, code: number): readonly StepRow[] {
  const second = SECOND[method] ?? 'Mobile app notification';
  const password: StepRow = ['Password', true, 'Correct password'];
  const table: Readonly<Record<Proof, readonly StepRow[]>> = {
    none: [['Password', false, RESULTS[code]![1]]],
    password: code === 0 || code === 50140 ? [password] : [password, ['', false, RESULTS[code]![1]]],
    both: [password, [second, true, 'MFA completed in Azure AD']],
    claim: [['Previously satisfied', true, 'MFA requirement satisfied by claim in the token']],
    key: [['FIDO2 security key', true, 'MFA requirement satisfied by strong authentication']],
    declined: [password, [second, false, 'MFA denied; user declined the authentication']],
    unanswered: [password, [second, false, 'MFA denied; user did not respond to mobile app notification']],
  };
  return table[proof];
}

/** Every such step, as the column holds it. */
const stepRows = ({ at, proof, method, code }: SignIn) =>
  steps(proof, method, code).map(([authenticationMethod, succeeded, authenticationStepResultDetail], place) => ({
    authenticationStepDateTime: new Date(at).toISOString(),
    authenticationMethod,
    succeeded,
    authenticationStepResultDetail,
    authenticationStepRequirement: place === 0 ? 'Primary authentication' : 'Multi-factor authentication',
  }));

function locationOf({ seat: { point } }: SignIn, { road }: Tenant): { readonly short: string; readonly details: Row } {
  const { name, state, country, at } = point.city;
  if (road.locationOfV6 === 'empty' && point.ip.includes(':')) return { short: '', details: {} };
  const detail: Readonly<Record<typeof road.location, Row>> = {
    full: { city: name, state, countryOrRegion: country, geoCoordinates: { latitude: at[0], longitude: at[1] } },
    'no-city': { city: '', state, countryOrRegion: country, geoCoordinates: {} },
    country: { countryOrRegion: country },
  };
  return { short: country, details: detail[road.location] };
}

function deviceOf({ seat: { client } }: SignIn, { road }: Tenant): Row {
  if (client.trust === '' && hash(client.key) % 100 < road.noDevice * 100) return {};
  const { deviceId, os, browser, trust } = client;
  const known = { deviceId, operatingSystem: os, browser };
  return trust === ''
    ? known
    : { ...known, isCompliant: trust !== 'Azure AD registered', isManaged: trust !== 'Azure AD registered', trustType: trust };
}

const cased = (upn: string, dice: Dice) => (dice.chance(0.25) ? upn.replace(/(^|[.@])([a-z])/g, (letters) => letters.toUpperCase()) : upn);

function addressOf({ seat: { point } }: SignIn, { road }: Tenant, dice: Dice): string {
  if (road.spellings) return respell(point.ip, dice);
  return !point.ip.includes(':') && dice.chance(road.ports) ? `${point.ip}:${dice.int(1024, 65_000)}` : point.ip;
}

function asnOf({ seat: { point } }: SignIn, { road }: Tenant): Row {
  const isKept = road.asn === 'kept' || (road.asn === 'v4-only' && !point.ip.includes(':'));
  return isKept ? { AutonomousSystemNumber: String(point.asn) } : {};
}

/** A sign-in as the tenant's road delivers it, by the columns of the workspace. */
export function signInRow(signIn: SignIn, tenant: Tenant, tenantId: string, dice: Dice): Row {
  const { at, id, person, seat, app, code, proof, interactive, risk } = signIn;
  const { road, start } = tenant;
  const upn = upnAt(person, at);
  const { short, details } = locationOf(signIn, tenant);
  const [words] = RESULTS[code]!;
  const isGuest = person.kind === 'guest';
  const json = (value: unknown) => (interactive && road.dynamics === 'object' ? value : JSON.stringify(value));
  const authentication = stepRows(signIn);
  const listed = road.steps === 'empty-on-failure' && code !== 0 ? [] : authentication;
  const week = Math.floor((at - Date.parse(start)) / (28 * DAY));
  const correlation = { kept: signIn.correlation, constant: redacted, 'hashed-per-row': dice.hex(32) }[road.correlation];
  return {
    CreatedDateTime: new Date(at).toISOString(),
    Id: id,
    CorrelationId: correlation,
    ...redactedColumn('OriginalRequestId', road.originalRequestId, signIn.original),
    ...redactedColumn('SessionId', road.sessionId, seat.session),
    OperationName: 'Sign-in activity',
    OperationVersion: '1.0',
    Category: interactive ? 'SignInLogs' : 'NonInteractiveUserSignInLogs',
    ResultType: String(code),
    ResultSignature: code === 0 ? 'SUCCESS' : 'FAILURE',
    ResultDescription: words,
    Status: json(
      code === 0
        ? { errorCode: 0 }
        : { errorCode: code, failureReason: words, additionalDetails: authentication.at(-1)!.authenticationStepResultDetail },
    ),
    UserId: person.id,
    UserPrincipalName: road.capitals ? cased(upn, dice) : upn,
    UserDisplayName: person.name,
    Identity: person.name,
    UserType: isGuest ? 'Guest' : 'Member',
    HomeTenantId: isGuest ? `${person.id.slice(0, 8)}-0000-4000-8000-000000000000` : tenantId,
    ResourceTenantId: tenantId,
    AADTenantId: tenantId,
    AppDisplayName: app,
    AppId: APPS[app],
    ResourceDisplayName: app === 'Azure Portal' ? 'Windows Azure Service Management API' : 'Microsoft Graph',
    ClientAppUsed: seat.client.app,
    IPAddress: addressOf(signIn, tenant, dice),
    ...asnOf(signIn, tenant),
    Location: short,
    LocationDetails: json(details),
    DeviceDetail: json(deviceOf(signIn, tenant)),
    UserAgent: seat.client.agent(141 + week),
    IsInteractive: interactive,
    AuthenticationRequirement: proof === 'password' && code === 0 ? 'singleFactorAuthentication' : 'multiFactorAuthentication',
    AuthenticationDetails: road.steps === 'array' ? listed : JSON.stringify(listed),
    MfaDetail: json(proof === 'both' ? { authMethod: SECOND[signIn.method] ?? '' } : {}),
    ConditionalAccessStatus: code === 53003 ? 'failure' : code === 0 ? 'success' : 'notApplied',
    ConditionalAccessPolicies: json([]),
    NetworkLocationDetails: '[]',
    RiskLevelDuringSignIn: tenant.risk ? risk : 'hidden',
    RiskLevelAggregated: tenant.risk ? risk : 'hidden',
    RiskState: risk === 'none' ? 'none' : 'atRisk',
    RiskDetail: 'none',
    IncomingTokenType: proof === 'claim' ? 'refreshToken' : 'none',
    TokenIssuerType: 'AzureAD',
    UniqueTokenIdentifier: road.sessionId === 'constant' ? redacted : id.replaceAll('-', '').slice(0, 22),
  };
}

const redactedColumn = (column: string, held: Tenant['road']['sessionId'], value: string): Row =>
  held === 'absent' ? {} : { [column]: held === 'constant' ? redacted : value };
