import type { Spot } from '../networks.ts';
import type { Person } from '../people.ts';
import { HOUR, MINUTE, stamp } from '../time.ts';
import type { World } from '../world.ts';

export interface RiskFacts {
  readonly at: number;
  readonly person: Person;
  readonly type: string;
  readonly level: 'low' | 'medium' | 'high';
  readonly realtime: boolean;
  readonly spot: Spot;
  readonly request: string;
  readonly correlation: string;
}

/** A row of AADUserRiskEvents, where the tenant pays for it. Offline detections come hours after the sign-in. */
export function riskRow(world: World, facts: RiskFacts): void {
  if (!world.traits.p2) return;
  const detected = facts.at + (facts.realtime ? world.random.whole(5, 60) * 1000 : world.random.between(0.5, 8) * HOUR);
  if (detected + 10 * MINUTE >= world.endMs) return;
  world.emit('AADUserRiskEvents', {
    TimeGenerated: stamp(detected + world.random.whole(1, 5) * MINUTE),
    ActivityDateTime: stamp(facts.at),
    DetectedDateTime: stamp(detected),
    LastUpdatedDateTime: stamp(detected),
    TenantId: world.workspaceId,
    SourceSystem: 'Azure AD',
    OperationName: 'User Risk Detection',
    Activity: 'signin',
    Id: world.random.hex(64),
    RequestId: facts.request,
    CorrelationId: facts.correlation,
    RiskEventType: facts.type,
    RiskLevel: facts.level,
    RiskState: 'atRisk',
    RiskDetail: 'none',
    DetectionTimingType: facts.realtime ? 'realtime' : 'offline',
    Source: 'IdentityProtection',
    TokenIssuerType: 'AzureAD',
    IpAddress: facts.spot.ip,
    Location: {
      city: facts.spot.place.city,
      state: facts.spot.place.state,
      countryOrRegion: facts.spot.place.country,
      geoCoordinates: { latitude: facts.spot.place.lat, longitude: facts.spot.place.lon },
    },
    UserId: facts.person.id,
    UserPrincipalName: facts.person.upn,
    UserDisplayName: facts.person.name,
    Type: 'AADUserRiskEvents',
  });
}
