import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import { type Rule, readRule } from './rule.ts';

/** Reads every rule of a folder, in the order of their names. Faults of all files are reported together (78). */
export function loadRules(folder: string, shownFrom = folder): readonly Rule[] {
  const rules: Rule[] = [];
  const faults: FactorwatchError[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!/\.ya?ml$/.test(name)) continue;
    const path = join(folder, name);
    try {
      rules.push(readRule(readFileSync(path, 'utf8'), relative(shownFrom, path) || name));
    } catch (error) {
      if (!(error instanceof FactorwatchError)) throw error;
      faults.push(error);
    }
  }
  if (faults.length === 1) throw faults[0]!;
  if (faults.length > 1) {
    throw new FactorwatchError('rule-invalid', faults.map(({ message, where }) => `${where?.file}: ${message}`).join('\n'), {
      exitCode: ExitCode.invalid,
      where: faults[0]!.where,
    });
  }
  return rules;
}
