import { calibrationError } from '../../src/evaluate/statistics.ts';
import { fuse } from '../../src/scoring/fusion.ts';
import { REPORT_SCORE, type Weights } from '../../src/scoring/weights.ts';
import { type FitRow, featuresOf, fitLogistic, type Point, pointAt, weightsWith, withPrior } from './fit.ts';
import type { SavedUnit } from './saved-evidence.ts';

export const registrationsOf = (units: readonly SavedUnit[]) => units.filter(({ kind }) => kind === 'registration');

/** Registrations as rows of a fit; each generator counts as much as another, whatever the number of its tenants. */
export function rowsOf(units: readonly SavedUnit[], weights: Weights): readonly FitRow[] {
  const registrations = registrationsOf(units);
  const counts = new Map<string, number>();
  for (const { generator } of registrations) counts.set(generator, (counts.get(generator) ?? 0) + 1);
  return registrations.map(({ evidence, isAttack, generator }) => ({
    features: featuresOf(evidence, weights),
    offset: evidence.reduce((sum, { llr, prior }) => sum + (prior === true ? llr : 0), 0),
    positive: isAttack,
    weight: registrations.length / counts.size / counts.get(generator)!,
  }));
}

/** The prior at which weights give about as many false findings as others do on the same units. */
function priorOfEqual(units: readonly SavedUnit[], weights: Weights, present: Weights): number {
  const { wrong } = pointAt(units, present);
  let [low, high] = [present.prior.registration - 3, present.prior.registration + 3];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (pointAt(units, withPrior(weights, middle)).wrong > wrong) high = middle;
    else low = middle;
  }
  return low;
}

/** Calibration error of the findings: of their stated confidence against how often they were about an attack. */
function eceOf(units: readonly SavedUnit[], weights: Weights): number {
  const findings = units.flatMap(({ kind, evidence, isAttack }) => {
    const { score, posterior } = fuse(kind as 'registration', evidence, weights);
    return score < REPORT_SCORE ? [] : [{ confidence: posterior, positive: isAttack }];
  });
  return calibrationError(findings);
}

/** A and b of one map sigmoid(a L + b), fitted to what would be reported, each generator counting as much as another. */
export function calibrate(units: readonly SavedUnit[], weights: Weights): { readonly a: number; readonly b: number } {
  const plain = { ...weights, a: 1, b: 0 };
  const known = registrationsOf(units).flatMap(({ evidence, isAttack, generator }) => {
    const { logOdds, score } = fuse('registration', evidence, plain);
    return score < REPORT_SCORE ? [] : [{ logOdds, target: isAttack ? 1 : 0, generator }];
  });
  const counts = new Map<string, number>();
  for (const { generator } of known) counts.set(generator, (counts.get(generator) ?? 0) + 1);
  let [a, b] = [1, 0];
  for (let step = 0; step < 4000; step++) {
    let [da, db] = [0.02 * (a - 1), 0.02 * b];
    for (const { logOdds, target, generator } of known) {
      const error = (1 / (1 + Math.exp(-(a * logOdds + b))) - target) / counts.get(generator)! / counts.size;
      da += error * logOdds;
      db += error;
    }
    a = Math.max(0.1, a - 0.3 * da);
    b -= 0.3 * db;
  }
  return { a, b };
}

export interface GeneratorResult {
  readonly generator: string;
  readonly present: Point & { readonly ece: number };
  /** Weights fitted on all other generators, at the prior that gives those as many false findings as the present weights do. */
  readonly others: Point & { readonly ece: number };
  /** The present weights under the map that is true on average over the others. */
  readonly calibrated: { readonly a: number; readonly b: number; readonly ece: number };
}

/** Each generator judged by what the others taught. */
export function leaveOneGeneratorOut(units: readonly SavedUnit[], present: Weights, ridge: number): readonly GeneratorResult[] {
  const generators = [...new Set(units.map(({ generator }) => generator))].sort();
  return generators.map((generator) => {
    const mine = units.filter((unit) => unit.generator === generator);
    const rest = units.filter((unit) => unit.generator !== generator);
    const fitted = weightsWith(fitLogistic(rowsOf(rest, present), present, ridge).weights, present);
    const chosen = withPrior(fitted, priorOfEqual(rest, fitted, present));
    const map = calibrate(rest, present);
    return {
      generator,
      present: { ...pointAt(mine, present), ece: eceOf(mine, present) },
      others: { ...pointAt(mine, chosen), ece: eceOf(mine, chosen) },
      calibrated: { ...map, ece: eceOf(mine, { ...present, ...map }) },
    };
  });
}
