import { describe, expect, it } from 'vitest';
import { CutShort } from '../../../src/cli/errors.ts';
import { memoryIo } from '../../../src/cli/io.ts';
import { writeArrowStream } from '../../../src/cli/query/arrow-stream.ts';
import { writeCsvRows } from '../../../src/cli/query/csv-rows.ts';
import { writeJsonRows } from '../../../src/cli/query/json-rows.ts';
import type { KqlColumn, KqlValue } from '../../../src/core/kql-types.ts';

const COLUMNS: readonly KqlColumn[] = [
  { name: 'n', type: 'long' },
  { name: 'text', type: 'string' },
];
const CHUNK = 2048;
const TEXT = 'a text of some length, as a user agent has';

async function* chunks(count: number, seen: (rows: number) => void, failAfter = Number.POSITIVE_INFINITY) {
  for (let c = 0; c < count; c++) {
    if (c === failAfter) throw new Error('stopped');
    seen((c + 1) * CHUNK);
    yield Array.from({ length: CHUNK }, (_, r): KqlValue[] => [BigInt(c * CHUNK + r), TEXT]);
  }
}

describe.each([
  ['json', writeJsonRows],
  ['csv', writeCsvRows],
  ['arrow', writeArrowStream],
] as const)('a large answer as %s', (_form, write) => {
  it('is never far ahead of its reader', async () => {
    let made = 0;
    let before = 0;
    const steps: number[] = [];
    const sizes: number[] = [];
    const slow = async (piece: string | Uint8Array) => {
      steps.push(made - before);
      before = made;
      sizes.push(piece.length);
      await new Promise((resolve) => setImmediate(resolve));
    };
    await write(
      { write: slow },
      COLUMNS,
      chunks(120, (rows) => (made = rows)),
    );
    expect(made).toBe(120 * CHUNK);
    expect(sizes.reduce((a, b) => a + b)).toBeGreaterThan(made * TEXT.length);
    // 4 MB are held back at first, then a piece or a batch.
    expect(steps[0]).toBeLessThan(4_194_304 / TEXT.length + 16_384 + CHUNK);
    expect(Math.max(...steps.slice(1))).toBeLessThan(16_384 + CHUNK);
    expect(Math.max(...sizes.slice(1))).toBeLessThan(2_000_000);
  });

  it('is none where the query fails at the start, and is said to be cut short where it fails later', async () => {
    const early = memoryIo();
    await expect(
      write(
        early,
        COLUMNS,
        chunks(9, () => {}, 5),
      ),
    ).rejects.toThrow('stopped');
    expect(early.stdout()).toBe('');
    const late = memoryIo();
    await expect(
      write(
        late,
        COLUMNS,
        chunks(200, () => {}, 150),
      ),
    ).rejects.toBeInstanceOf(CutShort);
  });
});

describe('rows as CSV', () => {
  async function* few() {
    yield [
      [1n, 'a'],
      [2n, '"b",\n'],
    ] as KqlValue[][];
    yield [[null, '=1+1']] as KqlValue[][];
  }

  it.each([10, 1_000_000])('has the same bytes in one piece and in many: %i held', async (held) => {
    const io = memoryIo();
    await writeCsvRows(io, COLUMNS, few(), { held });
    expect(io.stdout()).toBe('n,text\n1,a\n2,"""b"",\n"\n,\'=1+1\n');
  });

  it('has its header where there are no rows', async () => {
    const io = memoryIo();
    await writeCsvRows(
      io,
      COLUMNS,
      chunks(0, () => {}),
    );
    expect(io.stdout()).toBe('n,text\n');
  });
});
