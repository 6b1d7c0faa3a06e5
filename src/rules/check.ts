import type { KqlColumn } from '../core/kql-types.ts';
import type { Rule } from './rule.ts';

/** A fault of a rule that a check has found. */
export interface Finding {
  readonly message: string;
  /** Path of the value in the file, for its line and column. */
  readonly path: readonly PropertyKey[];
}

/** What a check may look at besides the rule. */
export interface CheckScope {
  /** Columns of the query's answer; undefined where it does not compile (that is a fault of its own). */
  readonly columns: readonly KqlColumn[] | undefined;
  /** Every rule of the project. */
  readonly all: readonly Rule[];
}

/** One numbered limit: what it is, who sets it, and how it is found broken. */
export interface Check {
  /** Stays for ever; a retired number is not used again. */
  readonly id: `ES${number}`;
  readonly limit: string;
  /** Who enforces it. */
  readonly source: 'service' | 'repository' | 'style guide' | 'Factorwatch';
  find(rule: Rule, scope: CheckScope): readonly Finding[];
}

/** A row of a table of checks: no fault where `ok`, else one at the path. */
export function limitCheck(
  id: Check['id'],
  source: Check['source'],
  limit: string,
  test: (rule: Rule) => { readonly ok: boolean; readonly value?: unknown; readonly path: readonly PropertyKey[] },
): Check {
  return {
    id,
    source,
    limit,
    find: (rule) => {
      const { ok, value, path } = test(rule);
      return ok ? [] : [{ message: value === undefined ? limit : `${limit}; it is ${JSON.stringify(value)}`, path }];
    },
  };
}
