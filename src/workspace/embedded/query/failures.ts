import { ExitCode, FactorwatchError } from '../../../core/errors.ts';

/** Why a query was stopped from outside. */
export type Stop = { readonly kind: 'timeout'; readonly ms: number } | { readonly kind: 'signal'; readonly reason: unknown };

/**
 * A failure of the engine while a query ran, in words for whoever asked. An error before that (Binder, Parser, Catalog) is a fault of the
 * translator, and thrown as it is.
 */
export function queryFailure(error: unknown, stop: Stop | undefined, file: string | undefined): unknown {
  if (error instanceof FactorwatchError) return error;
  const where = file === undefined ? undefined : { file };
  if (stop?.kind === 'timeout') {
    return new FactorwatchError('kql-timeout', `the query was stopped after ${stop.ms / 1000} s`, {
      exitCode: ExitCode.unavailable,
      where,
      hint: 'narrow the time range, or filter before joining and summarizing',
      cause: error,
    });
  }
  if (stop?.kind === 'signal') {
    return new FactorwatchError('interrupted', 'the query was interrupted', { exitCode: ExitCode.interrupted, where, cause: stop.reason });
  }
  const message = error instanceof Error ? error.message : String(error);
  if (/^Out of Memory Error/.test(message)) {
    return new FactorwatchError('kql-memory', 'the query needs more memory than it may use', {
      exitCode: ExitCode.unavailable,
      where,
      hint: 'narrow the time range, or project fewer columns',
      cause: error,
    });
  }
  if (/^(Out of Range|Conversion|Invalid Input|Invalid) Error/.test(message)) {
    return new FactorwatchError('kql-failed', `the query failed: ${message.split('\n')[0]}`, {
      exitCode: ExitCode.invalid,
      where,
      cause: error,
    });
  }
  return error;
}
