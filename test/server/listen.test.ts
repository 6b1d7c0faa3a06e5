import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listen } from '../../src/server/listen.ts';
import type { Scripted } from '../support/memory-workspace.ts';
import { JSON_BODY, ONE_ROW, QUERY_PATH } from './helpers.ts';
import { start } from './listening.ts';

describe('a listening server', () => {
  it('listens on 127.0.0.1 alone and answers HEAD /', async () => {
    const { address } = await start();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
  });

  it('names the port that is in use', async () => {
    const { address, app } = await start();
    await expect(listen(app, Number(new URL(address).port))).rejects.toMatchObject({ code: 'port-unavailable', exitCode: 69 });
  });

  it('refuses a header that is too large, and a request that is none', async () => {
    const { address } = await start();
    const answer = await fetch(address, { headers: { 'x-long': 'x'.repeat(40_000) } }).then(
      ({ status }) => status,
      () => 'closed',
    );
    expect(['closed', 431]).toContain(answer);
    const closed = new Promise((resolve) => {
      const socket = connect(Number(new URL(address).port), '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      socket.on('close', () => resolve(true)).on('error', () => undefined);
    });
    expect(await closed).toBe(true);
  });

  it('stops a query whose client goes away', async () => {
    let stopped: () => void = () => undefined;
    const stop = new Promise<boolean>((resolve) => (stopped = () => resolve(true)));
    const forever: Scripted = {
      columns: ONE_ROW.columns,
      async *chunks(request) {
        request.signal?.addEventListener('abort', stopped);
        for (let i = 0n; ; i++) yield [[i]];
      },
    };
    const { address } = await start(() => forever, { limits: { rows: 1e9, bytes: 1e12 } });
    const gone = new AbortController();
    const answer = await fetch(address + QUERY_PATH, { method: 'POST', headers: JSON_BODY, body: '{"query":"T"}', signal: gone.signal });
    await answer.body!.getReader().read();
    gone.abort();
    expect(await stop).toBe(true);
  });
});

it('answers in chunks, and keeps the connection for the next request, also after an error', async () => {
  const { address } = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (authorization: string) =>
    new Promise<{ status: number | undefined; port: number | undefined; coding: string | undefined }>((resolve, reject) => {
      const sent = request(`${address}${QUERY_PATH}`, { agent, method: 'POST', headers: { ...JSON_BODY, authorization } }, (answer) => {
        const { statusCode: status, headers } = answer;
        const port = answer.socket.localPort;
        answer.resume().on('end', () => resolve({ status, port, coding: headers['transfer-encoding'] }));
      });
      sent.on('error', reject).end('{"query":"T"}');
    });
  const first = await ask('Bearer x');
  expect(first).toMatchObject({ status: 200, coding: 'chunked' });
  expect(await ask('')).toMatchObject({ status: 401, port: first.port });
  expect(await ask('Bearer x')).toMatchObject({ status: 200, port: first.port });
  agent.destroy();
});
