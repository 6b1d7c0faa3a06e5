import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { TICKS_PER_DAY, TICKS_PER_MINUTE, ticksFromIso } from '../../../src/core/ticks.ts';
import { createApp } from '../../../src/server/app.ts';
import { listen } from '../../../src/server/listen.ts';
import type { ChildTask } from '../../support/azure-child.ts';
import { boundsOf, SETTINGS } from '../../support/azure-target.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';
import { type ProxyFault, tlsProxy } from '../../support/tls-proxy.ts';

const FROM = ticksFromIso('2026-05-01T00:00:00Z')!;
const ROWS = Array.from({ length: 3000 }, (_, i) => [FROM + BigInt(i) * (TICKS_PER_MINUTE / 4n), `id-${i}`, BigInt(i)] as const);
const DIGEST = createHash('sha256')
  .update(
    ROWS.map((row) => row.map(String).join('|'))
      .sort()
      .join('\n'),
  )
  .digest('hex');
const CHILD = fileURLToPath(new URL('../../support/azure-child.ts', import.meta.url));

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function behindTls(next?: () => ProxyFault) {
  const memory = memoryWorkspace((request) => {
    const { from, until } = boundsOf(request);
    return table(
      ['At:datetime', 'Id:string', 'N:long'],
      ROWS.filter(([at]) => at >= from && at < until),
    );
  });
  const server = await listen(createApp({ workspace: memory.workspace }), 0);
  cleanups.push(() => server.close(0));
  const proxy = await tlsProxy(server.address, next);
  cleanups.push(proxy.close);
  return { proxy, uids: () => memory.ingested.flatMap(({ rows }) => rows.map((row) => row['EventUid'])) };
}

async function child(address: string, env: Record<string, string>, findings: number) {
  const task: ChildTask = {
    settings: {
      ...SETTINGS,
      query_endpoint: address,
      ingest: { ...SETTINGS.ingest, endpoint: address },
      auth: { kind: 'token', env: 'TOKEN' },
      retry: { attempts: 12, max_wait: 1000 },
    },
    kql: 'declare query_parameters(From:datetime, Until:datetime);\nT | where ingestion_time() between (From .. Until)',
    from: String(FROM),
    until: String(FROM + TICKS_PER_DAY),
    columns: [
      { name: 'At', type: 'datetime' },
      { name: 'Id', type: 'string' },
      { name: 'N', type: 'long' },
    ],
    stream: 'Custom-FactorFindings_CL',
    findings,
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(task)], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TOKEN: 'token-of-the-test', ...env },
    timeout: 120_000,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

test('over TLS with a CA of our own, which NODE_EXTRA_CA_CERTS names', async () => {
  const { proxy, uids } = await behindTls();
  const result = await child(proxy.address, { NODE_EXTRA_CA_CERTS: proxy.caFile }, 1500);
  expect(result).toEqual({ rows: ROWS.length, digest: DIGEST, accepted: 1500 });
  expect(uids()).toHaveLength(1500);
});

test('without it the connection is refused, by name, with the remedy, and nothing is sent', async () => {
  const { proxy } = await behindTls();
  const result = await child(proxy.address, {}, 1);
  expect(result).toMatchObject({ code: 'workspace-unavailable', exitCode: 69, hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
  expect(proxy.faults).toEqual([]);
});

describe('faults from outside change nothing', () => {
  const KINDS: readonly ProxyFault[] = ['none', 'none', 'none', 'reset', 'lost-answer', 'cut', '429', '503', 'slow'];

  test.each([1, 2, 3, 4, 5])('seed %i', async (seed) => {
    let state = seed * 7919;
    const next = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return KINDS[(state >>> 12) % KINDS.length]!;
    };
    const { proxy, uids } = await behindTls(next);
    const result = await child(proxy.address, { NODE_EXTRA_CA_CERTS: proxy.caFile }, 4000);
    expect(result).toEqual({ rows: ROWS.length, digest: DIGEST, accepted: 4000 });
    expect(new Set(uids()).size).toBe(4000);
    expect(new Set(proxy.faults).size).toBeGreaterThan(2);
  });
});
