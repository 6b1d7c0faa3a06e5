import { FACTOR_FINDINGS } from './factor-findings.ts';
import { FACTOR_RULES } from './factor-rules.ts';
import { FACTOR_RUNS } from './factor-runs.ts';
import type { OutputTable } from './output-table.ts';

/** Our own tables. */
export const OUTPUT_TABLES: readonly OutputTable[] = [FACTOR_FINDINGS, FACTOR_RULES, FACTOR_RUNS];

/** Our own tables by the stream that fills them. */
export const OUTPUT_STREAMS: ReadonlyMap<string, OutputTable> = new Map(OUTPUT_TABLES.map((table) => [table.stream, table]));
