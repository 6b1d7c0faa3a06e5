import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createDefaultHttpClient, createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AnswerCut, idleLimit, type Tapped, wireClient } from '../../../src/workspace/azure/wire-client.ts';

const ANSWER = Buffer.from('{"tables":[{"name":"PrimaryResult","columns":[{"name":"N","type":"long"}],"rows":[[1],[2],[3]]}]}');
const IDLE_MS = 60_000;

let answering: ServerResponse;
let socket: Socket;
const server = createServer((_, response) => {
  answering = response;
});
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function until(there: () => boolean): Promise<void> {
  while (!there()) await turn();
}

/** Asks, and has the server send the head of an answer and its first piece. */
async function begin(piece: Buffer, headers: Record<string, string>) {
  const transport = createDefaultHttpClient();
  const inner: HttpClient = {
    async sendRequest(request) {
      const response = await transport.sendRequest(request);
      ({ socket } = response.readableStreamBody as IncomingMessage);
      return response;
    },
  };
  const tap: Tapped = { answer: undefined, empty: undefined };
  const { port } = server.address() as AddressInfo;
  const request = createPipelineRequest({ url: `http://127.0.0.1:${port}/`, allowInsecureConnection: true });
  let given = false;
  const asked = wireClient(inner, { idleMs: IDLE_MS, tapOf: () => tap })
    .sendRequest(request)
    .finally(() => {
      given = true;
    });
  asked.catch(() => {});
  server.once('request', (_, response: ServerResponse) => response.writeHead(200, headers).write(piece));
  await until(() => vi.getTimerCount() === 1);
  return { asked, tap, given: () => given };
}

test.each([
  ['as it is', ANSWER, {}],
  ['compressed', gzipSync(ANSWER), { 'content-encoding': 'gzip' }],
])('an answer (%s) that comes to a stand in its middle is cut when its idle time is over', async (_, bytes, headers) => {
  const { asked } = await begin(bytes.subarray(0, 40), headers);
  vi.advanceTimersByTime(2 * IDLE_MS);
  await expect(asked).rejects.toThrow(AnswerCut);
  await expect(asked).rejects.toThrow('nothing came for 60 s');
  expect(vi.getTimerCount()).toBe(0);
});

test('one that goes on coming, however slowly, is waited for', async () => {
  const { asked, tap, given } = await begin(ANSWER.subarray(0, 10), {});
  for (const byte of ANSWER.subarray(10, 30)) {
    const before = socket.bytesRead;
    answering.write(Buffer.of(byte));
    await until(() => socket.bytesRead > before);
    vi.advanceTimersByTime(IDLE_MS / 2);
    expect(given()).toBe(false);
  }
  answering.end(ANSWER.subarray(30));
  await asked;
  expect(tap.answer?.rows).toBe(3);
});

test('the limit is the longest pause between two tries, and long enough for a slow line', () => {
  expect([1000, 60_000].map((maxWaitMs) => idleLimit({ maxWaitMs }))).toEqual([10_000, 60_000]);
});
