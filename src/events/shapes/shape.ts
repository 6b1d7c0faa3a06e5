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
  'signInEventTypes',
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

/**
 * The table of a sign-in of Microsoft Graph, by its `signInEventTypes`: one answer may hold several kinds, whatever its file is called. Those of managed
 * identities are not read in this form: there is no table of that name.
 */
export const TABLE_BY_SIGN_IN_TYPE: readonly (readonly [type: string, table: string])[] = [
  ['nonInteractiveUser', 'AADNonInteractiveUserSignInLogs'],
  ['servicePrincipal', 'AADServicePrincipalSignInLogs'],
  ['managedIdentity', 'managedIdentity'],
  ['interactiveUser', 'SigninLogs'],
];

/** The names that the Entra admin center gives its downloads, before the time in them. */
const DOWNLOADS: readonly (readonly [name: RegExp, table: string])[] = [
  [/^InteractiveSignIns(?:_|$)/i, 'SigninLogs'],
  [/^NonInteractiveSignIns(?:_|$)/i, 'AADNonInteractiveUserSignInLogs'],
  [/^AuditLogs_/i, 'AuditLogs'],
];

export function tableOfDownload(fileName: string): string | undefined {
  return DOWNLOADS.find(([name]) => name.test(fileName))?.[1];
}

export function tableOfCategory(category: string): string | undefined {
  return TABLE_BY_CATEGORY.get(category.toLowerCase());
}
