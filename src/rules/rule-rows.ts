import { createHash } from 'node:crypto';
import type { RuleRow } from '../schema/factor-rules.ts';
import { ATTACK_VERSION, techniqueOf } from './attack.ts';
import { isoDuration } from './duration.ts';
import type { Rule } from './rule.ts';

/** What a detector tells of itself. */
export interface DetectorFacts {
  readonly id: string;
  readonly title: string;
  readonly techniques: readonly string[];
  readonly benignIf: string;
  readonly parameters: Readonly<Record<string, { readonly default: number }>>;
  /** Words that it keeps in the record of each address: it is partitioned by address where there are any. */
  readonly sourceWords: number;
}

export interface SnapshotOptions {
  /** ISO 8601; when the row is written. */
  readonly timeGenerated: string;
  /** Tables of the workspace: a rule's sources are those that its query names. */
  readonly tables: Iterable<string>;
  /** Commit that the rules were deployed from; '' where it is not known. */
  readonly sourceCommit?: string;
  /** Fixtures of a rule, by slug. */
  readonly tests?: ReadonlyMap<string, { readonly total: number; readonly passed: number }>;
}

/** The Snapshot rows of FactorRules_CL for a set of analytics rules. */
export function ruleRows(rules: readonly Rule[], options: SnapshotOptions): readonly RuleRow[] {
  const tables = [...options.tables];
  return rules.map((rule) => ({
    ...emptyRow(options),
    RuleId: rule.id,
    RuleName: rule.slug,
    RuleVersion: rule.version,
    RuleKind: rule.kind,
    DisplayText: rule.name,
    RuleDescription: rule.description.trim(),
    Severity: rule.severity,
    Lifecycle: 'Stable',
    QueryHash: createHash('sha256').update(rule.query).digest('hex'),
    QueryFrequency: isoDuration(rule.queryFrequency ?? ''),
    QueryPeriod: isoDuration(rule.queryPeriod ?? ''),
    TriggerOperator: rule.triggerOperator ?? '',
    TriggerThreshold: rule.triggerThreshold ?? null,
    AttackTactics: rule.tactics.join(','),
    AttackTechniques: rule.relevantTechniques.join(','),
    SourceTables: tables.filter((name) => new RegExp(`\\b${name}\\b`).test(rule.query)).sort(),
    EntityMappings: rule.entityMappings,
    CustomDetails: rule.customDetails,
    Grouping: rule.incidentConfiguration?.groupingConfiguration ?? null,
    TestsTotal: options.tests?.get(rule.slug)?.total ?? null,
    TestsPassed: options.tests?.get(rule.slug)?.passed ?? null,
    Query: rule.query,
  }));
}

/** The Snapshot rows of the detectors. */
export function detectorRows(
  detectors: readonly DetectorFacts[],
  options: Pick<SnapshotOptions, 'timeGenerated' | 'sourceCommit'> & { readonly version: string },
): readonly RuleRow[] {
  return detectors.map((detector) => ({
    ...emptyRow(options),
    RuleId: detector.id,
    RuleName: detector.id,
    RuleVersion: options.version,
    RuleKind: 'Detector',
    DisplayText: detector.title,
    RuleDescription: `Benign if: ${detector.benignIf}`,
    Lifecycle: 'Stable',
    DetectorType: 'Log-likelihood ratio',
    PartitionKey: detector.sourceWords > 0 ? 'ip' : 'user',
    AttackTactics: tacticsOf(detector.techniques).join(','),
    AttackTechniques: detector.techniques.join(','),
    Parameters: Object.fromEntries(Object.entries(detector.parameters).map(([name, parameter]) => [name, parameter.default])),
  }));
}

function tacticsOf(techniques: readonly string[]): string[] {
  return [...new Set(techniques.flatMap((id) => techniqueOf(id)?.tactics ?? []))].sort();
}

/** A row of FactorRules_CL with nothing said but that it is an enabled Snapshot. */
export function emptyRow({ timeGenerated, sourceCommit = '' }: Pick<SnapshotOptions, 'timeGenerated' | 'sourceCommit'>): RuleRow {
  return {
    TimeGenerated: timeGenerated,
    RuleId: '',
    RuleName: '',
    RuleVersion: '',
    RuleKind: '',
    DisplayText: '',
    RuleDescription: '',
    Severity: '',
    Enabled: true,
    Lifecycle: '',
    DetectorType: '',
    PartitionKey: '',
    QueryHash: '',
    QueryFrequency: '',
    QueryPeriod: '',
    TriggerOperator: '',
    TriggerThreshold: null,
    AttackTactics: '',
    AttackTechniques: '',
    AttackVersion: ATTACK_VERSION,
    SourceTables: null,
    EntityMappings: null,
    CustomDetails: null,
    Grouping: null,
    Parameters: null,
    TestsTotal: null,
    TestsPassed: null,
    SourceCommit: sourceCommit,
    Query: '',
    RowKind: 'Snapshot',
    ExpiresAt: null,
    ChangedBy: '',
    Reason: '',
  };
}
