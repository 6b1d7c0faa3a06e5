import { didYouMean } from '../core/did-you-mean.ts';
import { ExitCode, FactorwatchError } from '../core/errors.ts';
import type { KqlColumn } from '../core/kql-types.ts';
import { columnsOf } from '../events/contracts.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { PipelineQuery } from './pipeline-file.ts';

/** Compiles a query and compares its columns with its kind's contract; refuses it (78) with every difference. */
export async function checkContract(workspace: Workspace, query: PipelineQuery): Promise<void> {
  const columns = await workspace.check({ kql: query.kql, file: query.file });
  const faults = contractFaults(columns, columnsOf(query.kind));
  if (faults.length === 0) return;
  throw new FactorwatchError('query-contract', `${query.file} does not yield the columns of kind "${query.kind}": ${faults.join('; ')}`, {
    exitCode: ExitCode.invalid,
    where: { file: query.file },
    hint: 'A query projects exactly the columns of its kind, by name and type; their order is free.',
  });
}

/** The differences in words; empty when they match. */
export function contractFaults(actual: readonly KqlColumn[], wanted: readonly KqlColumn[]): readonly string[] {
  const types = new Map(actual.map(({ name, type }) => [name, type]));
  const names = new Set(wanted.map(({ name }) => name));
  const extra = actual.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  return [
    ...wanted.flatMap(({ name, type }) => {
      const found = types.get(name);
      if (found === undefined) return `${name} (${type}) is missing${didYouMean(name, extra).replace('did you mean', 'is it')}`;
      return found === type ? [] : `${name} is ${found}, not ${type}`;
    }),
    ...extra.map((name) => `${name} is not expected`),
  ];
}
