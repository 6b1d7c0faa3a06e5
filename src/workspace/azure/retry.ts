import { setTimeout as delay } from 'node:timers/promises';
import { counted } from '../../core/counted.ts';
import { ExitCode, FactorwatchError } from '../../core/errors.ts';
import type { Failure } from './failures.ts';

export interface RetryPolicy {
  /** Tries of one request, the first included. */
  readonly attempts: number;
  /** Longest pause between two, in ms; a longer Retry-After is cut to it. */
  readonly maxWaitMs: number;
  /** A request is not tried again when this has passed since its first try began, in ms. */
  readonly requestMs: number;
  /** What a run has lost to failures so far, all of its requests together. */
  readonly losses: Losses;
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  /** A clock that only goes forward, in ms. */
  readonly now: () => number;
  /** In [0, 1): spreads the clients that were thrown out together. */
  readonly random: () => number;
}

export const DEFAULT_REQUEST_MS = 15 * 60_000;
const DEFAULT_RUN_MS = 60 * 60_000;

/**
 * The time of failed tries and of the pauses after them. A service that fails each request some times and then answers keeps within the bounds of
 * every single request, and yet a run over thousands of them would not end. What several requests lose at the same time is lost once.
 */
export class Losses {
  readonly mostMs: number;
  private lostMs = 0;
  private countedTo = Number.NEGATIVE_INFINITY;

  constructor(mostMs = DEFAULT_RUN_MS) {
    this.mostMs = mostMs;
  }

  add(fromMs: number, toMs: number): void {
    this.lostMs += Math.max(0, toMs - Math.max(fromMs, this.countedTo));
    this.countedTo = Math.max(this.countedTo, toMs);
  }

  /** Whether so much more is still within the bound. */
  allow(ms: number): boolean {
    return this.lostMs + ms <= this.mostMs;
  }

  /** A run begins. */
  clear(): void {
    this.lostMs = 0;
  }
}

export function realSleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return delay(ms, undefined, signal && { signal });
}

/** Pause before try `attempt` + 1: what the service asked for, else 1 s, 2 s, 4 s ... with half of it by chance. */
function pauseMs(attempt: number, failure: Failure, policy: RetryPolicy): number {
  if (failure.retryAfterMs !== undefined) return Math.min(failure.retryAfterMs, policy.maxWaitMs);
  return Math.min(1000 * 2 ** (attempt - 1), policy.maxWaitMs) * (0.5 + policy.random() / 2);
}

function interrupted(): FactorwatchError {
  return new FactorwatchError('interrupted', 'interrupted', { exitCode: ExitCode.interrupted });
}

/** The last failure, with how often it was tried, and the bound of time that ended it where one did. */
export function exhausted(failure: Failure, attempts: number, bound?: string): FactorwatchError {
  const { error } = failure;
  const tries = `after ${counted(attempts, 'try', 'tries')}${bound === undefined ? '' : `; ${bound}`}`;
  return new FactorwatchError(error.code, `${error.message} (${tries})`, {
    exitCode: error.exitCode,
    where: error.where,
    hint: error.hint ?? 'Try again later; what was not read or sent is taken up by the next run.',
  });
}

const said = (ms: number) => (ms < 60_000 ? `${ms / 1000} s` : `${Math.round(ms / 60_000)} min`);

/** The bound of time that another try of a request would break, in words. */
function requestBound(requestMs: number, { requestMs: most }: RetryPolicy): string | undefined {
  return requestMs > most ? `retry.per_request allows ${said(most)}` : undefined;
}

/** The same of a run, of which a failure would cost so much more. */
export function runBound(moreMs: number, { losses }: RetryPolicy): string | undefined {
  return losses.allow(moreMs) ? undefined : `retry.per_run allows ${said(losses.mostMs)} for all failures of a run`;
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
  const { now, losses } = policy;
  const begun = now();
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw interrupted();
    const tried = now();
    let failure: Failure;
    try {
      return { value: await operation() };
    } catch (error) {
      if (signal?.aborted) throw interrupted();
      failure = nameFailure(error);
    }
    losses.add(tried, now());
    if (!again(failure)) return { failure };
    const waitMs = pauseMs(attempt, failure, policy);
    const bound = requestBound(now() - begun + waitMs, policy) ?? runBound(waitMs, policy);
    if (attempt >= policy.attempts || bound !== undefined)
      return { failure: { ...failure, kind: 'fatal', error: exhausted(failure, attempt, bound) } };
    losses.add(now(), now() + waitMs);
    onRetry?.(failure, waitMs);
    try {
      await policy.sleep(waitMs, signal);
    } catch {
      throw interrupted();
    }
  }
}
