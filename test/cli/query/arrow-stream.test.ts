import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { arrowStream } from '../../../src/cli/query/arrow-stream.ts';
import { ticksFromIso } from '../../../src/core/ticks.ts';

describe('query --arrow', () => {
  it('keeps types, nulls and microseconds', () => {
    const bytes = arrowStream(
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
});
