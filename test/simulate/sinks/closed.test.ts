import { pbkdf2 } from 'node:crypto';
import { createWriteStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { closed } from '../../../src/simulate/sinks/closed.ts';

it('closed waits for a file that is still being opened, so that it can be removed', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'factorwatch-'));
  try {
    // Node's few threads are all busy for a while: the opening waits behind them.
    const busy = Array.from({ length: 16 }, () => new Promise((resolve) => pbkdf2('a', 'b', 50_000, 32, 'sha256', resolve)));
    const path = join(directory, 'lines');
    const stream = createWriteStream(path).on('error', () => undefined);
    stream.write('cut off');
    await closed(stream, new Error('stopped'));
    rmSync(path, { force: true });
    await Promise.all(busy);
    await sleep(20);
    expect(stream.closed).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
