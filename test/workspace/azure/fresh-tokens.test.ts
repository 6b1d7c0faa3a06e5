import { Readable } from 'node:stream';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, test } from 'vitest';
import { ticksFromIso } from '../../../src/core/ticks.ts';
import { deliver, stageSlices } from '../../../src/pipeline/outbox.ts';
import { FreshTokens } from '../../../src/workspace/azure/fresh-tokens.ts';
import { memoryStore } from '../../pipeline/memory-store.ts';
import { azureTarget } from '../../support/azure-target.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';

/** A token that the service refuses in the middle of a run: it has ended by the service's clock, or was revoked. */
const STREAM = 'Custom-FactorFindings_CL';
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type Refusal = 'nothing' | '401' | '403 InvalidTokenError';

/** An authority whose nth token is `token-n`, and a line on which `refused` says how the service takes it. */
async function target(refused: (token: string, call: number) => Refusal, { authority = (n: number) => `token-${n}` } = {}) {
  const memory = memoryWorkspace(() => table(['N:long'], [[1n]]));
  const bearers: string[] = [];
  let issued = 0;
  const wrap = (client: HttpClient): HttpClient => ({
    async sendRequest(request) {
      const token = request.headers.get('Authorization')!.replace('Bearer ', '');
      bearers.push(token);
      const refusal = refused(token, bearers.length);
      if (refusal === '401') request.headers.delete('Authorization');
      const response = await client.sendRequest(request);
      request.headers.set('Authorization', `Bearer ${token}`);
      if (refusal !== '403 InvalidTokenError') return response;
      response.readableStreamBody?.resume();
      const body = Object.assign(Readable.from([Buffer.from('{"error":{"code":"InvalidTokenError","message":"no"}}')]), {
        socket: { bytesRead: 0 },
        complete: true,
      });
      response.headers.delete('Content-Encoding');
      return { ...response, headers: response.headers, status: 403, readableStreamBody: body as never };
    },
  });
  const credential = {
    getToken: async () => {
      issued += 1;
      return { token: authority(issued), expiresOnTimestamp: Date.now() + 3_600_000 };
    },
  };
  const opened = await azureTarget(memory.workspace, { wrap, open: { credential } });
  cleanups.push(opened.close);
  return { ...opened, bearers, issued: () => issued, rows: () => memory.ingested.flatMap(({ rows }) => rows) };
}

describe('one that is refused in the middle', () => {
  test.each<Refusal>(['401', '403 InvalidTokenError'])(
    '(%s): the request is sent once more with a new one, and all later ones bear that',
    async (how) => {
      const { azure, bearers, waits, issued, warnings } = await target((token, call) =>
        token === 'token-1' && call > 2 ? how : 'nothing',
      );
      for (let query = 0; query < 5; query++) {
        const { columns } = await azure.query({ kql: 'T' });
        expect(columns).toHaveLength(1);
      }
      expect(bearers).toEqual(['token-1', 'token-1', 'token-1', 'token-2', 'token-2', 'token-2']);
      expect([waits, issued()]).toEqual([[], 2]);
      expect(warnings).toEqual(['the service refused the token before its end; a new one was asked for']);
    },
  );

  test('queries side by side ask for one new token together', async () => {
    const { azure, bearers, issued } = await target((token, call) => (token === 'token-1' && call > 1 ? '401' : 'nothing'));
    const at = (hour: number) => ticksFromIso(`2026-05-01T${String(hour).padStart(2, '0')}:00:00Z`)!;
    let batches = 0;
    const kql = 'declare query_parameters(From:datetime, Until:datetime);\nT';
    for await (const _ of azure.fetch({ name: 'q', kql, from: at(0), until: at(12) })) batches++;
    expect(batches).toBeGreaterThan(0);
    expect(issued()).toBe(2);
    expect(bearers.filter((token) => token === 'token-1').length).toBeLessThanOrEqual(5);
  });

  test('an upload is taken once, row for row', async () => {
    const { azure, rows, issued } = await target((token, call) => (token === 'token-1' && call > 3 ? '401' : 'nothing'));
    const store = memoryStore();
    const uids = Array.from({ length: 12 }, (_, i) => `uid-${i}`);
    const slices = uids.map((EventUid) => ({ stream: STREAM, rows: 1, text: JSON.stringify([{ EventUid }]) }));
    await stageSlices(store, 1, slices);
    await deliver({ store, workspace: azure, sequence: 1, reject: async () => {} });
    expect(await store.list('outbox/')).toEqual([]);
    expect(
      rows()
        .map(({ EventUid }) => EventUid)
        .sort(),
    ).toEqual([...uids].sort());
    expect(issued()).toBe(2);
  });
});

test.each([
  ['each new one is refused too', (n: number) => `token-${n}`, 2],
  ['there is none but the old one', () => 'the-only-one', 1],
])('%s: no more than one other try, no pause, 77 and what to do', async (_, authority, requests) => {
  const { azure, bearers, waits } = await target(() => '401', { authority });
  await expect(azure.query({ kql: 'T' })).rejects.toMatchObject({
    code: 'workspace-auth',
    exitCode: 77,
    message: expect.stringContaining('the token was refused (401'),
    hint: expect.stringContaining('az login'),
  });
  expect(bearers).toHaveLength(requests);
  expect(waits).toEqual([]);
  await expect(azure.ingest(STREAM, [{ EventUid: 'a' }])).rejects.toMatchObject({ code: 'workspace-auth', exitCode: 77 });
});

test('a role that is missing is no fault of the token: nothing is asked for anew', async () => {
  const memory = memoryWorkspace(() => table(['N:long'], [[1n]]));
  let issued = 0;
  const credential = { getToken: async () => ({ token: `t${++issued}`, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const opened = await azureTarget(memory.workspace, {
    open: { credential },
    faults: [{ on: 'query', every: 1, fault: { kind: 'status', status: 403 } }],
  });
  cleanups.push(opened.close);
  await expect(opened.azure.query({ kql: 'T' })).rejects.toMatchObject({ exitCode: expect.any(Number) });
  expect(issued).toBe(1);
});

test('a token near its end is replaced before it is used, and one that an authority gives for a claim', async () => {
  let n = 0;
  let life = 60_000;
  const asked: unknown[] = [];
  const credential = {
    getToken: async (_: unknown, options?: { readonly claims?: string }) => {
      asked.push(options?.claims);
      return { token: `t${++n}`, expiresOnTimestamp: Date.now() + life };
    },
  };
  const tokens = new FreshTokens(credential, { reopen: async () => credential, onRenewed: () => {} });
  const get = async (claims?: string) => (await tokens.getToken('s', claims === undefined ? {} : { claims })).token;
  expect([await get(), await get()]).toEqual(['t1', 't2']);
  life = 3_600_000;
  expect([await get(), await get(), await get('{"c":1}'), await get()]).toEqual(['t3', 't3', 't4', 't4']);
  expect(asked).toEqual([undefined, undefined, undefined, '{"c":1}']);
});
