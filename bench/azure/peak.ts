import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Peak memory in MB of a process that does not tell itself (Linux; 0 elsewhere). */
export function peakOf({ pid }: ChildProcess): number {
  try {
    return Math.round(Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
