import { FactorwatchError, type Place } from '../core/errors.ts';
import type { KqlColumn } from '../core/kql-types.ts';
import { CHECKS } from './checks.ts';
import type { Rule } from './rule.ts';

/** A broken limit of a rule. */
export interface RuleFault {
  /** Number of the check: ES1001. KQL faults are ES1000. */
  readonly check: string;
  readonly message: string;
  readonly where: Place;
}

/** Compiles a query and gives the columns of its answer. */
export type Compile = (query: { readonly kql: string; readonly file: string }) => Promise<readonly KqlColumn[]>;

/** Runs every check over these rules, which are among all of the project; faults in the order of the rules. */
export async function checkRules(rules: readonly Rule[], all: readonly Rule[], compile: Compile): Promise<readonly RuleFault[]> {
  const faults: RuleFault[] = [];
  for (const rule of rules) {
    let columns: readonly KqlColumn[] | undefined;
    try {
      columns = await compile({ kql: rule.query, file: rule.file });
    } catch (error) {
      if (!(error instanceof FactorwatchError)) throw error;
      faults.push({ check: 'ES1000', message: `the query does not compile: ${error.message}`, where: rule.place(['query']) });
    }
    for (const check of CHECKS) {
      for (const { message, path } of check.find(rule, { columns, all })) {
        faults.push({ check: check.id, message, where: rule.place(path) });
      }
    }
  }
  return faults;
}
