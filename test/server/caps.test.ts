import { describe, expect, it } from 'vitest';
import type { QueryRequest } from '../../src/workspace/workspace.ts';
import { handClock } from '../support/hand-clock.ts';
import { type Scripted, table } from '../support/memory-workspace.ts';
import { ONE_ROW, testApp } from './helpers.ts';

interface PartialBody {
  readonly tables: readonly { readonly rows: readonly unknown[] }[];
  readonly error?: {
    readonly code: string;
    readonly details: readonly { readonly innererror: { readonly code: string; readonly message: string } }[];
  };
}
const read = async (answer: Response) => (await answer.json()) as PartialBody;
const rows = (n: number) => Array.from({ length: n }, (_, i) => [BigInt(i)]);
const columns = ONE_ROW.columns;

/** Rejects when the query is stopped. */
const stopped = (request: QueryRequest) =>
  new Promise<never>((_, reject) => {
    if (request.signal?.aborted) reject(request.signal.reason);
    request.signal?.addEventListener('abort', () => reject(request.signal?.reason));
  });

describe('an answer that is too large', () => {
  it('of rows is cut, with PartialError and status 200', async () => {
    const answer = await testApp(() => table(['n:long'], rows(7)), { limits: { rows: 5 } }).ask('T');
    const body = await read(answer);
    expect(answer.status).toBe(200);
    expect(body.tables[0]?.rows).toEqual([[0], [1], [2], [3], [4]]);
    expect(body.error?.code).toBe('PartialError');
    expect(body.error?.details[0]?.innererror.code).toBe('-2133196797');
    expect(body.error?.details[0]?.innererror.message).toMatch(/5 records.*E_QUERY_RESULT_SET_TOO_LARGE/);
  });

  it('is whole when it has exactly as many rows as it may', async () => {
    const body = await read(await testApp(() => table(['n:long'], rows(5)), { limits: { rows: 5 } }).ask('T'));
    expect(body.tables[0]?.rows).toHaveLength(5);
    expect(body.error).toBeUndefined();
  });

  it('of bytes is cut between two rows', async () => {
    const wide = Array.from({ length: 10 }, () => ['é'.repeat(48)]);
    const body = await read(await testApp(() => table(['s:string'], wide), { limits: { bytes: 350 } }).ask('T'));
    expect(body.tables[0]?.rows).toEqual(wide.slice(0, 3));
    expect(body.error?.details[0]?.innererror.message).toMatch(/350 bytes/);
  });

  it('says what the workspace says of itself', async () => {
    const partial = { code: 'service', message: 'one shard did not answer' } as const;
    const body = await read(await testApp(() => table(['n:long'], rows(1), { partial })).ask('T'));
    expect(body.error?.details[0]?.innererror.message).toBe(partial.message);
  });

  it('is partial when the workspace fails in the middle', async () => {
    const broken: Scripted = {
      columns,
      async *chunks() {
        yield rows(2);
        throw new Error('disk');
      },
    };
    const body = await read(await testApp(() => broken).ask('T'));
    expect(body.tables[0]?.rows).toHaveLength(2);
    expect(body.error?.code).toBe('PartialError');
  });
});

