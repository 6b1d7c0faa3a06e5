import { setTimeout as delay } from 'node:timers/promises';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { Failure } from './failures.ts';

export interface RetryPolicy {
  /** Tries of one request, the first included. */
  readonly attempts: number;
  /** Longest pause between two, in ms; a longer Retry-After is cut to it. */
  readonly maxWaitMs: number;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** In [0, 1): spreads the clients that were thrown out together. */
  readonly random: () => number;
}

export function realSleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return delay(ms, undefined, signal && { signal });
}

/** Pause before try `attempt` + 1: what the service asked for, else 1 s, 2 s, 4 s ... with half of it by chance. */
export function pauseMs(attempt: number, failure: Failure, policy: RetryPolicy): number {
  if (failure.retryAfterMs !== undefined) return Math.min(failure.retryAfterMs, policy.maxWaitMs);
  return Math.min(1000 * 2 ** (attempt - 1), policy.maxWaitMs) * (0.5 + policy.random() / 2);
}

function interrupted(): FactorwatchError {
  return new FactorwatchError('interrupted', 'interrupted', { exitCode: ExitCode.interrupted });
}

/** The last failure, with how often it was tried. */
export function exhausted(failure: Failure, attempts: number): FactorwatchError {
  const { error } = failure;
  return new FactorwatchError(error.code, `${error.message} (after ${attempts} ${attempts === 1 ? 'try' : 'tries'})`, {
    exitCode: error.exitCode,
    where: error.where,
    hint: error.hint ?? 'Try again later; what was not read or sent is taken up by the next run.',
  });
}

export type Outcome<T> = { readonly value: T } | { readonly failure: Failure };

/**
 * Tries an operation until it succeeds, or fails for a reason that `again` does not allow to be tried again. Gives the last
 * failure instead of throwing it, as the caller may yet ask for less.
 */
export async function retrying<T>(
  operation: () => Promise<T>,
  {
    policy,
    nameFailure,
    signal,
    again = (failure) => failure.kind === 'wait',
    onRetry,
  }: {
    readonly policy: RetryPolicy;
    readonly nameFailure: (error: unknown) => Failure;
    readonly signal?: AbortSignal | undefined;
    readonly again?: (failure: Failure) => boolean;
    readonly onRetry?: ((failure: Failure, waitMs: number) => void) | undefined;
  },
): Promise<Outcome<T>> {
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw interrupted();
    let failure: Failure;
    try {
      return { value: await operation() };
    } catch (error) {
      if (signal?.aborted) throw interrupted();
      failure = nameFailure(error);
    }
    if (!again(failure)) return { failure };
    if (attempt >= policy.attempts) return { failure: { ...failure, kind: 'fatal', error: exhausted(failure, attempt) } };
    const waitMs = pauseMs(attempt, failure, policy);
    onRetry?.(failure, waitMs);
    try {
      await policy.sleep(waitMs, signal);
    } catch {
      throw interrupted();
    }
  }
}
