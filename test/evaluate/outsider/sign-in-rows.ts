import { type Client, versioned } from './clients.ts';
import type { Logbook, Row } from './logbook.ts';
import { OUTCOMES, type Outcome, type OutcomeName } from './outcomes.ts';
import type { Person } from './people.ts';
import type { Net } from './places.ts';

export interface App {
  readonly name: string;
  readonly id: string;
  readonly resource?: string;
}

const app = (name: string, id: string, resource?: string): App => ({ name, id, ...(resource === undefined ? {} : { resource }) });
export const APPS = {
  outlook: app('One Outlook Web', '9199bf20-a13f-4107-85dc-02114787ef48', 'Office 365 Exchange Online'),
  office: app('OfficeHome', '4765445b-32c6-49b0-83e6-1d93765276ca'),
  teams: app('Microsoft Teams', '1fec8e78-bce4-4aaf-ab1b-5451cc387264', 'Microsoft Teams Services'),
  mobile: app('Microsoft Office', 'd3590ed6-52b3-4102-aeff-aad2292ab01c', 'Microsoft Graph'),
  sharepoint: app('Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000'),
  myMethods: app('My Signins', '19db86c3-b2b9-44cc-b339-36da233a3be2', 'Microsoft Graph'),
  myProfile: app('My Profile', '8c59ead7-d703-4a27-9e55-c96a0054c8d2', 'Microsoft Graph'),
  broker: app('Microsoft Authentication Broker', '29d9ed98-a469-4536-ade2-f981bc1d605e', 'Device Registration Service'),
  azure: app('Azure Portal', 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c', 'Windows Azure Service Management API'),
  cli: app('Microsoft Azure CLI', '04b07795-8ddb-461a-bbee-02f9e1bf7b46', 'Windows Azure Service Management API'),
  moodle: app('Moodle', '7d6f0c55-2f5e-4a4d-9f3e-0d3f7f5c9a11'),
  timesheets: app('Timesheets', 'b2a0c4de-16b7-4c37-8a59-3f27f1a9e0c4'),
} as const;

export interface Visit {
  readonly person: Person;
  readonly net: Net;
  readonly address: string;
  readonly client: Client;
  readonly session: string;
  readonly risk?: 'low' | 'medium' | 'high';
}

export interface Said {
  readonly app: App;
  readonly outcome: OutcomeName;
  /** Second factor by the name that AuthenticationDetails use. */
  readonly factor?: string;
  readonly protocol?: 'deviceCode' | 'none';
  readonly correlation?: string;
  readonly background?: boolean;
}

/** One row of SigninLogs, or of the table for clients that act on their own. Returns its Id. */
export function signIn(book: Logbook, at: number, visit: Visit, said: Said): string {
  const { dice, writing } = book;
  const { person, net, client } = visit;
  const outcome: Outcome = OUTCOMES[said.outcome];
  const id = dice.guid();
  const failed = outcome.code !== 0;
  const factor = said.factor ?? person.usualFactor();
  const steps = outcome.steps.map(([method, succeeded, says, requirement], order) => ({
    authenticationStepDateTime: new Date(at + order * 4000).toISOString(),
    authenticationMethod: method === '$M' ? factor : method,
    authenticationMethodDetail:
      method === 'Password'
        ? 'Password Hash Sync'
        : method === '$M' && factor === 'Text message'
          ? `+XX XXXXXXXX${person.number.slice(-2)}`
          : '',
    succeeded,
    authenticationStepResultDetail: says,
    authenticationStepRequirement: requirement,
    StatusSequence: 0,
    RequestSequence: order,
  }));
  const nothing = outcome.code === 50126 || outcome.code === 50053 || (!failed && dice.chance(writing.noDetails));
  const placeless = dice.chance(writing.emptyLocation);
  const seen = net.seenAt();
  const { agent, browser } = versioned(client, book.day(at));
  const background = said.background ?? false;
  const risk = visit.risk === undefined ? 'none' : writing.riskHidden ? 'hidden' : visit.risk;
  const device: Row = { deviceId: client.id, operatingSystem: client.os, browser: background ? 'Rich Client 5.2.8.0' : browser };
  if (client.id !== '') Object.assign(device, { displayName: client.name, trustType: client.trust });
  if (client.managed) Object.assign(device, { isCompliant: true, isManaged: true });
  const row: Row = {
    OperationName: 'Sign-in activity',
    Category: background ? 'NonInteractiveUserSignInLogs' : 'SignInLogs',
    ResultType: String(outcome.code),
    ResultSignature: failed ? 'FAILURE' : 'SUCCESS',
    ResultDescription: outcome.words,
    Level: '4',
    CorrelationId: said.correlation ?? dice.guid(),
    Id: id,
    OriginalRequestId: id,
    Identity: person.name,
    Location: placeless ? '' : seen.country,
    LocationDetails: placeless
      ? {}
      : { city: seen.city, state: seen.state, countryOrRegion: seen.country, geoCoordinates: { latitude: seen.lat, longitude: seen.lon } },
    AppDisplayName: said.app.name,
    AppId: said.app.id,
    ResourceDisplayName: said.app.resource ?? said.app.name,
    AuthenticationDetails: nothing ? '[]' : JSON.stringify(steps),
    AuthenticationRequirement: outcome.multi ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
    AuthenticationProtocol: said.protocol ?? 'none',
    AutonomousSystemNumber: writing.asnAsNumber ? net.asn : String(net.asn),
    ClientAppUsed: client.kind === 'phone' && background ? 'Mobile Apps and Desktop clients' : 'Browser',
    ConditionalAccessStatus: outcome.code === 53003 ? 'failure' : outcome.multi ? 'success' : 'notApplied',
    CreatedDateTime: new Date(at).toISOString(),
    CrossTenantAccessType: person.guest ? 'b2bCollaboration' : 'none',
    DeviceDetail: device,
    IPAddress: visit.address,
    IsInteractive: !background,
    MfaDetail: {},
    NetworkLocationDetails:
      net.named === undefined ? '[]' : JSON.stringify([{ networkType: 'trustedNamedLocation', networkNames: [net.named] }]),
    RiskLevelDuringSignIn: risk,
    RiskLevelAggregated: risk,
    RiskState: risk === 'none' || risk === 'hidden' ? 'none' : 'atRisk',
    SessionId: visit.session,
    IncomingTokenType: client.managed && said.outcome === 'token' ? 'primaryRefreshToken' : 'none',
    Status: {
      errorCode: outcome.code,
      ...(failed ? { failureReason: outcome.words } : {}),
      ...(outcome.detail === undefined ? {} : { additionalDetails: outcome.detail }),
    },
    UserAgent: agent,
    UserDisplayName: person.name,
    UserId: person.id,
    UserPrincipalName: person.upn,
    UserType: person.guest ? 'Guest' : 'Member',
    AADTenantId: book.tenantId,
  };
  // What is dynamic for interactive sign-ins is text for the others.
  if (background) for (const name of ['DeviceDetail', 'LocationDetails', 'Status', 'MfaDetail']) row[name] = JSON.stringify(row[name]);
  book.write(
    background ? 'AADNonInteractiveUserSignInLogs' : 'SigninLogs',
    at,
    row,
    background ? [] : ['DeviceDetail', 'LocationDetails', 'Status'],
  );
  if (visit.risk !== undefined && !failed) riskEvent(book, at, visit, id);
  return id;
}

function riskEvent(book: Logbook, at: number, { person, address, risk }: Visit, request: string): void {
  const { dice } = book;
  const offline = dice.chance(0.4);
  book.write('AADUserRiskEvents', at + (offline ? dice.between(1, 20) * 3_600_000 : 60_000), {
    Id: dice.hex(64),
    ActivityDateTime: new Date(at).toISOString(),
    DetectedDateTime: new Date(at + 60_000).toISOString(),
    Activity: 'signin',
    CorrelationId: dice.guid(),
    DetectionTimingType: offline ? 'offline' : 'realtime',
    IpAddress: address,
    OperationName: 'User Risk Detection',
    RequestId: request,
    RiskEventType: dice.pick(['unfamiliarFeatures', 'anonymizedIPAddress', 'anomalousToken', 'unlikelyTravel']),
    RiskLevel: risk,
    RiskState: 'atRisk',
    RiskDetail: 'none',
    Source: 'IdentityProtection',
    UserId: person.id,
    UserPrincipalName: person.upn,
    UserDisplayName: person.name,
  });
}
