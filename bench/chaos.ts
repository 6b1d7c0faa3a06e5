import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openChaos } from '../test/support/chaos/chaos.ts';

const SEEDS = 300;

/** Seeds of faults and kills against the quiet runs; fails where one of them finds anything else. */
export async function benchChaos(seeds = SEEDS): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'factorwatch-chaos-'));
  const chaos = await openChaos(root);
  const total = { runs: 0, kills: 0, unavailable: 0, held: 0, faults: 0, peakMb: 0 };
  const different: number[] = [];
  const began = performance.now();
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await chaos.run(seed);
    if (!isDeepStrictEqual(outcome.findings, chaos.quiet.findings) || outcome.wrong.length > 0) different.push(seed);
    for (const name of ['runs', 'kills', 'unavailable', 'held'] as const) total[name] += outcome[name];
    for (const count of outcome.faults.values()) total.faults += count;
    total.peakMb = Math.max(total.peakMb, outcome.peakMb);
    if (seed % 25 === 0) process.stderr.write(`${seed} of ${seeds} seeds, ${Math.round((performance.now() - began) / 1000)} s\n`);
  }
  await chaos.close();
  rmSync(root, { recursive: true, force: true });
  process.stdout.write(
    `seeds                       ${seeds}, ${different.length} with other findings${different.length > 0 ? `: ${different.join(', ')}` : ''}
findings of the quiet runs  ${chaos.quiet.findings.length}
runs                        ${total.runs}: ${total.kills} killed, ${total.unavailable} ended with 69, ${total.held} with 75
faults made                 ${total.faults}
peak memory of a run        ${total.peakMb} MB
time                        ${Math.round((performance.now() - began) / 1000)} s
`,
  );
  if (different.length > 0) throw new Error('not the same findings');
}
