import { describe, expect, it } from 'vitest';
import { CutShort, reportError } from '../../../src/cli/errors.ts';
import { memoryIo } from '../../../src/cli/io.ts';
import { writeJsonRows } from '../../../src/cli/query/json-rows.ts';
import { ExitCode, FactorwatchError } from '../../../src/core/errors.ts';
import type { KqlColumn, KqlValue } from '../../../src/core/kql-types.ts';

const COLUMNS: readonly KqlColumn[] = [
  { name: 'n', type: 'long' },
  { name: 'text', type: 'string' },
];

/** Chunks of two rows; fails after `failAfter` chunks. */
async function* chunks(count: number, failAfter = Number.POSITIVE_INFINITY): AsyncGenerator<(readonly KqlValue[])[]> {
  for (let i = 0; i < count; i++) {
    if (i === failAfter) throw new FactorwatchError('kql-timeout', 'the query was stopped', { exitCode: ExitCode.unavailable });
    yield [
      [BigInt(2 * i), 'a'],
      [BigInt(2 * i + 1), '"b",\n'],
    ];
  }
}

describe('rows as one JSON array', () => {
  it.each([0, 1, 5])('has the same bytes in one piece and in many: %i chunks', async (count) => {
    const whole = memoryIo();
    const pieces = memoryIo();
    await writeJsonRows(whole, COLUMNS, chunks(count));
    await writeJsonRows(pieces, COLUMNS, chunks(count), { held: 10 });
    const rows = Array.from({ length: count * 2 }, (_, n) => ({ n, text: n % 2 === 0 ? 'a' : '"b",\n' }));
    expect(pieces.stdout()).toBe(whole.stdout());
    expect(JSON.parse(whole.stdout())).toEqual(rows);
  });

  it('waits for a reader that is slower', async () => {
    let waiting = 0;
    let most = 0;
    const write = async () => {
      most = Math.max(most, ++waiting);
      await new Promise((resolve) => setTimeout(resolve, 1));
      waiting--;
    };
    await writeJsonRows({ write }, COLUMNS, chunks(8), { held: 10 });
    expect(most).toBe(1);
  });

  it('writes nothing where the query fails before the first piece: the error is the one JSON value', async () => {
    const io = memoryIo();
    const error = await writeJsonRows(io, COLUMNS, chunks(5, 3)).catch((e: unknown) => e);
    const code = reportError(error, { io, json: true, signal: new AbortController().signal });
    expect([code, JSON.parse(io.stdout())]).toMatchObject([ExitCode.unavailable, { error: { code: 'kql-timeout' } }]);
  });

  it('leaves the array open where it fails later, and tells of the error on standard error', async () => {
    const io = memoryIo();
    const error = await writeJsonRows(io, COLUMNS, chunks(5, 3), { held: 10 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CutShort);
    const code = reportError(error, { io, json: true, signal: new AbortController().signal });
    expect(code).toBe(ExitCode.unavailable);
    expect(io.stdout()).toMatch(/^\[\{"n":0,/);
    expect(() => JSON.parse(io.stdout())).toThrow();
    expect(io.stderr()).toBe('what was written to standard output is not whole:\nerror: the query was stopped\n');
  });
});
