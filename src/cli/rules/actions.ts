import { userInfo } from 'node:os';
import { didYouMean } from '../../core/did-you-mean.ts';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { datetimeText, type Ticks, ticksFromMs } from '../../core/ticks.ts';
import { runRow } from '../../pipeline/run-records.ts';
import { overrideRow, type RuleInForce, readOverrides, rulesInForce } from '../../rules/overrides.ts';
import { FACTOR_RULES } from '../../schema/factor-rules.ts';
import { FACTOR_RUNS } from '../../schema/factor-runs.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../context.ts';
import { paintSeverity } from '../paint.ts';
import { ruleBase } from '../rule-base.ts';
import { tableText, tableWidth } from '../table.ts';
import { usageError } from '../usage-error.ts';
import { VERSION } from '../version.ts';

export interface RuleChange {
  readonly severity?: string;
  readonly enabled?: boolean;
  readonly until: Ticks | undefined;
  readonly reason: string;
}

async function inForce(context: CommandContext, workspace: Workspace): Promise<readonly RuleInForce[]> {
  return rulesInForce(await ruleBase(context), await readOverrides(workspace, context.signal));
}

/** Prints every detector and rule with what is in force. */
export async function listRules(context: CommandContext): Promise<number> {
  const rules = await inForce(context, await context.openWorkspace());
  const { io } = context;
  if (context.json) {
    io.json(rules.map(jsonOf));
    return ExitCode.done;
  }
  const rows = rules.map(({ row, severity, enabled, override }) => [
    row.RuleName,
    row.RuleKind,
    severity || '-',
    enabled ? 'on' : 'off',
    override === undefined
      ? ''
      : [override.reason, override.expiresAt === null ? '' : `until ${override.expiresAt}`].filter(Boolean).join(', '),
  ]);
  const columns = [
    { title: 'RULE', overflow: 'cut' as const },
    { title: 'KIND' },
    { title: 'SEVERITY', paint: paintSeverity },
    { title: 'STATE' },
    { title: 'OVERRIDE', overflow: 'cut' as const },
  ];
  io.out(tableText(columns, rows, { columns: tableWidth(io), color: io.color }));
  return ExitCode.done;
}

/** Writes an override and the record of it. */
export async function changeRule(context: CommandContext, id: string, { until, ...change }: RuleChange): Promise<number> {
  const { io, clock, signal } = context;
  const now = clock();
  if (until !== undefined && until <= ticksFromMs(now)) throw usageError('--until lies in the past');
  const workspace = await context.openWorkspace();
  const rule = chosen(await inForce(context, workspace), id);
  if (change.severity !== undefined && rule.row.RuleKind === 'Detector') {
    throw usageError(
      `${rule.row.RuleName} is a detector: the severity of a finding follows its score alone`,
      'A detector can be disabled; an analytics rule can be set.',
    );
  }
  const changedBy = userInfo().username;
  const row = overrideRow(
    rule,
    { ...change, changedBy, expiresAt: until === undefined ? null : datetimeText(until) },
    new Date(now).toISOString(),
  );
  await written(workspace, FACTOR_RULES.stream, row, signal);
  const identity = { runId: '', runKind: 'Live', triggerType: 'Manual', productVersion: VERSION, configHash: '' } as const;
  const record = runRow(identity, now, {
    OperationName: 'Rule change',
    ResourceName: row.RuleName,
    ResourceKind: row.RuleKind,
    Status: 'Success',
    Description: change.reason,
    ActorText: changedBy,
    TargetText: row.RuleId,
    ExtendedProperties: { Enabled: row.Enabled, Severity: row.Severity, ExpiresAt: row.ExpiresAt },
  });
  await written(workspace, FACTOR_RUNS.stream, record, signal);
  const after = rulesInForce(
    [rule.row],
    new Map([[row.RuleId, { severity: row.Severity, enabled: row.Enabled, expiresAt: row.ExpiresAt, changedBy, reason: row.Reason }]]),
  )[0]!;
  if (context.json) io.json(jsonOf(after));
  else
    io.out(
      `${row.RuleName} is ${after.enabled ? 'on' : 'off'}${after.severity === '' ? '' : `, ${after.severity}`}${row.ExpiresAt === null ? '' : `, until ${row.ExpiresAt}`}; the next run goes by it`,
    );
  return ExitCode.done;
}

async function written(workspace: Workspace, stream: string, row: object, signal: AbortSignal): Promise<void> {
  const { rejected } = await workspace.ingest(stream, [{ ...row }], signal);
  if (rejected.length > 0)
    throw new FactorwatchError('row-rejected', `${stream} refused the row: ${rejected[0]!.reason}`, { exitCode: ExitCode.unexpected });
}

function chosen(rules: readonly RuleInForce[], id: string): RuleInForce {
  const wanted = id.toLowerCase();
  const names = ({ row }: RuleInForce) => [row.RuleId.toLowerCase(), row.RuleName.toLowerCase()];
  const exact = rules.filter((rule) => names(rule).includes(wanted));
  const found = exact.length > 0 ? exact : rules.filter((rule) => names(rule).some((name) => name.startsWith(wanted)));
  if (found.length === 1) return found[0]!;
  const all = rules.map(({ row }) => row.RuleName);
  if (found.length === 0) throw usageError(`there is no rule or detector "${id}"${didYouMean(id, all)}`, 'See factorwatch rules list.');
  throw usageError(
    `"${id}" is the beginning of ${found.map(({ row }) => row.RuleName).join(', ')}`,
    'Write more of the one that is meant.',
  );
}

function jsonOf({ row, severity, enabled, override }: RuleInForce): Readonly<Record<string, unknown>> {
  const { RuleId, RuleName, RuleVersion, RuleKind, DisplayText, AttackTactics, AttackTechniques } = row;
  return {
    RuleId,
    RuleName,
    RuleVersion,
    RuleKind,
    DisplayText,
    Severity: severity,
    Enabled: enabled,
    AttackTactics,
    AttackTechniques,
    ...(override !== undefined && { Override: { ExpiresAt: override.expiresAt, ChangedBy: override.changedBy, Reason: override.reason } }),
  };
}
