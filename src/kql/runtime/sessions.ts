import type { RuntimeFunction } from './function-row.ts';

export const sessionFunctions: readonly RuntimeFunction[] = [
  {
    // Times in ticks, in order, with an r behind those that begin a session by themselves; out come the beginnings.
    name: 'kqlf_sessions',
    takes: ['VARCHAR', 'BIGINT', 'BIGINT'],
    returns: 'VARCHAR',
    call: (text: string, longest: bigint, gap: bigint) => {
      let begun: bigint | undefined;
      let before = 0n;
      const out = text.split(',').map((item) => {
        const restart = item.endsWith('r');
        const ticks = restart ? item.slice(0, -1) : item;
        if (ticks === '') throw new Error('row_window_session over a null is not supported');
        const time = BigInt(ticks);
        if (begun === undefined || restart || time >= begun + longest || time >= before + gap) begun = time;
        before = time;
        return begun;
      });
      return out.join(',');
    },
  },
];
