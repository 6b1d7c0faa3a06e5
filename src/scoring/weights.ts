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
    network: { cap: 6, combine: 'max', for: 0.15, against: 0.2 },
    client: { cap: 5, combine: 'max', for: 0.8, against: 1 },
    credential: { cap: 8, combine: 'sum', for: 0.6, against: 0.7 },
    registration: { cap: 9, combine: 'sum', for: 1, against: 0.45 },
    context: { cap: 5.6, combine: 'sum', for: 0.75, against: 1.2 },
  },
  floor: -6,
  prior: { registration: -5.3, 'user-day': logit(1e-6), source: logit(0.01), posture: 0, monitor: 0 },
  a: 1,
  b: 0,
  pieces: {
    'credential/D1-novelty': 1,
    'credential/D3-mfa-fatigue': 0.75,
    'credential/D4-password-spray': 0.9,
    'credential/D5-distributed-spray': 0.2,
    'credential/D13-session': 1.25,
    'credential/D22-guessed-password': 1,
    'credential/D23-unproven-session': 1,
    'registration/D6-registration-after-risk': 0.65,
    'registration/D7-mass-registration': 1,
    'registration/D8-method-churn': 0.55,
    'registration/D9-method-change': 0.7,
    'registration/D11-on-behalf': 0.8,
    'registration/D14-use-after': 0.8,
    'registration/D17-taken-back': 1.45,
    'registration/D18-two-hands': 1.15,
    'context/D1-novelty': 0.85,
    'context/D2-travel': 0.25,
    'context/D10-dormant': 2.1,
    'context/D12-volume': 0.75,
    'context/D14-use-after': 0.45,
    'context/D15-provider-risk': 1.35,
  },
};

/** The fixed map of the odds: posterior 50 % is 50, a factor of ten is 15 points. Never fitted: a score keeps its meaning. */
export const SCORE_AT_EVEN = 50;
export const SCORE_PER_FACTOR_TEN = 15;
export const REPORT_SCORE = 30;
export const HARD_SCORE = 75;
