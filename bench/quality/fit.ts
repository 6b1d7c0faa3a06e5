import type { Contribution, EvidenceGroup } from '../../src/detectors/evidence.ts';
import { fuse } from '../../src/scoring/fusion.ts';
import { pieceKey, type Weights } from '../../src/scoring/weights.ts';
import type { SavedUnit } from './saved-evidence.ts';

/** Strength of the pull towards the present weights, in units of evidence. */
const RIDGE = 3;
/** What a piece of evidence is worth that has no weight yet: its detector's own figure, less what it shares with others. */
const START = 0.7;
const STEPS = 1500;
const RATE = 0.05;

const GROUPS = ['network', 'client', 'credential', 'registration', 'context'] as const;

/** The evidence of a unit as the fusion adds it up: by what a weight is multiplied with. How rare takeovers are in the tenant has none. */
export function featuresOf(evidence: readonly Contribution[], { groups }: Weights): ReadonlyMap<string, number> {
  const features = new Map<string, number>();
  const add = (key: string, value: number) => features.set(key, (features.get(key) ?? 0) + value);
  for (const group of GROUPS) {
    const here = evidence.filter((item) => item.group === group && item.prior !== true);
    const pieces = here.filter(({ llr }) => llr > 0);
    if (groups[group].combine === 'sum') for (const piece of pieces) add(pieceKey(piece), piece.llr);
    else if (pieces.length > 0) add(`${group} for`, Math.max(...pieces.map(({ llr }) => llr)));
    const against = Math.min(0, ...here.map(({ llr }) => llr));
    if (against < 0) add(`${group} against`, against);
  }
  return features;
}

export interface FitRow {
  readonly features: ReadonlyMap<string, number>;
  /** Log odds that are added as they are. */
  readonly offset: number;
  readonly positive: boolean;
  /** How many rows it stands for. */
  readonly weight: number;
}

/** The weight in use of a feature. */
function presentOf(name: string, { groups, pieces }: Weights): number {
  if (name.includes('/')) return pieces[name] ?? groups[name.split('/')[0] as EvidenceGroup].for;
  const [group, side] = name.split(' ') as [EvidenceGroup, 'for' | 'against'];
  return groups[group][side] ?? START;
}

/** Logistic regression with a ridge towards the present weights and no negative one: evidence for never counts against. */
export function fitLogistic(
  rows: readonly FitRow[],
  present: Weights,
  ridge = RIDGE,
): { readonly intercept: number; readonly weights: ReadonlyMap<string, number> } {
  const names = [...new Set(rows.flatMap(({ features }) => [...features.keys()]))].sort();
  const at = new Map(names.map((name, i) => [name, i]));
  const sparse = rows.map(({ features, positive, offset, weight }) => ({
    entries: [...features].map(([name, value]) => [at.get(name)!, value] as const),
    target: positive ? 1 : 0,
    offset,
    weight,
  }));
  const start = names.map((name) => presentOf(name, present));
  const weights = Float64Array.from(start);
  let intercept = present.prior.registration;
  const [m, v] = [new Float64Array(names.length + 1), new Float64Array(names.length + 1)];
  for (let step = 1; step <= STEPS; step++) {
    const gradient = new Float64Array(names.length + 1);
    for (const { entries, target, offset, weight } of sparse) {
      let sum = intercept + offset;
      for (const [i, value] of entries) sum += weights[i]! * value;
      const error = weight * (1 / (1 + Math.exp(-sum)) - target);
      for (const [i, value] of entries) gradient[i] = gradient[i]! + error * value;
      gradient[names.length] = gradient[names.length]! + error;
    }
    for (let i = 0; i < names.length; i++) gradient[i] = gradient[i]! + ridge * (weights[i]! - start[i]!);
    const rate = RATE * Math.min(1, (3 * (STEPS - step)) / STEPS);
    for (let i = 0; i <= names.length; i++) {
      m[i] = 0.9 * m[i]! + 0.1 * gradient[i]!;
      v[i] = 0.999 * v[i]! + 0.001 * gradient[i]! ** 2;
      const change = (rate * (m[i]! / (1 - 0.9 ** step))) / (Math.sqrt(v[i]! / (1 - 0.999 ** step)) + 1e-8);
      if (i < names.length) weights[i] = Math.max(0, weights[i]! - change);
      else intercept -= change;
    }
  }
  return { intercept, weights: new Map(names.map((name, i) => [name, weights[i]!])) };
}

/** The weights of the fusion with what was fitted put in. */
export function weightsWith(fitted: ReadonlyMap<string, number>, before: Weights): Weights {
  const groups = Object.fromEntries(
    GROUPS.map((group) => {
      const { for: scale, against, ...rest } = before.groups[group];
      return [group, { ...rest, for: fitted.get(`${group} for`) ?? scale, against: fitted.get(`${group} against`) ?? against }];
    }),
  ) as Record<EvidenceGroup, Weights['groups'][EvidenceGroup]>;
  const pieces = Object.fromEntries([...fitted].filter(([name]) => name.includes('/')));
  return { ...before, groups, pieces: { ...before.pieces, ...pieces } };
}

export const withPrior = (weights: Weights, registration: number): Weights => ({
  ...weights,
  prior: { ...weights.prior, registration },
});

export interface Point {
  readonly found: number;
  readonly of: number;
  readonly foundNear: number;
  readonly ofNear: number;
  readonly wrong: number;
}

/** What is found and what is false at Medium; incidents by their best unit. */
export function pointAt(units: readonly SavedUnit[], weights: Weights): Point {
  const best = new Map<string, { score: number; near: boolean }>();
  let wrong = 0;
  for (const unit of units) {
    const { score } = fuse(unit.kind as 'registration', unit.evidence, weights);
    for (const { id, mustDetect, variant } of unit.incidents) {
      const key = `${unit.generator} ${unit.tenant} ${id}`;
      if (mustDetect) best.set(key, { score: Math.max(best.get(key)?.score ?? 0, score), near: NEAR.test(variant) });
    }
    if (!unit.isAttack && score >= 50) wrong++;
  }
  const all = [...best.values()];
  const near = all.filter((one) => one.near);
  const found = (some: typeof all) => some.filter(({ score }) => score >= 50).length;
  return { found: found(all), of: all.length, foundNear: found(near), ofNear: near.length, wrong };
}

/** Variants that by their label come from near the victim. */
export const NEAR = /near|same-(?:city|country)|neighbou?r|resident|mobile-near/i;
