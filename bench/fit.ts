import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Weights, weights } from '../src/scoring/weights.ts';
import { fitLogistic, type Point, pointAt, weightsWith, withPrior } from './quality/fit.ts';
import { calibrate, leaveOneGeneratorOut, registrationsOf, rowsOf } from './quality/generators.ts';
import { type SavedUnit, savedEvidence } from './quality/saved-evidence.ts';
import { tenantsBelow } from './quality/tenants-below.ts';

const PRIORS = [-6.5, -6.2, -5.9, -5.6, -5.3, -5, -4.7, -4.4, -4.1, -3.8, -3.5];
/** How strongly a fit is held to the present weights: hardly, in part, firmly. */
const RIDGES = [3, 30, 300];
const out = (line: string) => process.stdout.write(`${line}\n`);
const point = ({ found, of, foundNear, ofNear, wrong }: Point) => `${found}/${of} near ${foundNear}/${ofNear} false ${wrong}`;

function generators(units: readonly SavedUnit[]): void {
  for (const ridge of RIDGES) {
    out(`one generator out, ridge ${ridge}:`);
    for (const { generator, present, others, calibrated } of leaveOneGeneratorOut(units, weights, ridge)) {
      out(
        `  ${generator.padEnd(10)} present ${point(present)} ECE ${present.ece.toFixed(3)}   of the others ${point(others)} ECE ${others.ece.toFixed(3)}` +
          `   map of the others a ${calibrated.a.toFixed(2)} b ${calibrated.b.toFixed(2)} ECE ${calibrated.ece.toFixed(3)}`,
      );
    }
  }
  const { a, b } = calibrate(units, weights);
  out(`map over all: a ${a.toFixed(2)} b ${b.toFixed(2)}`);
}

function scenarios(units: readonly SavedUnit[], chosen: Weights): void {
  for (const scenario of [...new Set(units.flatMap(({ incidents }) => incidents.map((one) => one.scenario)))].sort()) {
    const isOf = ({ incidents }: SavedUnit) => incidents.some((one) => one.scenario === scenario);
    const { weights: without } = fitLogistic(
      rowsOf(
        units.filter((unit) => !isOf(unit)),
        weights,
      ),
      weights,
    );
    const mine = units.filter(isOf);
    const [now, blind, seeing] = [weights, weightsWith(without, weights), chosen].map((each) => pointAt(mine, each));
    out(`${scenario.padEnd(36)} ${now!.found}/${now!.of} present, ${blind!.found} without it, ${seeing!.found} with it`);
  }
}

/** The evidence of a tenant, from a file of an earlier fit where there is a folder for it. */
async function evidenceOf(directory: string, folder: string | undefined): Promise<readonly SavedUnit[]> {
  if (folder === undefined) return savedEvidence(directory);
  const file = join(folder, `${directory.split('/').slice(-2).join('__')}.json`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify(await savedEvidence(directory)));
  }
  return JSON.parse(readFileSync(file, 'utf8')) as readonly SavedUnit[];
}

function report(units: readonly SavedUnit[], argv: readonly string[]): void {
  const registrations = registrationsOf(units);
  out(`${registrations.length} registrations, ${registrations.filter(({ isAttack }) => isAttack).length} of attackers`);
  const { intercept, weights: fitted } = fitLogistic(rowsOf(units, weights), weights);
  out(`intercept ${intercept.toFixed(2)}`);
  for (const [name, value] of fitted) out(`  ${name.padEnd(44)} ${value.toFixed(2)}`);
  const chosen = weightsWith(fitted, weights);
  out('prior   (present weights)                     (fitted)');
  for (const prior of PRIORS) {
    const [now, then] = [weights, chosen].map((each) => pointAt(units, withPrior(each, prior)));
    out(`${prior.toFixed(1)}    ${point(now!)}        ${point(then!)}`);
  }
  if (argv.includes('--leave-one-out')) scenarios(units, chosen);
  if (argv.includes('--generators')) generators(units);
}

/**
 * Fits the weights of the fusion to labelled tenants: `npm run bench fit DIR...`. Prints the weights for src/scoring/weights.ts, what each prior
 * (the operating point) would find, with --leave-one-out what leaving one scenario out at a time changes, and with --generators how weights and a
 * calibration that were fitted on all other generators (the folders above the tenants) judge each one. --keep=DIR keeps the evidence for the next fit.
 */
export async function benchFit(argv: readonly string[]): Promise<void> {
  const directories = argv.filter((word) => !word.startsWith('--')).flatMap((word) => tenantsBelow(resolve(word)));
  const folder = argv.find((word) => word.startsWith('--keep='))?.slice('--keep='.length);
  const units: SavedUnit[] = [];
  for (const directory of directories) units.push(...(await evidenceOf(directory, folder)));
  out(`${directories.length} tenants`);
  report(units, argv);
}
