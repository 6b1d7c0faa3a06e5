import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a piece of work took, in a process of its own. */
export interface Measured {
  readonly rows: number;
  readonly seconds: number;
  readonly peakMb: number;
  /** Of `peakMb`, what the process had before it began. */
  readonly baseMb: number;
  /** Delay of the event loop. */
  readonly p99Ms: number;
  readonly worstMs: number;
  /** Processor time of the whole process, other threads included. */
  readonly cpuSeconds: number;
  /** How long the main thread was ready to run and had no processor: above a few per cent the machine was busy with other work. */
  readonly waitedSeconds: number;
}

/** Nanoseconds that the main thread was ready and had no processor (Linux; 0 elsewhere). */
function waitedNs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]);
  } catch {
    return 0;
  }
}

const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024);

/** Does the work, which tells how many rows it was about, and measures it. The modules it needs must be loaded before. */
export async function measured(work: () => Promise<number>): Promise<Measured> {
  const baseMb = peakMb();
  const delay = monitorEventLoopDelay({ resolution: 2 });
  delay.enable();
  const waitedBefore = waitedNs();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const rows = await work();
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const waitedSeconds = (waitedNs() - waitedBefore) / 1e9;
  // One turn more, so that a stall at the very end is counted.
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  const ms = (nanoseconds: number) => Math.round(nanoseconds / 1e5) / 10;
  return {
    rows,
    seconds,
    baseMb,
    peakMb: peakMb(),
    p99Ms: ms(delay.percentile(99)),
    worstMs: ms(delay.max),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    waitedSeconds,
  };
}
