import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsedStrings } from '../../core/json-strings.ts';
import { datetimeParameter } from '../../core/kql-types.ts';
import type { Ticks } from '../../core/ticks.ts';
import { type NamedRow, queryRows } from '../../pipeline/query-rows.ts';
import { timeText } from '../../pipeline/time-text.ts';
import type { Gap } from '../../posture/gap.ts';
import type { Account, GapRow } from '../../posture/report.ts';
import type { Workspace } from '../../workspace/workspace.ts';

export interface Period {
  readonly from: Ticks;
  readonly until: Ticks;
}

export interface AskOptions {
  readonly workspace: Workspace;
  /** Folder of the gaps' queries. */
  readonly queries: string;
  readonly period: Period;
  readonly signal: AbortSignal;
}

/** As many users as a query may answer. An answer that is cut is an error. */
const MOST_ROWS = 500_000;

/** The users who have a gap, a row each. */
export async function askGap(gap: Gap, options: AskOptions): Promise<readonly GapRow[]> {
  return (await ask(gap.id, options)).flatMap((row) => {
    const userId = row.text('UserId');
    if (userId === '') return [];
    return [
      {
        userId,
        username: row.text('Username'),
        times: Number(row.cell('Times') ?? 0),
        first: time(row, 'First'),
        last: time(row, 'Last'),
        detail: row.text('Detail'),
      },
    ];
  });
}

/** What the directory says of its accounts, by object id in small letters. */
export async function askAccounts(options: AskOptions): Promise<ReadonlyMap<string, Account>> {
  const rows = await ask('accounts', options);
  return new Map(
    rows.map((row) => [
      row.text('UserId'),
      {
        username: row.text('Username'),
        roles: parsedStrings(row.text('Roles')),
        enabled: row.bool('Enabled') !== false,
        guest: row.bool('Guest') === true,
      },
    ]),
  );
}

/** Which of these tables hold rows of the period: one that is empty tells as little as one that is not there. The names are our own. */
export async function tablesWithRows(names: readonly string[], { workspace, period, signal }: AskOptions): Promise<ReadonlySet<string>> {
  const there = await workspace.tables(names);
  const asked = names.filter((name) => there.has(name));
  if (asked.length === 0) return new Set();
  // A report or a snapshot is of the day it was loaded, which for imported logs is later than their end.
  const each = asked.map((name) => `(${name} | where TimeGenerated >= From - 21d | take 1 | project Table = "${name}")`);
  const rows = await queryRows(workspace, {
    kql: `declare query_parameters(From:datetime);\nunion ${each.join(', ')}`,
    parameters: { From: datetimeParameter(period.from) },
    signal,
  });
  return new Set(rows.map((row) => row.text('Table')));
}

/** The newest event of a sign-in or a change in the workspace; undefined where there is none. */
export async function newestEvent(workspace: Workspace, signal: AbortSignal): Promise<Ticks | undefined> {
  const rows = await queryRows(workspace, {
    kql: 'union isfuzzy=true (SigninLogs | project TimeGenerated), (AuditLogs | project TimeGenerated) | summarize Newest = max(TimeGenerated)',
    signal,
  });
  return (rows[0]?.cell('Newest') as Ticks | null | undefined) ?? undefined;
}

/** Whether a sign-in, the directory or the report names this user in the period, by name or object id. */
export async function isNamed(user: string, { workspace, period, signal }: AskOptions): Promise<boolean> {
  const rows = await queryRows(workspace, {
    kql: `declare query_parameters(User:string, From:datetime, Until:datetime);
union isfuzzy=true
  (SigninLogs | where UserId =~ User or UserPrincipalName =~ User | project TimeGenerated),
  (AADNonInteractiveUserSignInLogs | where UserId =~ User or UserPrincipalName =~ User | project TimeGenerated),
  (IdentityInfo | where AccountObjectId =~ User or AccountUPN =~ User | project TimeGenerated),
  (UserRegistrationDetails_CL
  | where column_ifexists("id", "") =~ User or column_ifexists("userPrincipalName", "") =~ User
  | project TimeGenerated)
| where TimeGenerated between (From - 21d .. Until)
| take 1`,
    parameters: { User: { type: 'string', value: user }, From: datetimeParameter(period.from), Until: datetimeParameter(period.until) },
    signal,
  });
  return rows.length > 0;
}

function ask(name: string, { workspace, queries, period, signal }: AskOptions): Promise<readonly NamedRow[]> {
  return queryRows(workspace, {
    kql: readFileSync(join(queries, `${name}.kql`), 'utf8'),
    file: `queries/posture/${name}.kql`,
    parameters: { From: datetimeParameter(period.from), Until: datetimeParameter(period.until) },
    maxRows: MOST_ROWS,
    signal,
  });
}

function time(row: NamedRow, name: string): string | null {
  const value = row.cell(name);
  return typeof value === 'bigint' ? timeText(value) : null;
}
