/** A text as a string literal of KQL. The wire has no parameters: this is the one place where a value becomes query text. */
export function kqlText(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

/** The current revision of every finding that was not taken back. */
const FINDINGS = `FactorFindings_CL
| summarize arg_max(FindingRevision, *) by EventUid
| where tostring(AdditionalFields.Withdrawn) !~ "true"`;

/** Every query that the page asks; the Query tab can show and change each. */
export const QUERIES = {
  findings: `${FINDINGS}
| project EventUid, FindingRevision, EventStartTime, EventEndTime, EventSeverity, ThreatRiskLevel, ThreatConfidence, AlertStatus, AlertVerdict, AlertName, RuleId, RuleName,
    UserId, Username, Users = array_length(AdditionalFields.Users) + coalesce(toint(AdditionalFields.UsersCut), 0), SrcIpAddr, SrcGeoCountry, SrcGeoCity, EventMessage
| top 1000 by EventStartTime desc`,
  runs: `FactorRuns_CL
| top 200 by TimeGenerated desc
| sort by TimeGenerated desc, iff(OperationName == "Pipeline run", 0, 1) asc, OperationName asc, ResourceName asc
| project TimeGenerated, OperationName, ResourceName, Status, Reason, Description, WindowStart, WindowEnd, RowsRead, RowsLate, FindingsCreated, FindingsUpdated, DurationMs, RunKind, RunId`,
  tables: `union withsource=Table isfuzzy=true SigninLogs, AADNonInteractiveUserSignInLogs, AuditLogs, AADUserRiskEvents, FactorFindings_CL, FactorRuns_CL
| summarize Rows = count(), Oldest = min(TimeGenerated), Newest = max(TimeGenerated) by Table
| order by Table asc`,
} as const;

/** The beginning of a finding's id, as the command line prints it and takes it. */
const SHORT_ID = /^[0-9a-f]{8,63}$/i;

/** One finding with everything about it; every one whose id begins so, where `uid` is the beginning of one. Anything but hex digits finds nothing. */
export function findingQuery(uid: string): string {
  return `FactorFindings_CL
| where EventUid ${SHORT_ID.test(uid) ? 'startswith' : '=='} ${kqlText(uid)}
| summarize arg_max(FindingRevision, *) by EventUid`;
}

/** What happened to a user, given as object id or user principal name. */
export function timelineQuery(user: string, days: number): string {
  return `let Newest = toscalar(union SigninLogs, AuditLogs | summarize max(TimeGenerated));
UserTimeline(${kqlText(user)}, Newest - ${days}d, Newest + 1m)
| top 2000 by TimeGenerated desc
| order by TimeGenerated asc`;
}