describe('a query that takes too long', () => {
  it('in the middle gives the rows so far', async () => {
    const clock = handClock();
    const slow: Scripted = {
      columns,
      async *chunks(request) {
        yield rows(3);
        await stopped(request);
      },
    };
    const answer = await testApp(() => slow, { clock }).ask('T', { prefer: 'wait=9' });
    clock.advance(9_000);
    const body = await read(answer);
    expect(body.tables[0]?.rows).toHaveLength(3);
    expect(body.error?.details[0]?.innererror.message).toMatch(/9 s/);
  });

  it('before its first row is answered 504, as the service does', async () => {
    const clock = handClock();
    let calls = 0;
    const { ask } = testApp(
      (request) => {
        calls += 1;
        return stopped(request);
      },
      { clock },
    );
    const pending = ask('T', { prefer: 'wait=9' });
    while (calls === 0) await new Promise(setImmediate);
    clock.advance(9_000);
    const answer = await pending;
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ error: { code: 'GatewayTimeout', message: expect.stringContaining('9 s') } });
  });

  it('is stopped when its client goes away, and gives its place back', async () => {
    const gone = new AbortController();
    const signals: AbortSignal[] = [];
    const forever: Scripted = {
      columns,
      async *chunks(request) {
        signals.push(request.signal!);
        for (;;) yield rows(20_000);
      },
    };
    const { app, ask } = testApp((request) => (request.kql === 'forever' ? forever : ONE_ROW), {
      limits: { concurrent: 1, queue: 0, rows: 1e9, bytes: 1e12 },
    });
    const answer = await app.request(
      new Request('http://localhost/v1/workspaces/00000000-0000-0000-0000-000000000000/query?query=forever', {
        headers: { authorization: 'Bearer x' },
        signal: gone.signal,
      }),
    );
    const reader = answer.body!.getReader();
    await reader.read();
    expect((await ask('T')).status).toBe(429);
    await reader.cancel();
    expect(signals[0]?.aborted).toBe(true);
    expect((await ask('T')).status).toBe(200);
  });

  it('is given up when its client stops reading', async () => {
    const clock = handClock();
    const signals: AbortSignal[] = [];
    const forever: Scripted = {
      columns,
      async *chunks(request) {
        signals.push(request.signal!);
        for (;;) {
          request.signal?.throwIfAborted();
          yield rows(20_000);
        }
      },
    };
    const answer = await testApp(() => forever, { clock, limits: { rows: 1e9, bytes: 1e12, stallMs: 1000 } }).ask('T');
    for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    clock.advance(1000);
    await new Promise(setImmediate);
    expect(signals[0]?.aborted).toBe(true);
    await answer.body?.cancel();
  });
});

describe('too many queries', () => {
  /** Queries that end when they are told to. */
  const held = () => {
    const open: (() => void)[] = [];
    const script = () => new Promise<Scripted>((resolve) => open.push(() => resolve(ONE_ROW)));
    return { open, script };
  };
  const settle = async () => {
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
  };

  it('wait for a place, and more than wait are refused', async () => {
    const { open, script } = held();
    const { ask, asked } = testApp(script, { limits: { concurrent: 2, queue: 1 } });
    const answers = [ask('a'), ask('b'), ask('c'), ask('d')];
    await settle();
    const refused = await answers[3]!;
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(asked).toHaveLength(2);
    open[0]!();
    await (await answers[0]!).text();
    await settle();
    expect(asked.map(({ kql }) => kql)).toEqual(['a', 'b', 'c']);
    for (const end of open) end();
    expect((await Promise.all([answers[1]!, answers[2]!])).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('wait three minutes at most', async () => {
    const clock = handClock();
    const { open, script } = held();
    const { ask } = testApp(script, { clock, limits: { concurrent: 1 } });
    const first = ask('a');
    const second = ask('b', { prefer: 'wait=600' });
    await settle();
    clock.advance(179_999);
    await settle();
    clock.advance(1);
    expect((await second).status).toBe(429);
    open[0]!();
    expect((await first).status).toBe(200);
  });

  it('in a window of time are refused where that is wanted', async () => {
    const clock = handClock();
    const { ask } = testApp(undefined, { clock, limits: { rate: { count: 2, windowMs: 30_000 } } });
    const statuses = async () => (await ask('T')).status;
    expect([await statuses(), await statuses(), await statuses()]).toEqual([200, 200, 429]);
    clock.advance(30_000);
    expect(await statuses()).toBe(200);
  });
});

describe('a large answer', () => {
  it('of 500,000 rows is never in memory whole', async () => {
    let made = 0;
    const large: Scripted = {
      columns,
      async *chunks() {
        for (; made < 500_000; made += 2_000) yield rows(2_000);
      },
    };
    const answer = await testApp(() => large).ask('T');
    const reader = answer.body!.getReader();
    await reader.read();
    for (let i = 0; i < 50; i++) await new Promise(setImmediate);
    // Nothing reads, so nothing more than the buffers on the way is made.
    expect(made).toBeLessThan(100_000);
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
    expect(made).toBe(500_000);
    expect(bytes).toBeGreaterThan(2_500_000);
  });
});
