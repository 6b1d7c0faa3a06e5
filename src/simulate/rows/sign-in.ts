import type { ClientFace } from '../clients.ts';
import type { SignInEvent } from '../events.ts';
import type { City } from '../geo.ts';
import type { Device } from '../model.ts';
import { RESULTS, type Step } from '../results.ts';
import { guidOf } from '../rng.ts';
import { timeText } from './time-text.ts';

export type Row = Record<string, unknown>;

/** A dynamic value as SigninLogs has it, and as the text that the non-interactive table has instead. Shared between rows: never changed. */
interface Shape {
  readonly value: unknown;
  readonly text: string;
}

function shape(value: unknown): Shape {
  return { value, text: JSON.stringify(value) };
}

const NOTHING = shape({});
// Keys are few and never user data: cities, and the steps that results.ts hands out.
const places = new Map<City, Shape>();
const stepTails = new Map<Step, string>();

function locationOf(place: City | undefined): Shape {
  if (!place) return NOTHING;
  let found = places.get(place);
  if (!found) {
    found = shape({
      city: place.name,
      state: place.state,
      countryOrRegion: place.country,
      geoCoordinates: { latitude: place.lat, longitude: place.lon },
    });
    places.set(place, found);
  }
  return found;
}

function deviceOf(face: ClientFace, device: Device | undefined): Row {
  if (!device?.id) return { deviceId: '', operatingSystem: face.os, browser: face.browser };
  const { id: deviceId, name: displayName, trust: trustType } = device;
  if (!device.managed) return { deviceId, operatingSystem: face.os, browser: face.browser, displayName, trustType };
  return { deviceId, operatingSystem: face.os, browser: face.browser, displayName, trustType, isCompliant: true, isManaged: true };
}

function stepTail(step: Step): string {
  let tail = stepTails.get(step);
  if (tail === undefined) {
    const method =
      step.method === ''
        ? {}
        : { authenticationMethod: step.method, ...(step.detail === '' ? {} : { authenticationMethodDetail: step.detail }) };
    const rest = {
      ...method,
      succeeded: step.succeeded,
      authenticationStepResultDetail: step.result,
      authenticationStepRequirement: step.requirement,
    };
    tail = `",${JSON.stringify(rest).slice(1)}`;
    stepTails.set(step, tail);
  }
  return tail;
}

function stepsText(steps: readonly Step[], at: string): string {
  let out = '[';
  for (const step of steps) out += `${out === '[' ? '' : ','}{"authenticationStepDateTime":"${at}${stepTail(step)}`;
  return `${out}]`;
}

const CLAIM = 'MFA requirement satisfied by claim in the token';
const SUCCEEDED = shape({ errorCode: 0 });
const SUCCEEDED_BY_CLAIM = shape({ errorCode: 0, additionalDetails: CLAIM });

function statusOf(event: SignInEvent): Shape {
  if (event.result === '0') return event.steps.some((step) => step.result === CLAIM) ? SUCCEEDED_BY_CLAIM : SUCCEEDED;
  const last = event.steps[event.steps.length - 1];
  return shape({
    errorCode: Number(event.result),
    failureReason: RESULTS[event.result],
    ...(last && !last.succeeded ? { additionalDetails: last.result } : {}),
  });
}

/** Failures that count as an interrupt for Conditional Access: the policy is what asked. */
const ASKED_BY_POLICY: ReadonlySet<string> = new Set(['50074', '50076', '50072', '50079', '500121', '53003', '50158', '50097']);

/** The policy that asks for a second factor; background sign-ins list none. */
function policiesOf(event: SignInEvent): readonly Row[] {
  const asked = ASKED_BY_POLICY.has(event.result);
  if (!event.multi && !asked) return [];
  const policy = event.tenant.policies[0]!;
  const row = {
    id: policy.id,
    displayName: policy.name,
    enforcedGrantControls: ['Mfa'],
    enforcedSessionControls: [],
    result: asked ? 'failure' : 'success',
  };
  return [row];
}

