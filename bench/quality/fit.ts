import type { Contribution, EvidenceGroup } from '../../src/detectors/evidence.ts';
import { fuse } from '../../src/scoring/fusion.ts';
import { pieceKey, type Weights } from '../../src/scoring/weights.ts';
import type { SavedUnit } from './saved-evidence.ts';

/** Strength of the pull towards START, in units of evidence. */
const RIDGE = 3;
/** What a piece of evidence is worth before anything is known: its detector's own figure, less what it shares with others. */
const START = 0.7;
const STEPS = 1500;
const RATE = 0.05;

const GROUPS = ['network', 'client', 'credential', 'registration', 'context'] as const;

/** The evidence of a unit as the fusion adds it up: by what a weight is multiplied with. */
export function featuresOf(evidence: readonly Contribution[], { groups }: Weights): ReadonlyMap<string, number> {
  const features = new Map<string, number>();
  const add = (key: string, value: number) => features.set(key, (features.get(key) ?? 0) + value);
  for (const group of GROUPS) {
    const here = evidence.filter((item) => item.group === group);
    const pieces = here.filter(({ llr }) => llr > 0);
    if (groups[group].combine === 'sum') for (const piece of pieces) add(pieceKey(piece), piece.llr);
    else if (pieces.length > 0) add(`${group} for`, Math.max(...pieces.map(({ llr }) => llr)));
    const against = Math.min(0, ...here.map(({ llr }) => llr));
    if (against < 0) add(`${group} against`, against);
  }
  return features;
}

/** Logistic regression with a ridge towards START and no negative weight: evidence for never counts against. */
export function fitLogistic(rows: readonly { readonly features: ReadonlyMap<string, number>; readonly positive: boolean }[]): {
  readonly intercept: number;
  readonly weights: ReadonlyMap<string, number>;
} {
  const names = [...new Set(rows.flatMap(({ features }) => [...features.keys()]))].sort();
  const at = new Map(names.map((name, i) => [name, i]));
  const sparse = rows.map(({ features, positive }) => ({
    entries: [...features].map(([name, value]) => [at.get(name)!, value] as const),
    target: positive ? 1 : 0,
  }));
  const weights = new Float64Array(names.length).fill(START);
  let intercept = -4;
  const [m, v] = [new Float64Array(names.length + 1), new Float64Array(names.length + 1)];
  for (let step = 1; step <= STEPS; step++) {
    const gradient = new Float64Array(names.length + 1);
    for (const { entries, target } of sparse) {
      let sum = intercept;
      for (const [i, value] of entries) sum += weights[i]! * value;
      const error = 1 / (1 + Math.exp(-sum)) - target;
      for (const [i, value] of entries) gradient[i] = gradient[i]! + error * value;
      gradient[names.length] = gradient[names.length]! + error;
    }
    for (let i = 0; i < names.length; i++) gradient[i] = gradient[i]! + RIDGE * (weights[i]! - START);
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

export interface Point {
  readonly prior: number;
  readonly found: number;
  readonly of: number;
  readonly wrong: number;
}

/** What is found and what is false at Medium for a prior of registrations; incidents by their best unit. */
export function pointAt(units: readonly SavedUnit[], weights: Weights, prior: number): Point {
  const best = new Map<string, number>();
  let wrong = 0;
  for (const unit of units) {
    const { score } = fuse(unit.kind as 'registration', unit.evidence, { ...weights, prior: { ...weights.prior, registration: prior } });
    for (const { id, mustDetect } of unit.incidents) {
      const key = `${unit.tenant} ${id}`;
      if (mustDetect) best.set(key, Math.max(best.get(key) ?? 0, score));
    }
    if (!unit.isAttack && score >= 50) wrong++;
  }
  return { prior, found: [...best.values()].filter((score) => score >= 50).length, of: best.size, wrong };
}
