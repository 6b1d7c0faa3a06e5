import { refuse } from '../context.ts';
import { INGESTION_ID } from '../relation.ts';
import type { FunctionRow } from './row.ts';

export const ingestion: readonly FunctionRow[] = [
  {
    name: 'ingestion_time',
    takes: [],
    returns: 'datetime',
    emit: ({ node, scope }) =>
      scope.rows?.ingestion
        ? { sql: INGESTION_ID, type: 'datetime' }
        : refuse(scope, node, 'ingestion_time', 'after an operator that does not keep the rows of a table'),
  },
];
