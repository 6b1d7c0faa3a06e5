import type { EvidenceEvent, SourceTable } from '../scoring/judgement.ts';
import { kqlDatetime, kqlString } from './kql-literal.ts';

/** Ids named in one query, and their characters as literals: more would be longer than an analyst can read. */
const MOST_IDS = 60;
const MOST_CHARACTERS = 10_000;

/** The columns shown of each table, under common names, so that the rows line up. */
const COLUMNS = {
  SigninLogs:
    'Event = strcat("Sign-in to ", AppDisplayName), Result = ResultType, Detail = ResultDescription, SrcIpAddr = IPAddress, Country = Location, Device = tostring(DeviceDetail.displayName)',
  AADNonInteractiveUserSignInLogs:
    'Event = strcat("Token for ", AppDisplayName), Result = ResultType, Detail = ResultDescription, SrcIpAddr = IPAddress, Country = Location, Device = tostring(parse_json(DeviceDetail).displayName)',
  AuditLogs:
    'Event = OperationName, Result, Detail = ResultReason, SrcIpAddr = tostring(InitiatedBy.user.ipAddress), Country = "", Device = ""',
  AADUserRiskEvents: 'Event = RiskEventType, Result = RiskLevel, Detail = RiskDetail, SrcIpAddr = IpAddress, Country = "", Device = ""',
} as const satisfies Record<SourceTable, string>;

/** KQL that shows the raw rows behind a finding in Log Analytics or the embedded workspace; '' where there are none. */
export function rawRowsQuery(events: readonly EvidenceEvent[]): string {
  let characters = 0;
  const shown = events.slice(0, MOST_IDS).filter(({ id }) => {
    characters += kqlString(id).length;
    return characters <= MOST_CHARACTERS;
  });
  const legs = (Object.keys(COLUMNS) as SourceTable[]).flatMap((table) => {
    const rows = shown.filter((event) => event.table === table);
    if (rows.length === 0) return [];
    const times = rows.map((event) => event.timeMs);
    // TimeGenerated of a risk detection is when it was logged, which may be days after the activity.
    const after = table === 'AADUserRiskEvents' ? 7 * 86_400_000 : 3_600_000;
    const ids = [...new Set(rows.map((event) => event.id))].sort();
    return `(${table}
    | where TimeGenerated between (${kqlDatetime(Math.min(...times) - 3_600_000)} .. ${kqlDatetime(Math.max(...times) + after)})
    | where Id in (${ids.map(kqlString).join(', ')})
    | project TimeGenerated, Source = "${table}", ${COLUMNS[table]}, CorrelationId, Id)`;
  });
  if (legs.length === 0) return '';
  return `union\n${legs.join(',\n')}\n| sort by TimeGenerated asc, Id asc`;
}
