import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CommandContext } from '../../src/cli/context.ts';
import { memoryIo } from '../../src/cli/io.ts';
import { backfillFolder } from '../../src/cli/run/backfill.ts';
import { watchRuns } from '../../src/cli/run/watch.ts';
import { ExitCode, FactorwatchError } from '../../src/core/errors.ts';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { cli } from '../support/cli.ts';

const root = mkdtempSync(join(tmpdir(), 'factorwatch-watch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The shipped pipeline runs every ten minutes; runs take what `takes` says, and the fourth pause ends it. */
async function watched(takes: readonly number[], fail?: FactorwatchError) {
  let now = Date.parse('2026-05-01T12:03:00Z');
  const started: string[] = [];
  const froms: unknown[] = [];
  const io = memoryIo();
  const context = {
    io,
    clock: () => now,
    signal: new AbortController().signal,
    folder: (name: string) => name,
  } as unknown as CommandContext;
  const end = new Error('end of the test');
  const watch = watchRuns(
    context,
    { names: [], from: 5n },
    {
      run: async (_names, from) => {
        froms.push(from);
        started.push(new Date(now).toISOString().slice(11, 19));
        now += (takes[started.length - 1] ?? 0) * 60_000;
        if (fail && started.length === 1) throw fail;
        return 0;
      },
      sleep: async (ms) => {
        if (started.length >= 4) throw end;
        now += ms;
      },
    },
  );
  const error = await watch.then(
    () => undefined,
    (e: Error) => e,
  );
  return { started, froms, error: error === end ? undefined : error, err: io.stderr() };
}

describe('run --watch', () => {
  test('runs at once and then when the schedule says so', async () => {
    expect((await watched([])).started).toEqual(['12:03:00', '12:10:00', '12:20:00', '12:30:00']);
  });

  test('begins where --from says, once: a run after the first goes on', async () => {
    expect((await watched([])).froms).toEqual([5n, undefined, undefined, undefined]);
    const unavailable = new FactorwatchError('workspace-unavailable', 'no answer', { exitCode: ExitCode.unavailable });
    expect((await watched([], unavailable)).froms).toEqual([5n, 5n, undefined, undefined]);
  });

  test('a run that takes longer than its interval is not followed by those it missed', async () => {
    expect((await watched([1, 25, 1])).started).toEqual(['12:03:00', '12:10:00', '12:40:00', '12:50:00']);
  });

  test('goes on when the workspace does not answer, and says so', async () => {
    const { started, err } = await watched(
      [],
      new FactorwatchError('workspace-unavailable', 'no answer', { exitCode: ExitCode.unavailable }),
    );
    expect(started).toHaveLength(4);
    expect(err).toContain('no answer');
  });

  test('ends when the configuration is wrong', async () => {
    const wrong = new FactorwatchError('workspace-auth', 'a role is missing', { exitCode: ExitCode.noPermission });
    expect(await watched([], wrong)).toMatchObject({ started: ['12:03:00'], error: wrong });
  });
});

describe('backfill', () => {
  const [from, until] = [ticksFromIso('2026-01-01T00:00:00Z')!, ticksFromIso('2026-01-31T12:30:00.5Z')!];

  test('each interval has a state of its own, under names that every store takes', async () => {
    expect(backfillFolder({ from, until }, 'account-takeover')).toBe('backfill/20260101T000000Z-20260131T123000.5000000Z/account-takeover');
  });

  test.each([
    [['backfill'], 'needs --from and --to'],
    [['backfill', '--from', '2026-02-01T00:00:00Z', '--to', '2026-01-01T00:00:00Z'], 'must lie before'],
    [['backfill', '--from', '2026-02-01T00:00:00Z', '--to', '2999-01-01T00:00:00Z'], 'in the future'],
  ])('%j is a usage error', async (argv, message) => {
    const { code, err } = await cli(root, ...argv);
    expect(code).toBe(64);
    expect(err).toContain(message);
  });
});
