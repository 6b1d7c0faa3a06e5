import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import { whyUnreadable } from '../file-fault.ts';
import { usageError } from '../usage-error.ts';

export interface QueryText {
  readonly text: string;
  readonly file: string | undefined;
}

/** The query from the command line or from a file. */
export function queryText({ cwd }: { readonly cwd: string }, kql: string | undefined, file: string | undefined): QueryText {
  if ((kql === undefined) === (file === undefined)) {
    throw usageError('give a query, either as text or with -f FILE', 'factorwatch query "SigninLogs | take 5"');
  }
  // Where a server has the workspace the query is run there, and its standard input is another.
  if ((kql ?? file)!.trim() === '-') throw usageError('standard input is not read', 'factorwatch query "$(cat)", or -f FILE');
  if (file === undefined) return { text: kql!, file: undefined };
  try {
    return { text: readFileSync(resolve(cwd, file), 'utf8').replace(/^\ufeff/, ''), file };
  } catch (cause) {
    throw new FactorwatchError('input-missing', `cannot read the query: ${whyUnreadable(cause)}`, {
      exitCode: ExitCode.noInput,
      where: { file },
      cause,
    });
  }
}
