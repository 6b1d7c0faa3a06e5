import { APPS, type AppName } from './apps.ts';
import { clientOf, type Device, MODELS } from './devices.ts';
import type { Dice } from './dice.ts';
import { addressAt, type Link } from './links.ts';
import { iso } from './logbook.ts';
import { METHODS, type MethodName } from './methods.ts';
import { detailsOf, OUTCOMES, type OutcomeName } from './outcomes.ts';
import type { Person } from './people.ts';
import { dayOf, type World } from './world.ts';

export interface SignIn {
  /** Unix ms. */
  readonly at: number;
  readonly person: Person;
  readonly device: Device;
  readonly link: Link;
  readonly app: AppName;
  readonly outcome: OutcomeName;
  readonly session: string;
  readonly method?: MethodName;
  readonly silent?: boolean;
  readonly correlation?: string;
  readonly risk?: 'low' | 'medium' | 'high';
  /** ROPC and mail protocols: no browser, no second factor. */
  readonly legacy?: boolean;
}

/** Writes one sign-in and returns its address. */
export function signIn(world: World, dice: Dice, what: SignIn): string {
  const { at, person, device, link, session, silent = false, legacy = false } = what;
  const app = APPS[what.app];
  const outcome = OUTCOMES[what.outcome];
  const day = dayOf(world, at);
  const { address, city, named } = addressAt(link, at - world.start, dice);
  const client = clientOf(device, day, dice, app.isBrowser && !legacy);
  const id = dice.guid();
  const status = {
    errorCode: outcome.code,
    ...(outcome.code === 0 ? {} : { failureReason: outcome.words }),
    ...(outcome.additional === '' ? {} : { additionalDetails: outcome.additional }),
  };
  const hasPlace = !dice.chance(0.004);
  const place = hasPlace
    ? {
        ...(named ? { city: city.name, state: city.state } : {}),
        countryOrRegion: city.country,
        geoCoordinates: { latitude: city.latitude, longitude: city.longitude },
      }
    : {};
  const method = METHODS[what.method ?? person.method];
  const columns = silent ? JSON.stringify : (value: object) => value;
  const details = dice.chance(0.02) || (silent && outcome.code === 0 && dice.chance(0.7)) ? '[]' : detailsOf(outcome, at, method);
  const usesMethod = (outcome.steps as readonly string[]).some((step) => step === 'method' || step === 'declined' || step === 'unanswered');
  const risk = what.risk ?? 'none';
  world.book.add(silent ? 'AADNonInteractiveUserSignInLogs' : 'SigninLogs', at, {
    AADTenantId: world.tenantId,
    Category: silent ? 'NonInteractiveUserSignInLogs' : 'SignInLogs',
    CreatedDateTime: iso(at),
    Id: id,
    OriginalRequestId: id,
    CorrelationId: what.correlation ?? dice.guid(),
    UserId: person.id,
    UserPrincipalName: person.upn.toLowerCase(),
    UserDisplayName: person.name,
    UserType: person.role.guest === true ? 'Guest' : 'Member',
    CrossTenantAccessType: person.role.guest === true ? 'b2bCollaboration' : 'none',
    AppId: app.id,
    AppDisplayName: app.name,
    ResourceDisplayName: app.resource,
    ResultType: String(outcome.code),
    ResultSignature: outcome.code === 0 ? 'SUCCESS' : 'FAILURE',
    ResultDescription: outcome.words,
    Status: columns(status),
    IPAddress: address,
    Location: hasPlace ? city.country : '',
    LocationDetails: columns(place),
    AutonomousSystemNumber: dice.chance(0.006) ? '' : String(link.provider.asn),
    UserAgent: legacy ? 'BAV2ROPC' : client.agent,
    DeviceDetail: columns(legacy ? { deviceId: '', operatingSystem: '' } : client.detail),
    ClientAppUsed: legacy ? 'Authenticated SMTP' : app.isBrowser ? 'Browser' : 'Mobile Apps and Desktop clients',
    ...(legacy ? { AuthenticationProtocol: 'ropc' } : {}),
    AuthenticationRequirement: outcome.requires,
    AuthenticationDetails: details,
    ...(usesMethod && !silent
      ? { MfaDetail: { authMethod: method.step, ...(method.detail === '' ? {} : { authDetail: method.detail }) } }
      : {}),
    ConditionalAccessStatus: outcome.code === 53003 ? 'failure' : outcome.code === 0 ? 'success' : 'notApplied',
    IncomingTokenType: silent ? (MODELS[device.kind].trust === '' ? 'refreshToken' : 'primaryRefreshToken') : 'none',
    IsInteractive: !silent,
    SessionId: session,
    UniqueTokenIdentifier: dice.hex(22),
    TokenIssuerType: 'AzureAD',
    NetworkLocationDetails:
      link.provider.kind === 'business' && link.exits > 1 ? '[{"networkType":"trustedNamedLocation","networkNames":["Offices"]}]' : '[]',
    RiskLevelDuringSignIn: world.kind.risk ? risk : 'hidden',
    RiskLevelAggregated: world.kind.risk ? risk : 'hidden',
    RiskState: world.kind.risk && risk !== 'none' ? 'atRisk' : 'none',
    RiskEventTypes_V2: world.kind.risk && risk !== 'none' ? '["unfamiliarFeatures"]' : '[]',
  });
  return address;
}
