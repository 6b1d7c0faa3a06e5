import { collections } from './collections.ts';
import { conversion } from './conversion.ts';
import { datetime } from './datetime.ts';
import { dynamic } from './dynamic.ts';
import { encoding } from './encoding.ts';
import { format } from './format.ts';
import { geo } from './geo.ts';
import { ingestion } from './ingestion.ts';
import { ip } from './ip.ts';
import { logic } from './logic.ts';
import { math } from './math.ts';
import { ALIASES, other } from './other.ts';
import type { FunctionRow } from './row.ts';
import { series } from './series.ts';
import { sketches } from './sketches.ts';
import { string } from './string.ts';
import { tuples } from './tuples.ts';
import { units } from './units.ts';

const ROWS: ReadonlyMap<string, FunctionRow> = new Map(
  [
    ...[collections, conversion, datetime, dynamic, encoding, format, geo, ingestion],
    ...[ip, logic, math, other, series, sketches, string, tuples, units],
  ]
    .flat()
    .map((row) => [row.name, row]),
);

/** Every scalar function that is known, by name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionRow> = new Map([
  ...ROWS,
  ...Object.entries(ALIASES).map(([name, same]) => [name, { ...ROWS.get(same)!, name }] as const),
]);
