import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { currentFindings } from '../../../src/pipeline/current-findings.ts';
import { queryRows } from '../../../src/pipeline/query-rows.ts';
import { createApp } from '../../../src/server/app.ts';
import { systemClock } from '../../../src/server/clock.ts';
import { listen } from '../../../src/server/listen.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { comparable } from '../../pipeline/samples.ts';
import { azureConfig } from '../azure-config.ts';
import { tlsProxy } from '../tls-proxy.ts';
import { type FaultMix, faultMix } from './fault-mix.ts';
import { randomOf } from './random.ts';
import { ENDS, FROM, openTenant } from './tenant.ts';
import type { ChaosResult } from './worker.ts';
import { Workers } from './workers.ts';

const ATTEMPTS = 6;
const MAX_WAIT_MS = 60_000;
/** A run whose waits take no time and that has not ended by then hangs. */
const HUNG_MS = 90_000;
const KILL_ODDS = 0.6;
const TWICE_ODDS = 0.08;
/** Kills of one step; then it may end. */
const MOST_KILLS = 2;
const MOST_TRIES = 40;

/** What one seed's runs left. */
export interface ChaosOutcome {
  readonly seed: number;
  readonly findings: unknown[];
  /** Rows of one EventUid and revision that say different things, and revisions that are not there. */
  readonly wrong: readonly string[];
  readonly runs: number;
  /** That reached the server. */
  readonly requests: number;
  readonly kills: number;
  /** Runs that ended with 69 and with 75. */
  readonly unavailable: number;
  readonly held: number;
  readonly faults: ReadonlyMap<string, number>;
  readonly peakMb: number;
}

export interface Chaos {
  /** The runs without any fault. */
  readonly quiet: ChaosOutcome;
  run(seed: number): Promise<ChaosOutcome>;
  close(): Promise<void>;
}

