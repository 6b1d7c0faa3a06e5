import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentFindings } from '../../src/pipeline/current-findings.ts';
import { queryRows } from '../../src/pipeline/query-rows.ts';
import { createApp } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { configText, wrongRows } from '../support/chaos/chaos.ts';
import { randomOf } from '../support/chaos/random.ts';
import { ENDS, FROM, openTenant, type Tenant } from '../support/chaos/tenant.ts';
import type { ChaosTask } from '../support/chaos/worker.ts';
import { Workers } from '../support/chaos/workers.ts';
import { type TlsProxy, tlsProxy } from '../support/tls-proxy.ts';

/** Live runs and a backfill over overlapping times, against our server in the part of the service, in processes that are killed. */
const root = mkdtempSync(join(tmpdir(), 'factorwatch-beside-'));
let tenant: Tenant;
let proxy: TlsProxy;
let app: ReturnType<typeof createApp>;
let lanes: readonly Workers[];
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  tenant = await openTenant(root);
  server = await listen({ fetch: (...args: Parameters<typeof app.fetch>) => app.fetch(...args) } as never, 0);
  proxy = await tlsProxy(server.address);
  const env = { TOKEN: 'token-of-the-test', NODE_EXTRA_CA_CERTS: proxy.caFile };
  lanes = [new Workers(env), new Workers(env)];
}, 300_000);
afterAll(async () => {
  for (const lane of lanes) await lane.stop();
  await proxy.close();
  await server.close(0);
  await tenant.close();
  rmSync(root, { recursive: true, force: true });
});

const LIVE_FROM = '2026-09-14T12:00:00Z';
const MOST_TRIES = 60;

/** The tasks, one after the other in one lane; each is killed `kills` times at random before it may end. */
async function inLane(lane: Workers, tasks: readonly ChaosTask[], random: () => number, kills: number): Promise<number> {
  let killed = 0;
  for (const task of tasks) {
    let left = kills;
    let { from } = task;
    for (let tries = 0, done = false; !done; tries++) {
      if (tries === MOST_TRIES) throw new Error('a task does not end');
      const result = await lane.run({ ...task, from }, left-- > 0 ? 100 + random() * 1500 : undefined);
      if (result === undefined) killed += 1;
      else if (result.exitCode === 75) await sleep(200);
      // What a killed run had read says for itself where the next one starts.
      else if (result.exitCode === 64 && result.error?.includes('lies before')) from = undefined;
      else if (result.exitCode !== 0) throw new Error(`${result.exitCode}: ${result.error}\n${result.errors}`);
      else done = true;
    }
  }
  return killed;
}

const ORDERS = ['live first', 'backfill first', 'at once'] as const;
test.each(ORDERS.flatMap((order) => [1, 2].map((seed) => [order, seed] as const)))(
  '%s, seed %i: each revision once, nothing lost',
  { timeout: 300_000 },
  async (order, seed) => {
    const name = `${order.replace(' ', '-')}-${seed}`;
    const workspace: Workspace = await tenant.open();
    app = createApp({ workspace });
    const dataDir = join(root, `${name}-state`);
    mkdirSync(dataDir);
    const config = join(dataDir, 'factorwatch.yaml');
    writeFileSync(config, configText(proxy.address));
    const random = randomOf(seed * 31 + order.length);
    const live: ChaosTask[] = ENDS.map((until, i) => ({ config, dataDir, from: i === 0 ? LIVE_FROM : undefined, until }));
    const backfill: ChaosTask[] = [{ config, dataDir, from: FROM, until: ENDS[3]!, backfill: true }];
    const [a, b] = lanes as [Workers, Workers];
    let killed = 0;
    if (order === 'live first') killed = (await inLane(a, live, random, 1)) + (await inLane(b, backfill, random, 3));
    else if (order === 'backfill first') killed = (await inLane(b, backfill, random, 3)) + (await inLane(a, live, random, 1));
    else {
      const both = await Promise.all([inLane(a, live, random, 1), inLane(b, backfill, random, 3)]);
      killed = both[0] + both[1];
    }
    expect(killed).toBeGreaterThan(0);
    expect(await wrongRows(workspace)).toEqual([]);
    const twice = await queryRows(workspace, {
      kql: 'FactorFindings_CL | summarize Rows = count() by EventUid, FindingRevision | where Rows > 1 | project EventUid, FindingRevision',
    });
    // What is uploaded is shown at once here: a killed run's rows are found by the one that sends its outbox.
    expect(twice.map((row) => `${row.text('EventUid')} ${row.text('FindingRevision')}`)).toEqual([]);
    const kinds = new Map((await currentFindings(workspace)).map(({ EventUid, RunKind }) => [EventUid, RunKind]));
    expect(kinds.size).toBeGreaterThan(5);
    expect([...kinds.values()]).toContain('Live');
    found.push([...kinds.keys()].sort());
    await workspace.close();
  },
);

const found: string[][] = [];
test('whatever the order and the kills, the same findings are there', () => {
  expect(new Set(found.map((uids) => uids.join())).size).toBe(1);
});
