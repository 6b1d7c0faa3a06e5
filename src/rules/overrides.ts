import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { KqlValue } from '../core/kql-types.ts';
import { datetimeText } from '../core/ticks.ts';
import { FACTOR_RULES, type RuleRow } from '../schema/factor-rules.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { emptyRow } from './rule-rows.ts';

/** What an override changes; what it leaves alone is '' or null. */
export interface Override {
  readonly severity: string;
  readonly enabled: boolean | null;
  /** ISO 8601; null = until it is changed again. */
  readonly expiresAt: string | null;
  readonly changedBy: string;
  readonly reason: string;
}

/** A rule or detector with what is in force of it. */
export interface RuleInForce {
  readonly row: RuleRow;
  readonly severity: string;
  readonly enabled: boolean;
  readonly override: Override | undefined;
}

// The same choice as in queries/functions/FactorRules.kql: the newest one that has not expired.
const NEWEST = `${FACTOR_RULES.name}
| where RowKind == "Override" and (isnull(ExpiresAt) or ExpiresAt > now())
| summarize arg_max(TimeGenerated, Severity, Enabled, ExpiresAt, ChangedBy, Reason) by RuleId
| project RuleId, Severity, Enabled, ExpiresAt, ChangedBy, Reason`;

/** The overrides in force, by RuleId. */
export async function readOverrides(workspace: Workspace, signal?: AbortSignal): Promise<ReadonlyMap<string, Override>> {
  const overrides = new Map<string, Override>();
  if (!(await workspace.tables([FACTOR_RULES.name])).has(FACTOR_RULES.name)) return overrides;
  const answer = await workspace.query({ kql: NEWEST, signal });
  for await (const chunk of answer.chunks) for (const row of chunk) overrides.set(String(row[0]), overrideOf(row));
  const partial = answer.partial();
  if (partial !== undefined) {
    throw new FactorwatchError('partial-answer', `the overrides of rules were cut: ${partial.message}`, { exitCode: ExitCode.unavailable });
  }
  return overrides;
}

function overrideOf([, severity, enabled, expiresAt, changedBy, reason]: readonly KqlValue[]): Override {
  return {
    severity: String(severity ?? ''),
    enabled: typeof enabled === 'boolean' ? enabled : null,
    expiresAt: typeof expiresAt === 'bigint' ? datetimeText(expiresAt, { trim: true }) : null,
    changedBy: String(changedBy ?? ''),
    reason: String(reason ?? ''),
  };
}

/** Rows of rules and detectors as they stand in their files, with the overrides laid over them. */
export function rulesInForce(rows: readonly RuleRow[], overrides: ReadonlyMap<string, Override>): readonly RuleInForce[] {
  return rows.map((row) => {
    const override = overrides.get(row.RuleId);
    return { row, severity: override?.severity || row.Severity, enabled: override?.enabled ?? row.Enabled !== false, override };
  });
}

/**
 * The row of a change. The newest override holds alone, so it carries over what the one before it said and this one does not:
 * setting a severity does not switch a disabled rule on again.
 */
export function overrideRow(
  rule: RuleInForce,
  change: Partial<Override> & Pick<Override, 'changedBy' | 'reason'>,
  timeGenerated: string,
): RuleRow {
  const before = rule.override;
  return {
    ...emptyRow({ timeGenerated }),
    RowKind: 'Override',
    RuleId: rule.row.RuleId,
    RuleName: rule.row.RuleName,
    RuleKind: rule.row.RuleKind,
    RuleVersion: rule.row.RuleVersion,
    DisplayText: rule.row.DisplayText,
    Severity: change.severity ?? before?.severity ?? '',
    Enabled: change.enabled ?? before?.enabled ?? null,
    ExpiresAt: change.expiresAt ?? null,
    ChangedBy: change.changedBy,
    Reason: change.reason,
  };
}
