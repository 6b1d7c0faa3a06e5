import type { SignIn } from './book.ts';
import { DAY } from './clock.ts';
import { diceOf, hash } from './dice.ts';
import { type Person, upnAt, within } from './people.ts';
import type { Row } from './sign-in-rows.ts';
import { DAYS, type Tenant } from './tenants.ts';

/** The directory's view of a person, on a day of the span. */
export function accountRow(person: Person, day: number, { start, road }: Tenant): Row {
  const at = Date.parse(start) + day * DAY;
  const hired =
    person.employed.from > 0 ? Date.parse(start) + person.employed.from * DAY : Date.parse(start) - (90 + (hash(person.id) % 2500)) * DAY;
  const roles = person.admin ? ['Authentication Administrator', 'Helpdesk Administrator'] : [];
  return {
    TimeGenerated: new Date(at).toISOString(),
    AccountObjectId: person.id,
    AccountUPN: upnAt(person, at),
    AccountDisplayName: person.name,
    AccountCreationTime: new Date(hired).toISOString(),
    AssignedRoles: road.dynamics === 'text' ? JSON.stringify(roles) : roles,
    IsAccountEnabled: within(person.employed, day),
    UserType: person.kind === 'guest' ? 'Guest' : 'Member',
    City: person.city.name,
    Country: person.city.country,
    IsServiceAccount: person.kind === 'service',
    SourceSystem: 'AzureActiveDirectory',
  };
}

/** Days on which the directory was copied; whoever has not come yet is not in it. */
export const COPIES = [0, 14, DAYS - 1] as const;
export const isListed = (person: Person, day: number) => person.employed.from <= day;

/** What Identity Protection makes of a sign-in with a risk, some minutes later. */
export function riskRow({ at, id, correlation, person, seat, risk }: SignIn): Row {
  const dice = diceOf(`risk/${id}`);
  const seen = new Date(at + dice.int(2, 50) * 60_000).toISOString();
  return {
    TimeGenerated: seen,
    ActivityDateTime: new Date(at).toISOString(),
    DetectedDateTime: seen,
    LastUpdatedDateTime: seen,
    Id: dice.hex(64),
    RequestId: id,
    CorrelationId: correlation,
    UserId: person.id,
    UserPrincipalName: upnAt(person, at),
    UserDisplayName: person.name,
    IpAddress: seat.point.ip,
    Location: { city: '', state: seat.point.city.state, countryOrRegion: seat.point.city.country },
    RiskEventType: dice.pick(['unfamiliarFeatures', 'anonymizedIPAddress', 'unlikelyTravel']),
    RiskLevel: risk,
    RiskState: 'atRisk',
    RiskDetail: 'none',
    Activity: 'signin',
    DetectionTimingType: 'realtime',
    Source: 'IdentityProtection',
    TokenIssuerType: 'AzureAD',
  };
}
