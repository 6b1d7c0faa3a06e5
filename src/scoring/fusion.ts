import type { Contribution, EvidenceGroup } from '../detectors/evidence.ts';
import type { ScorePart, UnitKind } from './judgement.ts';
import { HARD_SCORE, pieceKey, SCORE_AT_EVEN, SCORE_PER_FACTOR_TEN, type Weights } from './weights.ts';

export interface Fused {
  /** Log odds before calibration. */
  readonly logOdds: number;
  readonly posterior: number;
  readonly score: number;
  /** What the log odds are made of; what is 0 is left out. */
  readonly parts: readonly ScorePart[];
  /** The score by what is said of the unit itself, whatever the tenant is like. */
  readonly alone: number;
  readonly hard: boolean;
  /** The operator wants to see it: it has a least score. */
  readonly wanted: boolean;
}

/** What a group says for an attack: its strongest piece, or the weighted sum of all. */
function supportOf(
  pieces: readonly Contribution[],
  { combine, cap, for: scale }: Weights['groups'][EvidenceGroup],
  weights: Weights,
): number {
  if (pieces.length === 0) return 0;
  if (combine === 'max') return Math.min(cap, scale * Math.max(...pieces.map(({ llr }) => llr)));
  const sum = pieces.reduce((total, piece) => total + piece.llr * (weights.pieces[pieceKey(piece)] ?? scale), 0);
  return Math.min(cap, sum);
}

/** Capped sum of log-likelihood ratios by group, evidence against as well as for, prior, calibration, fixed map. */
export function fuse(kind: UnitKind, contributions: readonly Contribution[], weights: Weights): Fused {
  const support: ScorePart[] = [];
  let against = 0;
  for (const [group, weight] of Object.entries(weights.groups) as [EvidenceGroup, Weights['groups'][EvidenceGroup]][]) {
    const here = contributions.filter((item) => item.group === group && item.prior !== true);
    const pieces = here.filter(({ llr }) => llr > 0);
    support.push({ of: group, nats: supportOf(pieces, weight, weights) });
    // Two denials of one fact are one denial.
    against += weight.against * Math.min(0, ...here.map(({ llr }) => llr));
  }
  const rarity = contributions.reduce((sum, { llr, prior }) => sum + (prior === true ? llr : 0), 0);
  const parts: readonly ScorePart[] = [
    { of: 'prior', nats: weights.prior[kind] },
    { of: 'tenant', nats: rarity },
    ...support,
    { of: 'against', nats: Math.max(weights.floor, against) },
  ];
  const logOdds = parts.reduce((sum, { nats }) => sum + nats, 0);
  const odds = weights.a * logOdds + weights.b;
  const posterior = 1 / (1 + Math.exp(-odds));
  const hard = contributions.some((item) => item.hard === true);
  const least = Math.max(0, ...contributions.map((item) => item.least ?? 0));
  const scoreOf = (given: number) => {
    const mapped = Math.round(SCORE_AT_EVEN + (SCORE_PER_FACTOR_TEN * given) / Math.LN10);
    return Math.min(100, Math.max(hard ? HARD_SCORE : 0, least, mapped));
  };
  const telling = parts.filter(({ nats }) => nats !== 0);
  return { logOdds, posterior, score: scoreOf(odds), alone: scoreOf(odds - weights.a * rarity), hard, wanted: least > 0, parts: telling };
}
