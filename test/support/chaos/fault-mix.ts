import type { Fault, FaultEndpoint, FaultPlan } from '../../../src/server/faults.ts';
import type { ProxyFault } from '../tls-proxy.ts';

type Rows = readonly (readonly [fault: Fault, on: readonly FaultEndpoint[]])[];

const BOTH = ['query', 'ingest'] as const;
/** All that the service was seen to do, but for 204 to a query: that says there is no data, and would be believed. */
const SERVER: Rows = [
  [{ kind: 'status', status: 429 }, BOTH],
  [{ kind: 'status', status: 429, retryAfter: 7 }, BOTH],
  [{ kind: 'status', status: 429, retryAfter: 3600 }, BOTH],
  [{ kind: 'status', status: 503 }, BOTH],
  [{ kind: 'status', status: 500 }, BOTH],
  [{ kind: 'status', status: 504 }, BOTH],
  [{ kind: 'status', status: 413 }, ['ingest']],
  [{ kind: 'reset' }, BOTH],
  [{ kind: 'lost-answer' }, BOTH],
  [{ kind: 'cut', afterBytes: 0 }, ['query']],
  [{ kind: 'cut', afterBytes: 500 }, ['query']],
  [{ kind: 'cut', afterBytes: 20_000 }, ['query']],
  [{ kind: 'slow', delayMs: 15 }, BOTH],
  [{ kind: 'partial', rows: 0 }, ['query']],
  [{ kind: 'partial', rows: 40 }, ['query']],
  [{ kind: 'empty' }, ['query']],
  [{ kind: 'visible-after', delayMs: 40 }, ['ingest']],
];
const PROXY: readonly ProxyFault[] = ['reset', 'lost-answer', 'cut', 'cut-request', '429', '503', 'slow'];

/** So often an exchange goes wrong in the server, and before it; uploads are few, and each of their faults is to come up. */
const SERVER_ODDS = { query: 1 / 9, batch: 0, ingest: 1 / 2 } as const;
const PROXY_ODDS = 1 / 11;
/** Now and then everything is down for a while, longer than any one request is tried. */
const OUTAGE_ODDS = 1 / 200;
const OUTAGE_CALLS = 14;
/** So many uploads lie between two that are too large: the service does not say so of a row that it is asked to take alone, as a smaller half. */
const UPLOADS_BETWEEN = 16;

export interface FaultMix {
  readonly plan: FaultPlan;
  readonly proxy: () => ProxyFault;
  /** How many requests have reached the server. */
  readonly requests: () => number;
  /** How often each fault was made. */
  readonly made: ReadonlyMap<string, number>;
}

/** Faults from both sides, by chance; none where `random` is absent. */
export function faultMix(random: (() => number) | undefined): FaultMix {
  const made = new Map<string, number>();
  const count = (name: string) => made.set(name, (made.get(name) ?? 0) + 1);
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(random!() * choices.length)]!;
  let call = 0;
  let outage = 0;
  let uploadsSince = UPLOADS_BETWEEN;
  const choose = (endpoint: FaultEndpoint): Fault | undefined => {
    if (random === undefined) return undefined;
    if (endpoint === 'ingest') uploadsSince += 1;
    if (outage === 0 && random() < OUTAGE_ODDS) outage = OUTAGE_CALLS;
    if (outage > 0) {
      outage -= 1;
      count('outage');
      return { kind: 'status', status: 503 };
    }
    if (random() >= SERVER_ODDS[endpoint]) return undefined;
    const fault = one(SERVER.filter(([, on]) => on.includes(endpoint)))[0];
    if (fault.kind === 'status' && fault.status === 413) {
      if (uploadsSince < UPLOADS_BETWEEN) return undefined;
      uploadsSince = 0;
    }
    count(
      `server ${fault.kind}${fault.kind === 'status' ? ` ${fault.status}${fault.retryAfter === undefined ? '' : ' with Retry-After'}` : ''}`,
    );
    return fault;
  };
  return {
    made,
    requests: () => call,
    plan: {
      next: (endpoint) => {
        call += 1;
        return { call, fault: choose(endpoint) };
      },
    },
    proxy: () => {
      if (random === undefined || random() >= PROXY_ODDS) return 'none';
      const fault = one(PROXY);
      count(`proxy ${fault}`);
      return fault;
    },
  };
}
