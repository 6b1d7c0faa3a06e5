import type { EvidenceGroup } from '../detectors/evidence.ts';
import type { UnitKind } from './judgement.ts';

/** How the pieces of one group are put together: alternatives about one fact (the strongest), or facts that add up. */
interface GroupWeight {
  readonly cap: number;
  readonly combine: 'max' | 'sum';
}

/** Every number of the fusion, in nats; starting values of detectors.md B2, to be fitted on saved evidence. */
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
    network: { cap: 6, combine: 'max' },
    client: { cap: 5, combine: 'max' },
    credential: { cap: 8, combine: 'sum' },
    registration: { cap: 8, combine: 'sum' },
    context: { cap: 4, combine: 'sum' },
  },
  floor: -6,
  prior: { registration: logit(0.004), 'user-day': logit(1e-6), source: logit(0.01), posture: 0, monitor: 0 },
  a: 1,
  b: 0,
  detectors: {},
};

/** The fixed map of the odds: posterior 50 % is 50, a factor of ten is 15 points. Never fitted: a score keeps its meaning. */
export const SCORE_AT_EVEN = 50;
export const SCORE_PER_FACTOR_TEN = 15;
export const REPORT_SCORE = 30;
export const HARD_SCORE = 75;