/** Our server behind a TLS proxy that fails too, and processes that are killed: ready to run seeds, one after the other. */
export async function openChaos(root: string): Promise<Chaos> {
  const tenant = await openTenant(root);
  let current: { readonly app: ReturnType<typeof createApp>; readonly mix: FaultMix } | undefined;
  const server = await listen(
    { fetch: (...args: Parameters<ReturnType<typeof createApp>['fetch']>) => current!.app.fetch(...args) } as never,
    0,
  );
  const proxy = await tlsProxy(server.address, () => current!.mix.proxy());
  const workers = new Workers({ TOKEN: 'token-of-the-test', NODE_EXTRA_CA_CERTS: proxy.caFile });
  const lengths: number[] = [];

  const runSeed = async (seed: number): Promise<ChaosOutcome> => {
    const random = seed === 0 ? undefined : randomOf(seed);
    const mix = faultMix(random);
    const name = `seed-${seed}`;
    const workspace = await tenant.open();
    const limits = { rows: random === undefined ? 500_000 : 300 + Math.floor(random() * 1500) };
    const idle = idleCounter();
    const watched = { ...workspace, ingest: idle.counted(workspace.ingest) };
    const clock = {
      ...systemClock,
      sleep: (ms: number, signal?: AbortSignal) => (ms < 1000 ? slept(ms, signal) : systemClock.sleep(ms, signal)),
    };
    const slept = idle.counted((ms: number, signal?: AbortSignal) => systemClock.sleep(ms, signal));
    current = { mix, app: createApp({ workspace: watched, faults: mix.plan, limits, clock }) };
    const dataDir = join(root, `${name}-state`);
    mkdirSync(dataDir);
    const config = join(dataDir, 'factorwatch.yaml');
    writeFileSync(config, configText(proxy.address));
    let started = false;
    const counts = { runs: 0, kills: 0, unavailable: 0, held: 0, peakMb: 0 };
    const note = (result: ChaosResult | undefined): boolean => {
      counts.runs += 1;
      if (result === undefined) {
        counts.kills += 1;
        return false;
      }
      counts.peakMb = Math.max(counts.peakMb, result.peakMb);
      if (result.pausedMs > result.pauses * MAX_WAIT_MS)
        throw new Error(`seed ${seed}: ${result.pausedMs} ms of waits in ${result.pauses}`);
      // --from is for a start from nothing; what a killed run had read says it for itself.
      if (result.exitCode === 64 && result.error?.includes('lies before')) started = true;
      else if (result.exitCode === 69) counts.unavailable += 1;
      else if (result.exitCode === 75) counts.held += 1;
      else if (result.exitCode !== 0)
        throw new Error(`seed ${seed}: a run ended with ${result.exitCode}: ${result.error}\n${result.errors}`);
      return result.exitCode === 0;
    };
    const bounded = async <T>(work: Promise<T>): Promise<T> => {
      const hung = new AbortController();
      const watch = sleep(HUNG_MS, undefined, { signal: hung.signal }).then(() => Promise.reject(new Error(`seed ${seed}: a run hangs`)));
      try {
        return await Promise.race([work, watch]);
      } finally {
        hung.abort();
        watch.catch(() => undefined);
      }
    };
    for (const [step, until] of ENDS.entries()) {
      let killed = 0;
      for (let done = false, tries = 0; !done; tries++) {
        if (tries === MOST_TRIES) throw new Error(`seed ${seed}: step ${step} does not end`);
        const task = { config, dataDir, from: started ? undefined : FROM, until };
        const began = performance.now();
        if (random !== undefined && random() < TWICE_ODDS) {
          done = (await bounded(workers.runTwice(task))).map(note).some((ended) => ended);
          continue;
        }
        const kill = random !== undefined && killed < MOST_KILLS && random() < KILL_ODDS ? random() * lengths[step]! * 1.5 : undefined;
        const result = await bounded(workers.run(task, kill));
        if (result === undefined) killed += 1;
        done = note(result);
        if (done) started = true;
        if (random === undefined) lengths[step] = performance.now() - began;
      }
    }
    // Rows that the server had taken and not shown, of runs that are gone too.
    await idle.reached();
    const findings = comparable(await currentFindings(workspace), { revisions: true });
    const wrong = await wrongRows(workspace);
    await workspace.close();
    rmSync(dataDir, { recursive: true, force: true });
    return { seed, findings, wrong, faults: mix.made, requests: mix.requests(), ...counts };
  };

  // Twice: the first time compiles, and its lengths are no measure for when to kill.
  await runSeed(0);
  const quiet = await runSeed(0);
  return {
    quiet,
    run: runSeed,
    close: async () => {
      await workers.stop();
      await proxy.close();
      await server.close(0);
      await tenant.close();
    },
  };
}

/** Counts what is under way, so that it can be waited for. */
function idleCounter() {
  let busy = 0;
  return {
    counted:
      <Args extends unknown[], T>(act: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        busy += 1;
        try {
          return await act(...args);
        } finally {
          busy -= 1;
        }
      },
    reached: async () => {
      // What follows upon an end is under way a turn later.
      for (let quiet = 0, tries = 0; quiet < 4; quiet = busy === 0 ? quiet + 1 : 0, tries++) {
        if (tries > 5000) throw new Error('the server does not come to rest');
        await sleep(5);
      }
    },
  };
}

/** A configuration whose target is our server behind the proxy at this address. */
export function configText(address: string): string {
  return azureConfig(address, `retry: { attempts: ${ATTEMPTS}, max_wait: ${MAX_WAIT_MS}ms }`);
}

/** Rows of one finding and revision may be there twice, and must say the same; every revision up to the newest must be there. */
export async function wrongRows(workspace: Workspace): Promise<readonly string[]> {
  const rows = await queryRows(workspace, {
    kql: `FactorFindings_CL
| extend Content = tostring(pack_all())
| project EventUid, FindingRevision, Content = replace_regex(Content, @'"(TimeGenerated|RunId|OverBudget)":("[^"]*"|[a-z]+),?', '')
| summarize Contents = dcount(Content) by EventUid, FindingRevision
| summarize Revisions = count(), Newest = max(FindingRevision), Contents = max(Contents) by EventUid
| where Revisions != Newest or Contents > 1`,
  });
  return rows.map(
    (row) => `${row.text('EventUid')}: ${row.text('Revisions')} revisions of ${row.text('Newest')}, ${row.text('Contents')} contents`,
  );
}
