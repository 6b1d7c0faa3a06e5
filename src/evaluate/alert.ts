import { fieldsOf } from '../findings/finding-row.ts';
import type { FindingRow } from '../schema/factor-findings.ts';

/** What is judged: a finding, or an alert of another rule. */
export interface Alert {
  readonly id: string;
  /** Entra object ids and UPNs, lower case. */
  readonly users: readonly string[];
  /** Ids of the raw rows it rests on. */
  readonly eventIds: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  /** 0-100. */
  readonly score: number;
  /** Posterior, 0-1; NaN where the rule has none. */
  readonly confidence: number;
  /** About a source and no user in particular. */
  readonly isSource: boolean;
  /** When it was raised first, where that is known. */
  readonly raised?: Raised | undefined;
}

/** The first row of a finding of Medium or more; Unix ms. */
export interface Raised {
  readonly writtenMs: number;
  /** The ingestion time that its run read. */
  readonly fromMs: number;
  readonly untilMs: number;
}

const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A finding's current revision as an alert; undefined for one that closed itself and for those that are not about an attack. */
export function alertOf(row: FindingRow, raised?: Raised): Alert | undefined {
  if (row.RuleId === 'posture' || row.RuleId === 'monitor' || row.ThreatRiskLevel === null) return undefined;
  const fields = fieldsOf(row);
  const listed = Array.isArray(fields['Users']) ? (fields['Users'] as readonly unknown[]) : [];
  const named = listed.flatMap((user) => {
    const { UserId, Username } = (user ?? {}) as { readonly UserId?: unknown; readonly Username?: unknown };
    return [String(UserId ?? ''), String(Username ?? '')];
  });
  const ids = strings(fields['EventIds']);
  return {
    id: row.EventUid,
    users: [...new Set([row.UserId, row.Username, ...named].map((name) => name.toLowerCase()).filter((name) => name !== ''))],
    eventIds: row.EventOriginalUid === '' ? ids : [row.EventOriginalUid, ...ids],
    startMs: Date.parse(row.EventStartTime ?? ''),
    endMs: Date.parse(row.EventEndTime ?? ''),
    score: row.ThreatRiskLevel,
    confidence: (row.ThreatConfidence ?? Number.NaN) / 100,
    isSource: row.RuleId === 'source',
    raised,
  };
}
