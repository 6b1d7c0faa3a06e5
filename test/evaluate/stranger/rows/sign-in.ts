import type { App } from '../apps.ts';
import { type Device, deviceDetail, userAgent } from '../devices.ts';
import type { Spot } from '../networks.ts';
import type { Person } from '../people.ts';
import { stamp } from '../time.ts';
import type { Row, World } from '../world.ts';

export interface Step {
  readonly method: string;
  readonly succeeded: boolean;
  readonly detail: string;
  readonly requirement: 'Primary authentication' | 'Multifactor authentication';
}

/** One row of a sign-in. */
export interface SignInFacts {
  readonly at: number;
  readonly person: Person;
  readonly app: App;
  readonly spot: Spot;
  readonly device: Device;
  /** Where the client says nothing else. */
  readonly agent?: string;
  readonly result: number;
  readonly additional?: string;
  readonly mfa: boolean;
  readonly steps: readonly Step[];
  readonly session: string;
  readonly correlation: string;
  readonly risk?: 'low' | 'medium' | 'high';
  readonly riskEvents?: readonly string[];
  readonly protocol?: string;
  readonly transfer?: string;
  readonly id?: string;
  readonly original?: string;
}

const TEXTS: Readonly<Record<number, string>> = {
  0: '',
  50053: "The account is locked, you've tried to sign in too many times with an incorrect user ID or password.",
  50055: 'The password is expired.',
  50057: 'The user account is disabled.',
  50072:
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource.',
  50074: 'Strong Authentication is required.',
  50076:
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.',
  50079:
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access the resource.',
  50126: 'Error validating credentials due to invalid username or password.',
  50133: 'The session is not valid due to password expiration or recent password change.',
  50140: "This occurred due to 'Keep me signed in' interrupt when the user was signing in.",
  50173: 'The provided grant has expired due to it being revoked, a fresh auth token is needed.',
  50199: 'For security reasons, user confirmation is required for this request. Please repeat the request allowing user interaction.',
  53003: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  500121: 'Authentication failed during strong authentication request.',
  70043: 'The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.',
  700082: 'The refresh token has expired due to inactivity.',
};

function common(world: World, facts: SignInFacts, id: string): Row {
  const { person, app, spot, device, at, result } = facts;
  const { traits, random } = world;
  const details = {
    city: spot.place.city,
    state: spot.place.state,
    countryOrRegion: spot.place.country,
    geoCoordinates: { latitude: spot.place.lat, longitude: spot.place.lon },
  };
  const networks = spot.named === undefined ? [] : [{ networkType: 'trustedNamedLocation', networkNames: [spot.named] }];
  const risk = facts.risk ?? 'none';
  const status: Row = { errorCode: result };
  if (result !== 0) status['failureReason'] = TEXTS[result] ?? 'Other';
  if (facts.additional !== undefined) status['additionalDetails'] = facts.additional;
  // For wrong passwords and locked accounts the steps have been empty since November 2025.
  const steps =
    result === 50126 || result === 50053
      ? []
      : facts.steps.map((step) => ({
          authenticationStepDateTime: stamp(at),
          authenticationMethod: step.method,
          succeeded: step.succeeded,
          authenticationStepResultDetail: step.detail,
          authenticationStepRequirement: step.requirement,
        }));
  return {
    TimeGenerated: stamp(at),
    CreatedDateTime: stamp(at - random.whole(0, 900)),
    TenantId: world.workspaceId,
    AADTenantId: world.tenantId,
    SourceSystem: 'Azure AD',
    OperationName: 'Sign-in activity',
    Category: 'SignInLogs',
    Id: id,
    OriginalRequestId: facts.original ?? id,
    CorrelationId: facts.correlation,
    UserId: person.id,
    UserPrincipalName: person.upn,
    UserDisplayName: person.name,
    Identity: person.name,
    UserType: person.kind === 'guest' ? 'Guest' : 'Member',
    HomeTenantId: person.homeTenant === '' ? world.tenantId : person.homeTenant,
    CrossTenantAccessType: person.kind === 'guest' ? 'b2bCollaboration' : 'none',
    AppId: app.id,
    AppDisplayName: app.name,
    ResourceDisplayName: app.resource,
    ResourceIdentity: app.resourceId,
    ClientAppUsed: app.client,
    AuthenticationProtocol: facts.protocol ?? 'none',
    OriginalTransferMethod: facts.transfer ?? 'none',
    ResultType: String(result),
    ResultDescription: TEXTS[result] ?? 'Other',
    Status: status,
    IPAddress: spot.ip,
    AutonomousSystemNumber: random.chance(traits.asnMissing) ? '' : String(spot.asn),
    Location: spot.place.country,
    LocationDetails: details,
    DeviceDetail: deviceDetail(device, at),
    UserAgent: facts.agent ?? userAgent(device, at),
    AuthenticationRequirement: facts.mfa ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    AuthenticationDetails: JSON.stringify(person.kind === 'guest' ? [] : steps),
    ConditionalAccessStatus: result === 53003 ? 'failure' : facts.mfa ? 'success' : 'notApplied',
    NetworkLocationDetails: JSON.stringify(networks),
    RiskLevelDuringSignIn: traits.p2 ? risk : 'hidden',
    RiskLevelAggregated: traits.p2 ? risk : 'hidden',
    RiskState: risk === 'none' || !traits.p2 ? 'none' : 'atRisk',
    RiskDetail: traits.p2 ? 'none' : 'hidden',
    RiskEventTypes_V2: JSON.stringify(traits.p2 ? (facts.riskEvents ?? []) : []),
    SessionId: facts.session,
    UniqueTokenIdentifier: random.hex(22),
  };
}

/** A row of SigninLogs; returns its Id. */
export function signInRow(world: World, facts: SignInFacts): string {
  const id = facts.id ?? world.random.guid();
  world.emit('SigninLogs', { ...common(world, facts, id), IsInteractive: true, Type: 'SigninLogs' });
  return id;
}

/** A row of AADNonInteractiveUserSignInLogs, where what is dynamic elsewhere is a string holding JSON. */
export function refreshRow(world: World, facts: SignInFacts): string {
  const id = facts.id ?? world.random.guid();
  const row = common(world, facts, id);
  for (const name of ['Status', 'LocationDetails', 'DeviceDetail']) row[name] = JSON.stringify(row[name]);
  world.emit('AADNonInteractiveUserSignInLogs', {
    ...row,
    Category: 'NonInteractiveUserSignInLogs',
    IncomingTokenType: 'refreshToken',
    IsInteractive: false,
    Type: 'AADNonInteractiveUserSignInLogs',
  });
  return id;
}