function mfaDetail(event: SignInEvent): Shape {
  const second = event.steps.find(
    (step) => step.requirement === 'Multifactor authentication' && step.method !== 'Previously satisfied' && step.succeeded,
  );
  return second ? shape({ authMethod: second.method, authDetail: second.detail }) : NOTHING;
}

/**
 * Spells a sign-in out in Log Analytics' shape. In the non-interactive table the dynamic columns are strings that hold JSON.
 * One literal with all columns: objects built by spreading took twice the time to make and to print.
 */
export function signInRow(event: SignInEvent, ingested: number): Row {
  const { tenant, user, app, from, a, b } = event;
  const interactive = event.table === 'SigninLogs';
  const dynamic = (value: Shape): unknown => (interactive ? value.value : value.text);
  const id = guidOf(a, b);
  const at = timeText(event.at, a);
  const device = deviceOf(event.face, event.device);
  const silent = event.steps.every((step) => step.method === 'Previously satisfied');
  const hidden = tenant.risk === 'hidden';
  const risk = tenant.risk === 'p2' ? event.risk : undefined;
  const level = hidden ? 'hidden' : (risk?.level ?? 'none');
  const asked = ASKED_BY_POLICY.has(event.result);
  return {
    TimeGenerated: at,
    CreatedDateTime: at,
    OperationName: 'Sign-in activity',
    Category: interactive ? 'SignInLogs' : 'NonInteractiveUserSignInLogs',
    ResultType: event.result,
    ResultSignature: event.result === '0' ? 'SUCCESS' : 'FAILURE',
    ResultDescription: RESULTS[event.result],
    CorrelationId: guidOf(event.correlationA, event.correlationB),
    Id: id,
    OriginalRequestId: event.originalA === a ? id : guidOf(event.originalA, event.originalB),
    Identity: user.displayName,
    Location: from.place?.country ?? '',
    AppDisplayName: app.name,
    AppId: app.id,
    AuthenticationDetails: silent && !interactive ? '[]' : stepsText(event.steps, at),
    AuthenticationProtocol: event.protocol,
    AuthenticationRequirement: event.multi ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    AuthenticationRequirementPolicies:
      event.multi && interactive ? '[{"requirementProvider":"multiConditionalAccess","detail":"Conditional Access"}]' : '[]',
    AutonomousSystemNumber: String(from.network.asn),
    ClientAppUsed: app.client,
    ConditionalAccessStatus: asked ? 'failure' : event.multi ? 'success' : 'notApplied',
    ConditionalAccessPolicies: interactive ? policiesOf(event) : '[]',
    CrossTenantAccessType: user.role === 'guest' ? 'b2bCollaboration' : 'none',
    DeviceDetail: interactive ? device : JSON.stringify(device),
    IncomingTokenType: event.device?.trust && silent ? 'primaryRefreshToken' : interactive ? 'none' : 'refreshToken',
    IPAddress: from.ip,
    IsInteractive: interactive,
    LocationDetails: dynamic(locationOf(from.place)),
    MfaDetail: dynamic(mfaDetail(event)),
    NetworkLocationDetails: from.named ? `[{"networkType":"namedNetwork","networkNames":[${JSON.stringify(from.named)}]}]` : '[]',
    OriginalTransferMethod: event.protocol === 'deviceCode' ? 'deviceCodeFlow' : 'none',
    ResourceDisplayName: app.resource,
    ResourceIdentity: app.resourceId,
    RiskDetail: hidden ? 'hidden' : 'none',
    RiskEventTypes_V2: risk ? `["${risk.type}"]` : '[]',
    RiskLevelAggregated: level,
    RiskLevelDuringSignIn: level,
    RiskState: risk ? 'atRisk' : 'none',
    SessionId: event.session,
    Status: dynamic(statusOf(event)),
    TokenIssuerType: 'AzureAD',
    UserAgent: event.face.userAgent,
    UserDisplayName: user.displayName,
    UserId: user.id,
    UserPrincipalName: event.upn,
    UserType: user.role === 'guest' ? 'Guest' : 'Member',
    AADTenantId: tenant.id,
    Type: event.table,
    _IngestionTime: timeText(ingested),
  };
}
