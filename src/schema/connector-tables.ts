import { type ColumnTypes, type TableSpec, tableOf } from './table-spec.ts';
import { AAD_MANAGED_IDENTITY_SIGN_IN_LOGS } from './tables/aad-managed-identity-sign-in-logs.ts';
import { AAD_PROVISIONING_LOGS } from './tables/aad-provisioning-logs.ts';
import { AAD_RISKY_SERVICE_PRINCIPALS } from './tables/aad-risky-service-principals.ts';
import { AAD_SERVICE_PRINCIPAL_RISK_EVENTS } from './tables/aad-service-principal-risk-events.ts';
import { ADFS_SIGN_IN_LOGS } from './tables/adfs-sign-in-logs.ts';
import { AZURE_ACTIVITY } from './tables/azure-activity.ts';
import { IDENTITY_DIRECTORY_EVENTS } from './tables/identity-directory-events.ts';
import { IDENTITY_LOGON_EVENTS } from './tables/identity-logon-events.ts';
import { IDENTITY_QUERY_EVENTS } from './tables/identity-query-events.ts';
import { SECURITY_EVENT } from './tables/security-event.ts';
import { SECURITY_INCIDENT } from './tables/security-incident.ts';
import { THREAT_INTEL_INDICATORS } from './tables/threat-intel-indicators.ts';
import { THREAT_INTELLIGENCE_INDICATOR } from './tables/threat-intelligence-indicator.ts';
import { USER_PEER_ANALYTICS } from './tables/user-peer-analytics.ts';

/**
 * Tables of other connectors that published detections read beside the identity logs. Nothing here writes or judges them. A query
 * that names one runs, as in a workspace whose connector is on and silent; stored they are only when somebody imports into them, so
 * that search and union * need not go through their 800 columns.
 */
const TYPES = {
  AADManagedIdentitySignInLogs: AAD_MANAGED_IDENTITY_SIGN_IN_LOGS,
  AADProvisioningLogs: AAD_PROVISIONING_LOGS,
  AADRiskyServicePrincipals: AAD_RISKY_SERVICE_PRINCIPALS,
  AADServicePrincipalRiskEvents: AAD_SERVICE_PRINCIPAL_RISK_EVENTS,
  ADFSSignInLogs: ADFS_SIGN_IN_LOGS,
  AzureActivity: AZURE_ACTIVITY,
  IdentityDirectoryEvents: IDENTITY_DIRECTORY_EVENTS,
  IdentityLogonEvents: IDENTITY_LOGON_EVENTS,
  IdentityQueryEvents: IDENTITY_QUERY_EVENTS,
  SecurityEvent: SECURITY_EVENT,
  SecurityIncident: SECURITY_INCIDENT,
  ThreatIntelIndicators: THREAT_INTEL_INDICATORS,
  ThreatIntelligenceIndicator: THREAT_INTELLIGENCE_INDICATOR,
  UserPeerAnalytics: USER_PEER_ANALYTICS,
} as const satisfies Readonly<Record<string, ColumnTypes>>;

export const CONNECTOR_TABLES: ReadonlyMap<string, TableSpec> = new Map(
  Object.entries(TYPES).map(([name, types]) => [name, tableOf(name, types)]),
);
