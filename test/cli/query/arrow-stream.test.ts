import { Readable } from 'node:stream';
import { RecordBatchReader, tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { writeArrowStream } from '../../../src/cli/query/arrow-stream.ts';
import type { KqlColumn, KqlValue } from '../../../src/core/kql-types.ts';
import { ticksFromIso } from '../../../src/core/ticks.ts';

async function arrowBytes(columns: readonly KqlColumn[], ...chunks: (readonly (readonly KqlValue[])[])[]): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const write = (piece: string | Uint8Array) => void pieces.push(Buffer.from(piece as Uint8Array));
  await writeArrowStream({ write }, columns, Readable.from(chunks), { held: 10 });
  return Buffer.concat(pieces);
}

describe('query --arrow', () => {
  it('keeps types, nulls and microseconds', async () => {
    const bytes = await arrowBytes(
      [
        { name: 'when', type: 'datetime' },
        { name: 'n', type: 'long' },
        { name: 'ok', type: 'bool' },
        { name: 'who', type: 'string' },
        { name: 'span', type: 'timespan' },
      ],
      [
        [ticksFromIso('2026-01-01T00:00:00.1234567Z')!, 9007199254740993n, true, 'ana', 600_000_000n],
        [null, null, null, '', null],
        [ticksFromIso('1969-12-31T23:59:59.9999999Z')!, -1n, false, 'é', -1n],
      ],
    );
    const table = tableFromIPC(bytes);
    const raw = table.getChild('when')!.data[0]!;
    expect(raw.values[0]).toBe(1_767_225_600_123_456n);
    expect(raw.values[2]).toBe(-1n);
    expect(table.getChild('when')!.get(1)).toBeNull();
    expect([...table.getChild('n')!]).toEqual([9007199254740993n, null, -1n]);
    expect([...table.getChild('ok')!]).toEqual([true, null, false]);
    expect([...table.getChild('who')!]).toEqual(['ana', '', 'é']);
    expect([...table.getChild('span')!]).toEqual(['00:01:00', null, '-00:00:00.0000001']);
  });

  it('writes batches as the rows come, and one schema', async () => {
    const chunks = Array.from({ length: 20 }, (_, c) =>
      Array.from({ length: 2048 }, (_, r): KqlValue[] => [BigInt(c * 2048 + r), 'x'.repeat(r % 3)]),
    );
    const columns = [
      { name: 'n', type: 'long' },
      { name: 's', type: 'string' },
    ] as const;
    const bytes = await arrowBytes(columns, ...chunks);
    const batches = [...RecordBatchReader.from(bytes)];
    expect(batches.map((b) => b.numRows)).toEqual([16_384, 16_384, 8_192]);
    const table = tableFromIPC(bytes);
    expect([...table.getChild('n')!]).toEqual(Array.from({ length: 40_960 }, (_, i) => BigInt(i)));
    expect(table.getChild('s')!.get(40_959)).toBe('x'.repeat(2047 % 3));
  });

  it('has columns where there are no rows', async () => {
    const table = tableFromIPC(
      await arrowBytes([
        { name: 'at', type: 'datetime' },
        { name: 'b', type: 'bool' },
      ]),
    );
    expect([table.numRows, table.schema.fields.map((f) => f.name)]).toEqual([0, ['at', 'b']]);
  });
});
