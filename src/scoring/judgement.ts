/** What a finding is about (contracts.md): a registration, a user's day, a source of many, a gap in posture, a monitor's check. */
export type UnitKind = 'registration' | 'user-day' | 'source' | 'posture' | 'monitor';

/** Contributions of one group are alternatives about the same fact: the group is capped as a whole (detectors.md B2). */
export type EvidenceGroup = 'network' | 'client' | 'credential' | 'registration' | 'context';

/** One piece of evidence, for (llr > 0) or against (llr < 0) a takeover, with the counts that it rests on. */
export interface Contribution {
  /** Detector id: 'D1-novelty'. */
  readonly detector: string;
  readonly group: EvidenceGroup;
  /** Log-likelihood ratio in nats, before the group's cap. */
  readonly llr: number;
  /** Whole sentence for an analyst, counts included: "First sign-in from AS9009 in 143; 0.02 % of the tenant uses it." */
  readonly words: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Ids of the raw records it rests on. */
  readonly eventIds: readonly string[];
  /** ATT&CK techniques it points to. */
  readonly techniques: readonly string[];
}

/** A user or address as known from the events. */
export interface Party {
  readonly userId: string;
  readonly upn: string;
}

/** A raw record behind a judgement, in the words of its table. Times are Unix milliseconds. */
export interface EvidenceEvent {
  readonly table: 'SigninLogs' | 'AADNonInteractiveUserSignInLogs' | 'AuditLogs' | 'AADUserRiskEvents';
  readonly id: string;
  readonly timeMs: number;
  readonly what: string;
  readonly ip: string;
  readonly country: string;
  readonly city: string;
  readonly asn: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly app: string;
}

/** The engine's current opinion of one unit. Plain data; equal for every way that the same events can be cut into batches. */
export interface Judgement {
  readonly kind: UnitKind;
  readonly tenantId: string;
  /** Entra object id, source key ('ip:203.0.113.7', 'phone:<hash>'), or check name. */
  readonly subject: string;
  /** contracts.md: CorrelationId of the audit event (or its Id), UTC day, source key + UTC day, gap, check. */
  readonly anchor: string;
  /** Posterior probability, 0..1, after calibration. */
  readonly posterior: number;
  /** 0..100, the fixed map of the odds; at least 75 with hard evidence. */
  readonly score: number;
  readonly hardEvidence: boolean;
  readonly contributions: readonly Contribution[];
  /** What would have made it benign, whole sentences. */
  readonly benignIf: readonly string[];
  /** What was not known: "No sign-in logs in the 24 h before: scored without network evidence." */
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
  /** Address, session, device, app that the attacker is thought to use; '' where unknown. */
  readonly source: {
    readonly ip: string;
    readonly country: string;
    readonly city: string;
    readonly asn: string;
    readonly deviceId: string;
    readonly sessionId: string;
    readonly app: string;
  };
  /** The methods concerned: what was registered, changed or deleted, in the log's own words. */
  readonly methods: readonly string[];
  /** New evidence made it benign: the finding closes itself with this reason. */
  readonly closedReason?: string | undefined;
}
