import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { openChaos } from '../test/support/chaos/chaos.ts';

const SEEDS = 300;

interface SeedRange {
  readonly from: number;
  readonly seeds: number;
}

/** `--from N --seeds M`: a part of them, for a machine that is not free for so long. */
function rangeOf(argv: readonly string[]): SeedRange {
  const { values } = parseArgs({ args: [...argv], options: { from: { type: 'string' }, seeds: { type: 'string' } } });
  const range = { from: Number(values.from ?? 1), seeds: Number(values.seeds ?? SEEDS) };
  for (const [name, value] of Object.entries(range))
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number of at least 1`);
  return range;
}

const seconds = (ms: number) => Math.round(ms / 1000);

/** Seeds of faults and kills against the quiet runs; fails where one of them finds anything else. */
export async function benchChaos(argv: readonly string[] = []): Promise<void> {
  const { from, seeds } = rangeOf(argv);
  const root = mkdtempSync(join(tmpdir(), 'factorwatch-chaos-'));
  const chaos = await openChaos(root);
  const total = { runs: 0, requests: 0, kills: 0, unavailable: 0, held: 0, faults: 0, peakMb: 0 };
  const different: string[] = [];
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  for (let seed = from; seed < from + seeds; seed++) {
    try {
      const outcome = await chaos.run(seed);
      if (!isDeepStrictEqual(outcome.findings, chaos.quiet.findings) || outcome.wrong.length > 0)
        different.push(`${seed}${outcome.wrong.length > 0 ? ` (${outcome.wrong.join('; ')})` : ''}`);
      for (const name of ['runs', 'requests', 'kills', 'unavailable', 'held'] as const) total[name] += outcome[name];
      for (const count of outcome.faults.values()) total.faults += count;
      total.peakMb = Math.max(total.peakMb, outcome.peakMb);
    } catch (error) {
      // The others are worth knowing too.
      different.push(`${seed} (${(error as Error).message})`);
    }
    const done = seed - from + 1;
    if (done % 25 === 0)
      process.stderr.write(`${done} of ${seeds} seeds, ${different.length} with other findings, ${seconds(performance.now() - began)} s\n`);
  }
  const took = performance.now() - began;
  const cpu = process.cpuUsage(cpuBefore);
  await chaos.close();
  rmSync(root, { recursive: true, force: true });
  process.stdout.write(
    `seeds                       ${from} to ${from + seeds - 1}, ${different.length} with other findings${different.map((text) => `\n  ${text}`).join('')}
findings of the quiet runs  ${chaos.quiet.findings.length}
runs                        ${total.runs}: ${total.kills} killed, ${total.unavailable} ended with 69, ${total.held} with 75
requests                    ${total.requests}, ${total.faults} faults made
peak memory of a run        ${total.peakMb} MB
time                        ${seconds(took)} s, of the server and the proxy ${seconds((cpu.user + cpu.system) / 1000)} s of processor time
`,
  );
  if (different.length > 0) throw new Error('not the same findings');
}
