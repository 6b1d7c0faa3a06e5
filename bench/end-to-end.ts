import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Measured } from './azure/measured.ts';
import { peakOf } from './azure/peak.ts';
import { built } from './built.ts';

export interface EndToEnd extends Measured {
  readonly findings: number;
  readonly serverPeakMb: number;
}

export interface EndToEndOptions {
  /** Users of the tenants, the smaller one first; each makes about 48 sign-ins in a week. */
  readonly users?: readonly [number, number];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'bin/factorwatch.js');

function command(...argv: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [cli, ...argv, '--json'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv[0]}: ${stderr}`);
}

/**
 * A week of tenants of two sizes: their logs are imported into a workspace, which a server in a process of its own holds; then one
 * run reads them through the SDK clients, judges them and uploads its findings, in another process. Only that run is measured.
 */
export async function benchEndToEnd({ users = [2_090, 20_900] }: EndToEndOptions = {}): Promise<readonly EndToEnd[]> {
  if (!existsSync(join(root, 'dist/cli/main.js'))) throw new Error('run `npm run build` first');
  const results: EndToEnd[] = [];
  for (const count of users) {
    const folder = mkdtempSync(join(tmpdir(), 'factorwatch-bench-'));
    try {
      results.push(await oneRun(folder, count));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const [small, large] = results as [EndToEnd, EndToEnd];
  for (const [what, unit] of [
    ['seconds', 'time a row'],
    ['cpuSeconds', 'processor time a row'],
  ] as const) {
    const growth = (large[what] / small[what] / (large.rows / small.rows)).toFixed(2);
    process.stdout.write(`${`${unit}, ${large.rows} against ${small.rows} rows`.padEnd(58)}${growth} (linear: 1.0)\n`);
  }
  return results;
}

async function oneRun(folder: string, users: number): Promise<EndToEnd> {
  const [tenant, data] = [join(folder, 'tenant'), join(folder, 'data')];
  command('simulate', '--users', String(users), '--days', '7', '--seed', '5', '--format', 'parquet', '--out', tenant);
  command('import', tenant, '--data-dir', data);
  const server = spawn(process.execPath, [cli, 'serve', '--port', '0', '--data-dir', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await portOf(server);
    const runner = spawn(process.execPath, [built('end-to-end/run'), root, port, tenant, join(folder, 'run')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    runner.stdout.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    const [code] = (await once(runner, 'close')) as [number];
    if (code !== 0) throw new Error(`the run ended with ${code}`);
    const result: EndToEnd = { ...(JSON.parse(text) as Omit<EndToEnd, 'serverPeakMb'>), serverPeakMb: peakOf(server) };
    const { rows, seconds, peakMb, serverPeakMb, findings, cpuSeconds, waitedSeconds, p99Ms } = result;
    process.stdout.write(
      `${String(rows).padStart(8)} rows  ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s, ${peakMb} MB (server ${serverPeakMb} MB), ${findings} findings; cpu ${cpuSeconds.toFixed(1)} s, waited ${waitedSeconds.toFixed(1)} s, loop p99 ${p99Ms} ms\n`,
    );
    return result;
  } finally {
    if (server.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
  }
}

async function portOf(server: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface(server.stdout!), 'line')) as [string];
  return line.slice(line.lastIndexOf(':') + 1);
}
