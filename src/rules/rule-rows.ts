import { createHash } from 'node:crypto';
import type { RuleRow } from '../schema/factor-rules.ts';
import { ATTACK_VERSION } from './attack.ts';
import { isoDuration } from './duration.ts';
import type { Rule } from './rule.ts';

/** What is known of a detector for its row; the pipeline fills it from the detector itself. */
export interface DetectorFacts {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly partitionKey: string;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly tables: readonly string[];
  readonly parameters: Readonly<Record<string, number>>;
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
  options: Pick<SnapshotOptions, 'timeGenerated' | 'sourceCommit'>,
): readonly RuleRow[] {
  return detectors.map((detector) => ({
    ...emptyRow(options),
    RuleId: detector.id,
    RuleName: detector.id,
    RuleVersion: detector.version,
    RuleKind: 'Detector',
    DisplayText: detector.name,
    RuleDescription: detector.description,
    Lifecycle: 'Stable',
    DetectorType: 'Log-likelihood ratio',
    PartitionKey: detector.partitionKey,
    AttackTactics: detector.tactics.join(','),
    AttackTechniques: detector.techniques.join(','),
    SourceTables: [...detector.tables],
    Parameters: { ...detector.parameters },
  }));
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
