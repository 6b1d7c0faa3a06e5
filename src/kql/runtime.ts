import { arrayFunctions } from './runtime/arrays.ts';
import { decimalFunctions } from './runtime/decimals.ts';
import { densifyFunctions } from './runtime/densify.ts';
import { encodingFunctions } from './runtime/encodings.ts';
import { formatFunctions } from './runtime/formats.ts';
import { runtimeFunctions as general, type RuntimeFunction } from './runtime/functions.ts';
import { geohashFunctions } from './runtime/geohash.ts';
import { geometryFunctions } from './runtime/geometry.ts';
import { h3Functions } from './runtime/h3.ts';
import { ipFunctions } from './runtime/ip.ts';
import { ipBoundFunctions } from './runtime/ip-bounds.ts';
import { keyValueFunctions } from './runtime/key-values.ts';
import { madeShapeFunctions } from './runtime/made-shapes.ts';
import { parsingFunctions } from './runtime/parsing.ts';
import { patternFunctions } from './runtime/patterns.ts';
import { realTextFunctions } from './runtime/real-text.ts';
import { s2Functions } from './runtime/s2.ts';
import { schemaFunctions } from './runtime/schema.ts';
import { seriesFunctions } from './runtime/series.ts';
import { decomposeFunctions } from './runtime/series-decompose.ts';
import { seriesNumberFunctions } from './runtime/series-numbers.ts';
import { polynomialFunctions } from './runtime/series-poly.ts';
import { sessionFunctions } from './runtime/sessions.ts';
import { shapePairFunctions } from './runtime/shape-pairs.ts';
import { sketchFunctions } from './runtime/sketches.ts';
import { specialFunctions } from './runtime/special.ts';
import { xmlFunctions } from './runtime/xml.ts';

export type { RuntimeFunction } from './runtime/functions.ts';
export { runtimeMacros } from './runtime/macros.ts';

/** Every function in JavaScript that translated SQL calls. */
export const runtimeFunctions: readonly RuntimeFunction[] = [
  ...general,
  ...arrayFunctions,
  ...decimalFunctions,
  ...encodingFunctions,
  ...parsingFunctions,
  ...patternFunctions,
  ...specialFunctions,
  ...geohashFunctions,
  ...geometryFunctions,
  ...shapePairFunctions,
  ...densifyFunctions,
  ...madeShapeFunctions,
  ...h3Functions,
  ...s2Functions,
  ...ipFunctions,
  ...formatFunctions,
  ...seriesFunctions,
  ...seriesNumberFunctions,
  ...polynomialFunctions,
  ...decomposeFunctions,
  ...sessionFunctions,
  ...sketchFunctions,
  ...realTextFunctions,
  ...schemaFunctions,
  ...keyValueFunctions,
  ...ipBoundFunctions,
  ...xmlFunctions,
];
