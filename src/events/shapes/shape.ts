/**
 * The three ways in which the same log row is written: a raw diagnostic record (Event Hub, storage account), a flat row of
 * Log Analytics, an object of Microsoft Graph.
 */
export type Shape = 'diagnostic' | 'flat' | 'graph';

/** Keys by which a record's shape and table are told. */
export const PROBE_KEYS = [
  'time',
  'category',
  'properties',
  'Type',
  'TimeGenerated',
  'createdDateTime',
  'activityDateTime',
  'detectedDateTime',
  'riskLastUpdatedDateTime',
] as const;

/** The table of a diagnostic record, by its category in lower case. AuditLogs rows have another `Category` of their own, which says nothing. */
const TABLE_BY_CATEGORY: ReadonlyMap<string, string> = new Map([
  ['signinlogs', 'SigninLogs'],
  ['noninteractiveusersigninlogs', 'AADNonInteractiveUserSignInLogs'],
  ['aadnoninteractiveusersigninlogs', 'AADNonInteractiveUserSignInLogs'],
  ['serviceprincipalsigninlogs', 'AADServicePrincipalSignInLogs'],
  ['aadserviceprincipalsigninlogs', 'AADServicePrincipalSignInLogs'],
  ['auditlogs', 'AuditLogs'],
  ['userriskevents', 'AADUserRiskEvents'],
  ['aaduserriskevents', 'AADUserRiskEvents'],
  ['riskyusers', 'AADRiskyUsers'],
  ['aadriskyusers', 'AADRiskyUsers'],
  ['microsoftgraphactivitylogs', 'MicrosoftGraphActivityLogs'],
]);

export function tableOfCategory(category: string): string | undefined {
  return TABLE_BY_CATEGORY.get(category.toLowerCase());
}
