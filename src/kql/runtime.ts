import { runtimeFunctions as general, type RuntimeFunction } from './runtime/functions.ts';
import { keyValueFunctions } from './runtime/key-values.ts';
import { seriesFunctions } from './runtime/series.ts';
import { seriesNumberFunctions } from './runtime/series-numbers.ts';

export type { RuntimeFunction } from './runtime/functions.ts';
export { runtimeMacros } from './runtime/macros.ts';

/** Every function in JavaScript that translated SQL calls. */
export const runtimeFunctions: readonly RuntimeFunction[] = [
  ...general,
  ...seriesFunctions,
  ...seriesNumberFunctions,
  ...keyValueFunctions,
];
