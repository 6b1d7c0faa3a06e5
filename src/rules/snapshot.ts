import { datetimeText, TICKS_PER_HOUR, type Ticks } from '../core/ticks.ts';
import { FACTOR_RULES, type RuleRow } from '../schema/factor-rules.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** The promoter rules look back one day: a snapshot is renewed well before that. */
const RENEW_AFTER = 12n * TICKS_PER_HOUR;

const NEWEST = `${FACTOR_RULES.name}
| where RowKind == "Snapshot"
| summarize arg_max(TimeGenerated, RuleVersion, QueryHash, Parameters) by RuleId
| project RuleId, TimeGenerated, RuleVersion, QueryHash, tostring(Parameters)`;

/** Those of the snapshot rows that FactorRules_CL needs: new or changed ones, and all whose last row has grown old. */
export async function rowsToWrite(
  workspace: Workspace,
  rows: readonly RuleRow[],
  now: Ticks,
  signal?: AbortSignal,
): Promise<readonly RuleRow[]> {
  const written = new Map<string, string>();
  if ((await workspace.tables([FACTOR_RULES.name])).has(FACTOR_RULES.name)) {
    const answer = await workspace.query({ kql: NEWEST, signal });
    for await (const chunk of answer.chunks) {
      for (const [id, time, version, hash, parameters] of chunk) {
        if (typeof time === 'bigint' && time > now - RENEW_AFTER) written.set(String(id), stateOf(version, hash, parameters));
      }
    }
  }
  const timeGenerated = datetimeText(now);
  return rows
    .filter(
      (row) =>
        written.get(row.RuleId) !== stateOf(row.RuleVersion, row.QueryHash, row.Parameters === null ? '' : JSON.stringify(row.Parameters)),
    )
    .map((row) => ({ ...row, TimeGenerated: timeGenerated }));
}

function stateOf(version: unknown, hash: unknown, parameters: unknown): string {
  return JSON.stringify([version ?? '', hash ?? '', parameters ?? '']);
}
