import { resolve } from 'node:path';
import { weights } from '../src/scoring/weights.ts';
import { featuresOf, fitLogistic, pointAt, weightsWith } from './quality/fit.ts';
import { type SavedUnit, savedEvidence } from './quality/saved-evidence.ts';
import { tenantsBelow } from './quality/tenants-below.ts';

const PRIORS = [-6.5, -6.2, -5.9, -5.6, -5.3, -5, -4.7, -4.4, -4.1, -3.8, -3.5];
const out = (line: string) => process.stdout.write(`${line}\n`);

function fitTo(units: readonly SavedUnit[]) {
  const rows = units
    .filter(({ kind }) => kind === 'registration')
    .map(({ evidence, isAttack }) => ({ features: featuresOf(evidence, weights), positive: isAttack }));
  return fitLogistic(rows);
}

/**
 * Fits the weights of the fusion to labelled tenants: `npm run bench fit DIR...`. Prints the weights for src/scoring/weights.ts, what each prior
 * (the operating point) would find, and what leaving one scenario out at a time changes.
 */
export async function benchFit(argv: readonly string[]): Promise<void> {
  const directories = argv.filter((word) => !word.startsWith('--')).flatMap((word) => tenantsBelow(resolve(word)));
  const units: SavedUnit[] = [];
  for (const directory of directories) units.push(...(await savedEvidence(directory)));
  const registrations = units.filter(({ kind }) => kind === 'registration');
  out(
    `${directories.length} tenants, ${registrations.length} registrations, ${registrations.filter(({ isAttack }) => isAttack).length} of attackers`,
  );
  const { intercept, weights: fitted } = fitTo(units);
  out(`intercept ${intercept.toFixed(2)}`);
  for (const [name, value] of fitted) out(`  ${name.padEnd(44)} ${value.toFixed(2)}`);
  const chosen = weightsWith(fitted, weights);
  out('prior   found   false   (present weights)        (fitted)');
  for (const prior of PRIORS) {
    const [now, then] = [pointAt(units, weights, prior), pointAt(units, chosen, prior)];
    out(`${prior.toFixed(1)}    ${now.found}/${now.of} ${now.wrong}        ${then.found}/${then.of} ${then.wrong}`);
  }
  if (!argv.includes('--leave-one-out')) return;
  const prior = weights.prior.registration;
  for (const scenario of [...new Set(units.flatMap(({ incidents }) => incidents.map((one) => one.scenario)))].sort()) {
    const isOf = ({ incidents }: SavedUnit) => incidents.some((one) => one.scenario === scenario);
    const { weights: without } = fitTo(units.filter((unit) => !isOf(unit)));
    const [blind, seeing] = [weightsWith(without, weights), chosen].map((each) => pointAt(units.filter(isOf), each, prior));
    out(`${scenario.padEnd(36)} ${blind!.found}/${blind!.of} without it, ${seeing!.found}/${seeing!.of} with it`);
  }
}
