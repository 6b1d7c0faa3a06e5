import type { EvidenceGroup } from '../detectors/evidence.ts';
import type { UnitKind } from './judgement.ts';

/** How the pieces of one group are put together: alternatives about one fact (the strongest), or facts that add up. */
interface GroupWeight {
  readonly cap: number;
  readonly combine: 'max' | 'sum';
  /** What the group's evidence is worth beside the others', for and against: facts that go together are not counted twice. */
  readonly for: number;
  readonly against: number;
}

/**
 * Every number of the fusion, in nats. Fitted by regularised logistic regression on saved evidence of simulated tenants and rounded by hand;
 * docs/detection-quality.md says how, on which seeds, what it gives, and what leaving one scenario out changes.
 */
export interface Weights {
  readonly groups: Readonly<Record<EvidenceGroup, GroupWeight>>;
  /** Evidence against takes off at most this much. */
  readonly floor: number;
  /** Log odds before any evidence. */
  readonly prior: Readonly<Record<UnitKind, number>>;
  /** Calibration: posterior = sigmoid(a L + b). */
  readonly a: number;
  readonly b: number;
  /** In groups that add up, what a detector's evidence for an attack is worth, by pieceKey(); the group's own where it is not named. */
  readonly pieces: Readonly<Record<string, number>>;
}

/** Names a detector's part in a group. */
export function pieceKey({ group, detector }: { readonly group: EvidenceGroup; readonly detector: string }): string {
  return `${group}/${detector}`;
}

const logit = (p: number) => Math.log(p / (1 - p));

export const weights: Weights = {
  groups: {
    network: { cap: 6, combine: 'max', for: 0.05, against: 0.35 },
    client: { cap: 5, combine: 'max', for: 0.6, against: 1.05 },
    credential: { cap: 8, combine: 'sum', for: 0.6, against: 0.9 },
    registration: { cap: 9, combine: 'sum', for: 1, against: 0.35 },
    context: { cap: 5.6, combine: 'sum', for: 0.75, against: 1.4 },
  },
  floor: -6,
  prior: { registration: -5, 'user-day': logit(1e-6), source: logit(0.01), posture: 0, monitor: 0 },
  a: 1,
  b: 0,
  pieces: {
    'credential/D1-novelty': 1.05,
    'credential/D3-mfa-fatigue': 0.85,
    'credential/D4-password-spray': 0.9,
    'credential/D5-distributed-spray': 0.3,
    'credential/D13-session': 0.75,
    'registration/D6-registration-after-risk': 0.85,
    'registration/D7-mass-registration': 0.65,
    'registration/D8-method-churn': 0.7,
    'registration/D9-method-change': 0.7,
    'registration/D11-on-behalf': 0.75,
    'registration/D14-use-after': 0.7,
    'context/D1-novelty': 0.65,
    'context/D2-travel': 0.4,
    'context/D10-dormant': 2.2,
    'context/D12-volume': 0.8,
    'context/D14-use-after': 0.65,
    'context/D15-provider-risk': 1.45,
  },
};

/** The fixed map of the odds: posterior 50 % is 50, a factor of ten is 15 points. Never fitted: a score keeps its meaning. */
export const SCORE_AT_EVEN = 50;
export const SCORE_PER_FACTOR_TEN = 15;
export const REPORT_SCORE = 30;
export const HARD_SCORE = 75;
