import { type ColumnTypes, type TableSpec, tableOf } from './table-spec.ts';
import { AAD_NON_INTERACTIVE_USER_SIGN_IN_LOGS } from './tables/aad-non-interactive-user-sign-in-logs.ts';
import { AAD_RISKY_USERS } from './tables/aad-risky-users.ts';
import { AAD_SERVICE_PRINCIPAL_SIGN_IN_LOGS } from './tables/aad-service-principal-sign-in-logs.ts';
import { AAD_USER_RISK_EVENTS } from './tables/aad-user-risk-events.ts';
import { AUDIT_LOGS } from './tables/audit-logs.ts';
import { BEHAVIOR_ANALYTICS } from './tables/behavior-analytics.ts';
import { CLOUD_APP_EVENTS } from './tables/cloud-app-events.ts';
import { IDENTITY_INFO } from './tables/identity-info.ts';
import { MICROSOFT_GRAPH_ACTIVITY_LOGS } from './tables/microsoft-graph-activity-logs.ts';
import { OFFICE_ACTIVITY } from './tables/office-activity.ts';
import { SECURITY_ALERT } from './tables/security-alert.ts';
import { SIGNIN_LOGS } from './tables/signin-logs.ts';

/** The tables of Log Analytics that are known from the start, with the types their documentation gives. */
const TYPES = {
  SigninLogs: SIGNIN_LOGS,
  AADNonInteractiveUserSignInLogs: AAD_NON_INTERACTIVE_USER_SIGN_IN_LOGS,
  AuditLogs: AUDIT_LOGS,
  AADUserRiskEvents: AAD_USER_RISK_EVENTS,
  AADRiskyUsers: AAD_RISKY_USERS,
  IdentityInfo: IDENTITY_INFO,
  BehaviorAnalytics: BEHAVIOR_ANALYTICS,
  AADServicePrincipalSignInLogs: AAD_SERVICE_PRINCIPAL_SIGN_IN_LOGS,
  SecurityAlert: SECURITY_ALERT,
  OfficeActivity: OFFICE_ACTIVITY,
  CloudAppEvents: CLOUD_APP_EVENTS,
  MicrosoftGraphActivityLogs: MICROSOFT_GRAPH_ACTIVITY_LOGS,
} as const satisfies Readonly<Record<string, ColumnTypes>>;

export const LOG_ANALYTICS_TABLES: ReadonlyMap<string, TableSpec> = new Map(
  Object.entries(TYPES).map(([name, types]) => [name, tableOf(name, types)]),
);
