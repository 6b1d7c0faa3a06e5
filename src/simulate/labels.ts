/** What was planted and must be found (or must not be reported). Written to labels.json as it is. */
export interface IncidentLabel {
  readonly id: string;
  /** S1 ... S12. */
  readonly scenario: string;
  readonly variant: string;
  readonly user_ids: string[];
  readonly upns: string[];
  start: string;
  end: string;
  /** First registration by the attacker; null where none succeeded. */
  registration_time: string | null;
  /** AuditLogs Ids of every record of every registration by the attacker, twins included. */
  readonly registration_event_ids: string[];
  must_detect: boolean;
  readonly min_severity: 'Low' | 'Medium' | 'High';
}

/** A benign event that looks like an attack; a finding on it is a false one, and `kind` is its cause. */
export interface DecoyLabel {
  readonly id: string;
  readonly kind: DecoyKind;
  readonly user_ids: string[];
  readonly upns: string[];
  start: string;
  end: string;
  readonly registration_event_ids: string[];
}

export const DECOY_KINDS = [
  'new-phone',
  'new-laptop',
  'onboarding-wave',
  'enrolment-drive',
  'conference-travel',
  'honeymoon',
  'vpn-rollout',
  'egress-change',
  'help-desk-reset',
  'sim-change',
  'shared-kiosk',
  'forgotten-password',
  'second-account',
  'renamed-user',
  'break-glass-drill',
] as const;
export type DecoyKind = (typeof DECOY_KINDS)[number];

export interface Labels {
  readonly start: string;
  readonly end: string;
  readonly users: number;
  readonly incidents: readonly IncidentLabel[];
  readonly decoys: readonly DecoyLabel[];
}
