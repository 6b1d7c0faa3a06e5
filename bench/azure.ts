import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measured } from './azure/measured.ts';
import { peakOf } from './azure/peak.ts';
import { built } from './built.ts';

/** What one way of reading or writing took. `killed`: it was stopped after the limit, and its figures are those until then. */
export interface AzureMeasure extends Measured {
  readonly killed?: boolean;
}

export interface AzureBenchResult {
  readonly megabytes: number;
  readonly wide: Readonly<Record<'ours' | 'stock' | 'parse', AzureMeasure>>;
  readonly stress: AzureMeasure;
  readonly upload: Readonly<Record<'ours' | 'parsed' | 'stock', AzureMeasure>>;
}

const LIMIT_MS = 60_000;
/** Two ways that take about as long are told apart by the median of so many runs of each, taken in turns. */
const PAIRS = 5;
const run = (script: string, ...args: string[]) => spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });

async function service<T>(rows: number, width: 'wide' | 'short', use: (port: string, bytes: number) => Promise<T>): Promise<T> {
  const child = run(built('azure/service'), String(rows), width);
  try {
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const { port, bytes } = JSON.parse(String(line)) as { port: number; bytes: number };
    return await use(String(port), bytes);
  } finally {
    child.kill();
  }
}

async function measure(way: string, port: string, folder = ''): Promise<AzureMeasure> {
  const child = run(built('azure/client'), way, port, folder);
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child));
  }, 250);
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  await once(child, 'close');
  clearInterval(watch);
  clearTimeout(limit);
  const result: AzureMeasure =
    text === ''
      ? {
          rows: 0,
          seconds: LIMIT_MS / 1000,
          peakMb,
          baseMb: 0,
          p99Ms: LIMIT_MS,
          worstMs: LIMIT_MS,
          cpuSeconds: 0,
          waitedSeconds: 0,
          killed: true,
        }
      : (JSON.parse(text) as AzureMeasure);
  const figures = `${result.seconds.toFixed(2)} s, ${result.peakMb} MB (${result.baseMb} at the start), loop p99 ${result.p99Ms} ms, worst ${result.worstMs} ms, cpu ${result.cpuSeconds.toFixed(2)} s, waited ${result.waitedSeconds.toFixed(2)} s`;
  process.stdout.write(`${way.padEnd(26)} ${String(result.rows).padStart(7)} rows, ${figures}${result.killed ? ' (killed)' : ''}\n`);
  return result;
}

/** The run in the middle by its time, with the most memory and the longest delays of any. */
function middle(runs: readonly AzureMeasure[]): AzureMeasure {
  const most = (of: 'peakMb' | 'p99Ms' | 'worstMs') => Math.max(...runs.map((run) => run[of]));
  const sorted = [...runs].sort((a, b) => a.seconds - b.seconds);
  return { ...sorted[Math.floor(runs.length / 2)]!, peakMb: most('peakMb'), p99Ms: most('p99Ms'), worstMs: most('worstMs') };
}

/** Reads and writes through the real SDK clients, ours beside the stock way, each in a process of its own. */
export async function benchAzure(): Promise<AzureBenchResult> {
  const { wide, megabytes } = await service(70_000, 'wide', async (port, bytes) => {
    process.stdout.write(`an answer of 70,000 rows x 40 columns, ${(bytes / 1e6).toFixed(0)} MB\n`);
    const [ours, parse]: [AzureMeasure[], AzureMeasure[]] = [[], []];
    for (let pair = 0; pair < PAIRS; pair++) {
      ours.push(await measure('read: ours', port));
      parse.push(await measure('read: fetch + JSON.parse', port));
    }
    const stock = await measure('read: stock client', port);
    return { wide: { ours: middle(ours), parse: middle(parse), stock }, megabytes: bytes / 1e6 };
  });
  const stress = await service(500_000, 'short', async (port, bytes) => {
    process.stdout.write(`an answer of 500,000 rows x 40 columns, ${(bytes / 1e6).toFixed(0)} MB\n`);
    return measure('read: ours', port);
  });
  const upload = await service(0, 'short', async (port) => {
    process.stdout.write('an upload of 200,000 findings of 1.2 kB; ours from an outbox on the disk, acknowledged slice by slice\n');
    const folder = mkdtempSync(join(tmpdir(), 'factorwatch-bench-'));
    try {
      await once(run(built('azure/client'), 'upload: write the outbox', port, folder), 'close');
      const ours = await measure('upload: ours', port, folder);
      return { ours, parsed: await measure('upload: ours, parsed', port), stock: await measure('upload: stock client', port) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  const ratio = (a: number, b: number) => (a / b).toFixed(2);
  const lines = [
    ['read, times faster than stock (goal 12)', ratio(wide.stock.seconds, wide.ours.seconds)],
    ['read, its memory in ours (goal 8)', ratio(wide.stock.peakMb, wide.ours.peakMb)],
    ['rows/s, ours in fetch + JSON.parse (goal 1.0)', ratio(wide.parse.seconds, wide.ours.seconds)],
    ['  by processor time', ratio(wide.parse.cpuSeconds, wide.ours.cpuSeconds)],
    ['upload, times faster than stock (goal 1.0)', ratio(upload.stock.seconds, upload.ours.seconds)],
    ['upload, its memory in ours (goal 4)', ratio(upload.stock.peakMb, upload.ours.peakMb)],
  ];
  for (const [name = '', value = ''] of lines) process.stdout.write(`${name.padEnd(46)} ${value}\n`);
  return { megabytes, wide, stress, upload };
}
