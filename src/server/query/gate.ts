import type { ServerClock } from '../clock.ts';
import type { ServerLimits } from '../options.ts';
import { WireError } from '../wire-error.ts';

/** Lets a few queries run at once; the others wait in a queue, and are refused when it is full or the wait is long. */
export interface Gate {
  /** Resolves with the function that gives the place back. */
  enter(signal?: AbortSignal): Promise<() => void>;
}

function tooMany(message: string): WireError {
  return new WireError(429, 'TooManyRequests', message, {
    inner: { code: 'ThrottledError', message },
    headers: { 'retry-after': '5' },
  });
}

export function createGate(limits: Pick<ServerLimits, 'concurrent' | 'queue' | 'queueMs' | 'rate'>, clock: ServerClock): Gate {
  let running = 0;
  const waiting = new Set<() => void>();
  let recent: number[] = [];

  const checkRate = () => {
    if (!limits.rate) return;
    const now = clock.now();
    recent = recent.filter((at) => at > now - (limits.rate?.windowMs ?? 0));
    if (recent.length >= limits.rate.count) {
      throw tooMany(`More than ${limits.rate.count} requests in ${limits.rate.windowMs / 1000} s.`);
    }
    recent.push(now);
  };
  const release = () => {
    running -= 1;
    const next = waiting.values().next().value;
    if (next) {
      waiting.delete(next);
      next();
    }
  };
  const place = () => {
    running += 1;
    let given = false;
    return () => {
      if (!given) release();
      given = true;
    };
  };

  return {
    async enter(signal) {
      checkRate();
      signal?.throwIfAborted();
      if (running < limits.concurrent) return place();
      if (waiting.size >= limits.queue) throw tooMany(`${limits.concurrent} queries are running and ${limits.queue} are waiting.`);
      const gaveUp = new AbortController();
      try {
        return await new Promise<() => void>((resolve, reject) => {
          const wake = () => resolve(place());
          const leave = (error: unknown) => {
            if (waiting.delete(wake)) reject(error);
          };
          waiting.add(wake);
          signal?.addEventListener('abort', () => leave(signal.reason), { signal: gaveUp.signal });
          clock.sleep(limits.queueMs, gaveUp.signal).then(
            () => leave(tooMany(`The query waited ${limits.queueMs / 1000} s for a place.`)),
            () => undefined,
          );
        });
      } finally {
        gaveUp.abort();
      }
    },
  };
}
