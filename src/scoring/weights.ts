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
  /** Contributions are multiplied by this, 1 where a detector is not named. */
  readonly detectors: Readonly<Record<string, number>>;
}

const logit = (p: number) => Math.log(p / (1 - p));

export const weights: Weights = {
  groups: {
    network: { cap: 6, combine: 'max', for: 0.25, against: 0.25 },
    client: { cap: 5, combine: 'max', for: 0.65, against: 0.95 },
    credential: { cap: 8, combine: 'sum', for: 0.6, against: 0.9 },
    registration: { cap: 9, combine: 'sum', for: 1, against: 0.35 },
    context: { cap: 5.6, combine: 'sum', for: 0.75, against: 1.2 },
  },
  floor: -6,
  prior: { registration: -5.1, 'user-day': logit(1e-6), source: logit(0.01), posture: 0, monitor: 0 },
  a: 1,
  b: 0,
  detectors: {
    'D6-registration-after-risk': 1.05,
    'D7-mass-registration': 1.1,
    'D8-method-churn': 0.3,
    'D9-method-change': 0.55,
    'D10-dormant': 2.3,
    'D11-on-behalf': 0.7,
    'D14-use-after': 1.4,
    'D15-provider-risk': 2,
  },
};

/** The fixed map of the odds: posterior 50 % is 50, a factor of ten is 15 points. Never fitted: a score keeps its meaning. */
export const SCORE_AT_EVEN = 50;
export const SCORE_PER_FACTOR_TEN = 15;
export const REPORT_SCORE = 30;
export const HARD_SCORE = 75;
