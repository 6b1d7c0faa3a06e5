import { describe, expect, it } from 'vitest';
import { EMPTY_DCR_ID } from '../../src/server/options.ts';
import { EMPTY_WORKSPACE_ID } from '../../src/workspace/workspace-id.ts';
import { table } from '../support/memory-workspace.ts';
import { INGEST_PATH, JSON_BODY, QUERY_PATH } from './helpers.ts';
import { EVERYTHING, failing, start, statuses } from './listening.ts';

describe('faults', () => {
  const ask = (server: Awaited<ReturnType<typeof start>>) => server.query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING);

  it('429 with Retry-After is tried again by the client, without it is not', async () => {
    const patient = await start(undefined, failing({ on: 'query', calls: [1], fault: { kind: 'status', status: 429, retryAfter: 0 } }));
    expect(await ask(patient)).toMatchObject({ status: 'Success' });
    expect(statuses(patient)).toEqual([429, 200]);
    const bare = await start(undefined, failing({ on: 'query', calls: [1], fault: { kind: 'status', status: 429 } }));
    await expect(ask(bare)).rejects.toMatchObject({ statusCode: 429, code: 'TooManyRequests' });
    expect(statuses(bare)).toEqual([429]);
  });

  it('503 with Retry-After is tried again', async () => {
    const server = await start(undefined, failing({ on: 'ingest', calls: [1, 2], fault: { kind: 'status', status: 503, retryAfter: 0 } }));
    await server.ingestion.upload(EMPTY_DCR_ID, 'Custom-FactorFindings_CL', [{ EventUid: 'a' }]);
    expect(statuses(server)).toEqual([503, 503, 204]);
    expect(server.ingested).toHaveLength(1);
  });

  const post = (address: string) =>
    fetch(address + QUERY_PATH, { method: 'POST', headers: { ...JSON_BODY, 'accept-encoding': 'identity' }, body: '{"query":"T"}' });

  it('a reset ends the connection before anything is done', async () => {
    const server = await start(undefined, failing({ on: 'query', calls: [1], fault: { kind: 'reset' } }));
    await expect(post(server.address)).rejects.toMatchObject({ cause: { code: expect.stringMatching(/ECONNRESET|UND_ERR_SOCKET/) } });
    expect([server.asked, statuses(server)]).toEqual([[], [undefined]]);
    expect((await post(server.address)).status).toBe(200);
  });

  it('a lost answer ends it when the rows are written', async () => {
    const server = await start(undefined, failing({ on: 'ingest', calls: [1], fault: { kind: 'lost-answer' } }));
    await expect(fetch(server.address + INGEST_PATH, { method: 'POST', headers: JSON_BODY, body: '[{"EventUid":"a"}]' })).rejects.toThrow();
    expect(server.ingested).toHaveLength(1);
  });

  it('a cut ends the body in the middle', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => [BigInt(i)]);
    const server = await start(() => table(['n:long'], rows), failing({ on: 'query', fault: { kind: 'cut', afterBytes: 100_000 } }));
    const answer = await post(server.address);
    expect(answer.status).toBe(200);
    let bytes = 0;
    await expect(
      (async () => {
        for await (const part of answer.body!) bytes += part.length;
      })(),
    ).rejects.toThrow();
    expect(bytes).toBe(100_000);
  });

  it('a cut ends a short body before its end too', async () => {
    const server = await start(undefined, failing({ on: 'query', fault: { kind: 'cut', afterBytes: 1_000_000 } }));
    const answer = await post(server.address);
    await expect(answer.text()).rejects.toThrow();
  });

  it('204, an empty 200 and PartialError come as the service sends them', async () => {
    const kinds = [{ kind: 'no-content' }, { kind: 'empty' }, { kind: 'partial', rows: 1 }] as const;
    const server = await start(
      () => table(['n:long'], [[1n], [2n]]),
      failing(...kinds.map((fault, i) => ({ on: 'query' as const, calls: [i + 1], fault }))),
    );
    const answers = [await post(server.address), await post(server.address), await post(server.address)];
    expect(answers.map(({ status }) => status)).toEqual([204, 200, 200]);
    expect(await answers[1]!.text()).toBe('');
    expect(await answers[2]!.json()).toMatchObject({ tables: [{ rows: [[1]] }], error: { code: 'PartialError' } });
    expect(server.journal.entries.map(({ call, fault, endpoint }) => [endpoint, call, fault])).toEqual([
      ['query', 1, 'no-content'],
      ['query', 2, 'empty'],
      ['query', 3, 'partial'],
    ]);
  });

  it('every third call can fail', async () => {
    const server = await start(undefined, failing({ on: 'query', every: 3, fault: { kind: 'status', status: 500 } }));
    for (let i = 0; i < 6; i++) await (await post(server.address)).text();
    expect(statuses(server)).toEqual([200, 200, 500, 200, 200, 500]);
  });
});
