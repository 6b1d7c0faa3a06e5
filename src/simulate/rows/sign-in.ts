import type { Risk, SignInEvent } from '../events.ts';
import type { Attachment } from '../networks.ts';
import { RESULTS, type Step } from '../results.ts';
import { guidOf } from '../rng.ts';
import { timeText } from './time-text.ts';

export type Row = Record<string, unknown>;

function locationOf(from: Attachment): Row {
  const place = from.place;
  if (!place) return {};
  return {
    city: place.name,
    state: place.state,
    countryOrRegion: place.country,
    geoCoordinates: { latitude: place.lat, longitude: place.lon },
  };
}

function deviceOf(event: SignInEvent): Row {
  const { device, face } = event;
  const row: Row = { deviceId: device?.id ?? '', operatingSystem: face.os, browser: face.browser };
  if (device?.id) {
    row['displayName'] = device.name;
    row['trustType'] = device.trust;
    if (device.managed) {
      row['isCompliant'] = true;
      row['isManaged'] = true;
    }
  }
  return row;
}

function stepsText(steps: readonly Step[], at: string): string {
  return JSON.stringify(
    steps.map((step) => ({
      authenticationStepDateTime: at,
      ...(step.method === ''
        ? {}
        : { authenticationMethod: step.method, ...(step.detail === '' ? {} : { authenticationMethodDetail: step.detail }) }),
      succeeded: step.succeeded,
      authenticationStepResultDetail: step.result,
      authenticationStepRequirement: step.requirement,
    })),
  );
}

function statusOf(event: SignInEvent): Row {
  if (event.result !== '0') {
    const last = event.steps[event.steps.length - 1];
    return {
      errorCode: Number(event.result),
      failureReason: RESULTS[event.result],
      ...(last && !last.succeeded ? { additionalDetails: last.result } : {}),
    };
  }
  const claim = event.steps.find((step) => step.result === 'MFA requirement satisfied by claim in the token');
  return claim ? { errorCode: 0, additionalDetails: claim.result } : { errorCode: 0 };
}

/** Failures that count as an interrupt for Conditional Access: the policy is what asked. */
const ASKED_BY_POLICY = new Set(['50074', '50076', '50072', '50079', '500121', '53003', '50158', '50097']);

/** The policy that asks for a second factor; background sign-ins list none. */
function policiesOf(event: SignInEvent, interactive: boolean): Row[] {
  const policy = event.tenant.policies[0]!;
  if (!interactive || (!event.multi && !ASKED_BY_POLICY.has(event.result))) return [];
  const result = ASKED_BY_POLICY.has(event.result) ? 'failure' : 'success';
  return [{ id: policy.id, displayName: policy.name, enforcedGrantControls: ['Mfa'], enforcedSessionControls: [], result }];
}

function riskColumns(event: SignInEvent): Row {
  const { tenant, risk } = event;
  if (tenant.risk === 'hidden')
    return {
      RiskDetail: 'hidden',
      RiskEventTypes_V2: '[]',
      RiskLevelAggregated: 'hidden',
      RiskLevelDuringSignIn: 'hidden',
      RiskState: 'none',
    };
  const seen: Risk | undefined = tenant.risk === 'p2' ? risk : undefined;
  if (!seen)
    return { RiskDetail: 'none', RiskEventTypes_V2: '[]', RiskLevelAggregated: 'none', RiskLevelDuringSignIn: 'none', RiskState: 'none' };
  return {
    RiskDetail: 'none',
    RiskEventTypes_V2: `["${seen.type}"]`,
    RiskLevelAggregated: seen.level,
    RiskLevelDuringSignIn: seen.level,
    RiskState: 'atRisk',
  };
}

function mfaDetail(event: SignInEvent): Row {
  const second = event.steps.find(
    (step) => step.requirement === 'Multifactor authentication' && step.method !== 'Previously satisfied' && step.succeeded,
  );
  return second ? { authMethod: second.method, authDetail: second.detail } : {};
}

/** The id of a sign-in row, for rows that must refer to it. */
export function signInId(a: number, b: number): string {
  return guidOf(a, b);
}

/** Spells a sign-in out in Log Analytics' shape. In the non-interactive table the dynamic columns are strings that hold JSON. */
export function signInRow(event: SignInEvent): Row {
  const { tenant, user, app, from, a, b } = event;
  const interactive = event.table === 'SigninLogs';
  const id = guidOf(a, b);
  const at = timeText(event.at, a);
  const shape = interactive ? (value: Row | Row[]) => value : (value: Row | Row[]) => JSON.stringify(value);
  const silent = event.steps.every((step) => step.method === 'Previously satisfied');
  return {
    TimeGenerated: at,
    ...(interactive ? { CreatedDateTime: at } : {}),
    OperationName: 'Sign-in activity',
    Category: interactive ? 'SignInLogs' : 'NonInteractiveUserSignInLogs',
    ResultType: event.result,
    ResultSignature: event.result === '0' ? 'SUCCESS' : 'FAILURE',
    ResultDescription: RESULTS[event.result],
    CorrelationId: event.correlation,
    Id: id,
    OriginalRequestId: event.original === '' ? id : event.original,
    Identity: user.displayName,
    Location: from.place?.country ?? '',
    AppDisplayName: app.name,
    AppId: app.id,
    AuthenticationDetails: silent && !interactive ? '[]' : stepsText(event.steps, at),
    AuthenticationProtocol: event.protocol,
    AuthenticationRequirement: event.multi ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    AuthenticationRequirementPolicies: event.multi
      ? '[{"requirementProvider":"multiConditionalAccess","detail":"Conditional Access"}]'
      : '[]',
    AutonomousSystemNumber: String(from.network.asn),
    ClientAppUsed: app.client,
    ConditionalAccessStatus: ASKED_BY_POLICY.has(event.result) ? 'failure' : event.multi ? 'success' : 'notApplied',
    ConditionalAccessPolicies: shape(policiesOf(event, interactive)),
    CrossTenantAccessType: user.role === 'guest' ? 'b2bCollaboration' : 'none',
    DeviceDetail: shape(deviceOf(event)),
    IncomingTokenType: event.device?.trust && silent ? 'primaryRefreshToken' : interactive ? 'none' : 'refreshToken',
    IPAddress: from.ip,
    IsInteractive: interactive,
    LocationDetails: shape(locationOf(from)),
    MfaDetail: shape(mfaDetail(event)),
    NetworkLocationDetails: from.named ? JSON.stringify([{ networkType: 'namedNetwork', networkNames: [from.named] }]) : '[]',
    OriginalTransferMethod: event.protocol === 'deviceCode' ? 'deviceCodeFlow' : 'none',
    ResourceDisplayName: app.resource,
    ResourceIdentity: app.resourceId,
    ...riskColumns(event),
    SessionId: event.session,
    Status: shape(statusOf(event)),
    TokenIssuerType: 'AzureAD',
    UserAgent: event.face.userAgent,
    UserDisplayName: user.displayName,
    UserId: user.id,
    UserPrincipalName: event.upn,
    UserType: user.role === 'guest' ? 'Guest' : 'Member',
    AADTenantId: tenant.id,
    Type: event.table,
  };
}
