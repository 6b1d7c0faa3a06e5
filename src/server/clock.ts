import { setTimeout as after } from 'node:timers/promises';

/** The time the server goes by; tests bring their own. */
export interface ServerClock {
  /** Unix milliseconds. */
  now(): number;
  /** Resolves after `ms`, rejects when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: ServerClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => after(ms, undefined, { ref: false, ...(signal && { signal }) }),
};
