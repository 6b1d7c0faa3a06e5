import type { AttackSource, Contribution, EvidenceEvent, EvidenceGroup, Happening, Party } from '../detectors/evidence.ts';

export type { AttackSource, Contribution, EventTable, EvidenceEvent, Party, SourceTable } from '../detectors/evidence.ts';

/** What a finding is about: a registration, a user's day, a source of many, a gap in posture, a monitor's check. */
export type UnitKind = 'registration' | 'user-day' | 'source' | 'posture' | 'monitor';

/** A part of the log odds, in nats, weights and caps applied: before any evidence, by the tenant's rate, for by group, against. */
export interface ScorePart {
  readonly of: 'prior' | 'tenant' | EvidenceGroup | 'against';
  readonly nats: number;
}

/** The engine's current opinion of one unit. Plain data; equal for every way that the same events can be cut into batches. */
export interface Judgement {
  readonly kind: UnitKind;
  readonly tenantId: string;
  /** Entra object id, source key ('ip:203.0.113.7', 'phone:<hash>'), or check name. */
  readonly subject: string;
  /** CorrelationId of the audit event (or its Id), UTC day, source key + UTC day, gap, check. */
  readonly anchor: string;
  /** Posterior probability, 0..1, after calibration. */
  readonly posterior: number;
  /** 0..100, the fixed map of the odds, whole; at least 75 with hard evidence. */
  readonly score: number;
  readonly hardEvidence: boolean;
  /** What the log odds are made of, in the order in which they are added up. */
  readonly parts: readonly ScorePart[];
  /** Strongest for, first; evidence against (llr < 0) at the end. */
  readonly contributions: readonly Contribution[];
  /** What would have made it benign, whole sentences. */
  readonly benignIf: readonly string[];
  /** What was not known: "No sign-in logs in the 24 h before, failed ones aside: scored without network evidence." */
  readonly gaps: readonly string[];
  /** Affected users; one for registration and user-day. */
  readonly users: readonly Party[];
  /** Who acted, where not the user. */
  readonly actor?: Party | undefined;
  readonly events: readonly EvidenceEvent[];
  /** Span of the suspicious events, Unix milliseconds (EventStartTime..EventEndTime). */
  readonly startMs: number;
  readonly endMs: number;
  /** AuditLogs Id of the one registration meant, else ''. */
  readonly originalId: string;
  readonly source: AttackSource;
  /** The methods concerned: what was registered, changed or deleted, in the log's own words. */
  readonly methods: readonly string[];
  /** What was done to them, where the unit is a registration. */
  readonly happening?: Happening | undefined;
  /** Below what an analyst gets to at the alert budget; no part of "the same findings", because it follows the other units. */
  readonly overBudget?: boolean | undefined;
  /** New evidence made it benign: the finding closes itself with this reason. */
  readonly closedReason?: string | undefined;
  /**
   * It was reported by provisional() only: with every event in its order the unit never reached a score of 30.
   * The finding is withdrawn, so that the same events give the same findings however they were cut into runs.
   */
  readonly retracted?: boolean | undefined;
}
