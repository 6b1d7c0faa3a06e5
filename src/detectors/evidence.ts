export type { Happening } from '../events/audit/operations.ts';
export type { EventKind } from '../events/contracts.ts';
export { betweenNames, namedLocations } from '../events/named-locations.ts';

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
  /** Enough by itself: the unit's score is at least 75 (reported by the user, one phone for three users). */
  readonly hard?: boolean | undefined;
  /** Least score of a unit with it, whatever else speaks against. */
  readonly least?: number | undefined;
  /** Says how rare takeovers, or how common such units, are in the tenant, not something of the unit: it moves the odds as it is, beside what all groups say. */
  readonly prior?: boolean | undefined;
  /** Rows of events gone by that it rests on, for the unit to list; they are not kept with the evidence. */
  readonly rows?: readonly EvidenceEvent[] | undefined;
}

/** A user or administrator as known from the events. */
export interface Party {
  readonly userId: string;
  readonly upn: string;
}

/** The tables that events come from. */
export type SourceTable = 'SigninLogs' | 'AADNonInteractiveUserSignInLogs' | 'AuditLogs' | 'AADUserRiskEvents';

/** All that rows are read from; snapshots of accounts are no events and no evidence by themselves. */
export type EventTable = SourceTable | 'IdentityInfo';

/** A raw record behind a judgement, in the words of its table. Times are Unix milliseconds; '' where unknown. */
export interface EvidenceEvent {
  readonly table: SourceTable;
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

/** Address, session, device, app that the attacker is thought to use; '' where unknown. */
export interface AttackSource {
  readonly ip: string;
  readonly country: string;
  readonly city: string;
  readonly asn: string;
  readonly deviceId: string;
  readonly sessionId: string;
  readonly app: string;
}
