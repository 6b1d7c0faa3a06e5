import type { Contribution, EvidenceGroup } from '../detectors/evidence.ts';
import type { UnitKind } from './judgement.ts';
import { HARD_SCORE, SCORE_AT_EVEN, SCORE_PER_FACTOR_TEN, type Weights } from './weights.ts';

export interface Fused {
  /** Log odds before calibration. */
  readonly logOdds: number;
  readonly posterior: number;
  readonly score: number;
  readonly hard: boolean;
}

const add = (a: number, b: number) => a + b;

function groupFor(values: readonly number[], combine: 'max' | 'sum', cap: number): number {
  if (values.length === 0) return 0;
  return Math.min(cap, combine === 'max' ? Math.max(...values) : values.reduce(add));
}

/** Capped sum of log-likelihood ratios by group, evidence against as well as for, prior, calibration, fixed map. */
export function fuse(kind: UnitKind, contributions: readonly Contribution[], weights: Weights): Fused {
  const scaled = contributions.map(({ group, llr, detector }) => ({ group, llr: llr * (weights.detectors[detector] ?? 1) }));
  let support = 0;
  let against = 0;
  for (const [group, { cap, combine, for: scaleFor, against: scaleAgainst }] of Object.entries(weights.groups) as [
    EvidenceGroup,
    Weights['groups'][EvidenceGroup],
  ][]) {
    const here = scaled.filter((item) => item.group === group).map(({ llr }) => llr);
    const pieces = here.filter((llr) => llr > 0);
    support += groupFor(
      pieces.map((llr) => llr * scaleFor),
      combine,
      cap,
    );
    // Two denials of one fact are one denial.
    against += scaleAgainst * Math.min(0, ...here);
  }
  const logOdds = weights.prior[kind] + support + Math.max(weights.floor, against);
  const odds = weights.a * logOdds + weights.b;
  const posterior = 1 / (1 + Math.exp(-odds));
  const hard = contributions.some((item) => item.hard === true);
  const mapped = Math.round(SCORE_AT_EVEN + (SCORE_PER_FACTOR_TEN * odds) / Math.LN10);
  const score = Math.min(100, Math.max(hard ? HARD_SCORE : 0, mapped));
  return { logOdds, posterior, score, hard };
}
