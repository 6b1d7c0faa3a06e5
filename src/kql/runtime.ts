export { type RuntimeFunction, runtimeFunctions } from './runtime/functions.ts';
export { runtimeMacros } from './runtime/macros.ts';
