import type { Risk, RowEvent } from '../events.ts';
import { HOUR_MS, type Tenant, type User } from '../model.ts';
import type { Attachment } from '../networks.ts';
import type { Rng } from '../rng.ts';
import { timeText } from './time-text.ts';

/** One AADUserRiskEvents row: what Identity Protection says of a sign-in, at once or hours later. */
export function riskEvent(
  tenant: Tenant,
  rng: Rng,
  user: User,
  at: number,
  from: Attachment,
  risk: Risk,
  request: { id: string; correlation: string },
): RowEvent {
  const offline = risk.type === 'unlikelyTravel' || risk.type === 'passwordSpray' || risk.type === 'anomalousToken';
  const detected = at + (offline ? rng.between(0.5, 9) * HOUR_MS : rng.between(20, 200) * 1000);
  const place = from.place;
  const row = {
    TimeGenerated: timeText(detected, rng.word()),
    Activity: 'signin',
    ActivityDateTime: timeText(at, rng.word()),
    AdditionalInfo: [{ Key: 'mitreTechniques', Value: 'T1078.004' }],
    CorrelationId: request.correlation,
    DetectedDateTime: timeText(detected, rng.word()),
    DetectionTimingType: offline ? 'offline' : 'realtime',
    Id: rng.text(64, '0123456789abcdef'),
    IpAddress: from.ip,
    LastUpdatedDateTime: timeText(detected, rng.word()),
    Location: place
      ? {
          city: place.name,
          state: place.state,
          countryOrRegion: place.country,
          geoCoordinates: { latitude: place.lat, longitude: place.lon },
        }
      : {},
    OperationName: 'User Risk Detection',
    RequestId: request.id,
    RiskDetail: 'none',
    RiskEventType: risk.type,
    RiskLevel: risk.level,
    RiskState: 'atRisk',
    Source: 'IdentityProtection',
    SourceSystem: 'Azure AD',
    TenantId: tenant.workspace,
    TokenIssuerType: 'AzureAD',
    Type: 'AADUserRiskEvents',
    UserDisplayName: user.displayName,
    UserId: user.id,
    UserPrincipalName: user.upn,
  };
  return { table: 'AADUserRiskEvents', at: detected, row };
}
