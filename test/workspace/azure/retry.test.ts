import { expect, test } from 'vitest';
import { FactorwatchError } from '../../../src/core/errors.ts';
import type { Failure } from '../../../src/workspace/azure/failures.ts';
import { Losses, type RetryPolicy, retrying } from '../../../src/workspace/azure/retry.ts';
import { azureTarget, SETTINGS } from '../../support/azure-target.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';

const MINUTE = 60_000;

/** A clock that only tries and pauses move. */
function testClock(bounds: {
  readonly attempts?: number;
  readonly requestMs?: number;
  readonly runMs?: number;
  readonly maxWaitMs?: number;
}) {
  let at = 0;
  const { attempts = 6, requestMs = 15 * MINUTE, runMs = 60 * MINUTE, maxWaitMs = MINUTE } = bounds;
  const policy: RetryPolicy = {
    attempts,
    maxWaitMs,
    requestMs,
    losses: new Losses(runMs),
    sleep: async (ms) => {
      at += ms;
    },
    random: () => 1,
    now: () => at,
  };
  const failing = (tryMs: number, failure: Partial<Failure> = {}, succeedsAt = Number.POSITIVE_INFINITY) => {
    let tries = 0;
    return retrying(
      async () => {
        tries++;
        if (tries >= succeedsAt) return tries;
        at += tryMs;
        throw new Error('no answer');
      },
      {
        policy,
        nameFailure: () => ({
          kind: 'wait',
          error: new FactorwatchError('workspace-unavailable', 'no answer', { exitCode: 69 }),
          ...failure,
        }),
      },
    );
  };
  return { policy, failing, elapsed: () => at };
}

test('tries that take long end at the bound of a request, not at the number of tries', async () => {
  const { failing, elapsed } = testClock({ attempts: 20 });
  const outcome = await failing(7 * MINUTE);
  expect(outcome).toMatchObject({ failure: { kind: 'fatal', error: { exitCode: 69 } } });
  expect((outcome as { failure: Failure }).failure.error.message).toBe('no answer (after 3 tries; retry.per_request allows 15 min)');
  // The third try began within the bound, after pauses of 1 and 2 s, and was given its time.
  expect(elapsed()).toBe(21 * MINUTE + 3_000);
});

test('a pause that would reach beyond the bound of a request is not begun', async () => {
  const { failing, elapsed } = testClock({ requestMs: 150_000 });
  const outcome = await failing(0, { retryAfterMs: 10 * MINUTE });
  expect((outcome as { failure: Failure }).failure.error.message).toContain('after 3 tries; retry.per_request allows 3 min');
  expect(elapsed()).toBe(2 * MINUTE);
});

test('requests that each succeed in the end cannot make a run endless', async () => {
  const { failing, elapsed, policy } = testClock({ runMs: 10 * MINUTE });
  let answered = 0;
  let last = await failing(MINUTE, { retryAfterMs: MINUTE }, 3);
  for (; 'value' in last; last = await failing(MINUTE, { retryAfterMs: MINUTE }, 3)) answered++;
  // Two failures of a minute and two pauses of a minute each: two requests fit, and the third ends within the bound and one try.
  expect(answered).toBe(2);
  expect(last.failure.error.message).toBe('no answer (after 2 tries; retry.per_run allows 10 min for all failures of a run)');
  expect(elapsed()).toBeLessThanOrEqual(11 * MINUTE);
  policy.losses.clear();
  expect(await failing(0, {}, 2)).toEqual({ value: 2 });
});

test('what cannot be tried again counts too, and is told as it is', async () => {
  const { failing, policy } = testClock({ runMs: 5 * MINUTE });
  const outcome = await failing(6 * MINUTE, { kind: 'fatal' });
  expect((outcome as { failure: Failure }).failure.error.message).toBe('no answer');
  expect(policy.losses.allow(0)).toBe(false);
});

test('a service that fails every second query ends the run at its bound, and not the next run', async () => {
  const retry = { ...SETTINGS.retry, per_run: 10 * MINUTE };
  const faults = [{ on: 'query', every: 2, fault: { kind: 'status', status: 503, retryAfter: 60 } }] as const;
  const { workspace } = memoryWorkspace(() => table(['N:long'], [[1n]]));
  const waits: number[] = [];
  const clock = {
    now: () => waits.reduce((sum, ms) => sum + ms, 0),
    sleep: async (ms: number) => void waits.push(ms),
  };
  const { azure, close } = await azureTarget(workspace, { faults, settings: { retry }, open: clock });
  try {
    const untilRefused = async () => {
      for (let queries = 1; ; queries++) {
        const error = await azure.query({ kql: 'T' }).then(
          () => undefined,
          (reason: FactorwatchError) => reason,
        );
        if (error !== undefined) return { queries, error };
      }
    };
    const first = await untilRefused();
    expect(first.error).toMatchObject({ code: 'workspace-unavailable', exitCode: 69 });
    expect(first.error.message).toContain('retry.per_run allows 10 min');
    expect(waits).toEqual(Array(10).fill(MINUTE));
    azure.beginRun();
    await untilRefused();
    expect(waits).toHaveLength(20);
  } finally {
    await close();
  }
});

test('what requests lose side by side is lost once: four queries that time out together are not four times as long', () => {
  const losses = new Losses(10 * MINUTE);
  for (let query = 0; query < 4; query++) losses.add(0, 5 * MINUTE);
  expect([losses.allow(5 * MINUTE), losses.allow(5 * MINUTE + 1)]).toEqual([true, false]);
  losses.add(4 * MINUTE, 7 * MINUTE);
  expect([losses.allow(3 * MINUTE), losses.allow(3 * MINUTE + 1)]).toEqual([true, false]);
});
