import { collections } from './collections.ts';
import { conversion } from './conversion.ts';
import { datetime } from './datetime.ts';
import { dynamic } from './dynamic.ts';
import { encoding } from './encoding.ts';
import { format } from './format.ts';
import { ingestion } from './ingestion.ts';
import { ip } from './ip.ts';
import { logic } from './logic.ts';
import { math } from './math.ts';
import type { FunctionRow } from './row.ts';
import { series } from './series.ts';
import { string } from './string.ts';
import { tuples } from './tuples.ts';

/** Every scalar function that is known, by name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionRow> = new Map(
  [
    ...collections,
    ...encoding,
    ...ip,
    ...format,
    ...conversion,
    ...logic,
    ...math,
    ...string,
    ...datetime,
    ...dynamic,
    ...ingestion,
    ...series,
    ...tuples,
  ].map((row) => [row.name, row]),
);
