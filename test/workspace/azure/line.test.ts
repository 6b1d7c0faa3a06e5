import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpClient, RestError } from '@azure/core-rest-pipeline';
import { afterEach, expect, test, vi } from 'vitest';
import { deliver, stageSlices } from '../../../src/pipeline/outbox.ts';
import { openAzureWorkspace } from '../../../src/workspace/azure/open.ts';
import { memoryStore } from '../../pipeline/memory-store.ts';
import { azureTarget, SETTINGS } from '../../support/azure-target.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';

/** What happens on the way to the service: names, proxies, tokens that end in the middle of a run, texts that are none. */
const STREAM = 'Custom-FactorFindings_CL';
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function target(wrap?: (client: HttpClient) => HttpClient, open: Parameters<typeof azureTarget>[1] = {}) {
  const memory = memoryWorkspace(() => table(['N:long'], [[1n]]));
  const opened = await azureTarget(memory.workspace, { ...open, ...(wrap && { wrap }) });
  cleanups.push(opened.close);
  return { ...opened, rows: () => memory.ingested.flatMap(({ rows }) => rows) };
}

test.each(['ENOTFOUND', 'EAI_AGAIN'])('a name that is not found for a moment (%s) is asked for again', async (code) => {
  let calls = 0;
  const { azure, waits } = await target((client) => ({
    sendRequest: (request) =>
      ++calls <= 2
        ? Promise.reject(new RestError(`getaddrinfo ${code} api.loganalytics.io`, { code, request }))
        : client.sendRequest(request),
  }));
  const { columns } = await azure.query({ kql: 'T' });
  expect([columns.length, calls, waits]).toEqual([1, 3, [750, 1500]]);
});

test('HTTPS_PROXY: the line goes through the proxy, which is told the host and never the token', async () => {
  const asked: string[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url, headers }, socket) => {
    asked.push(JSON.stringify({ url, headers }));
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  cleanups.push(async () => void proxy.close());
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  const azure = await openAzureWorkspace(
    { ...SETTINGS, retry: { attempts: 2, max_wait: 1000 } },
    { env: { TEST_TOKEN: 'secret-of-the-test' }, warn: () => {}, sleep: async () => {} },
  );
  // Not the service has refused it: no role and no token would mend that.
  const refused = { exitCode: 69, message: expect.stringContaining('a proxy or firewall on the way refused the request (403') };
  await expect(azure.query({ kql: 'T' })).rejects.toMatchObject(refused);
  await expect(azure.ingest(STREAM, [{ EventUid: 'a' }])).rejects.toMatchObject(refused);
  expect(asked.map((line) => JSON.parse(line).url)).toEqual(
    expect.arrayContaining(['api.loganalytics.io:443', 'local.ingest.monitor.azure.com:443']),
  );
  expect(asked.join()).not.toContain('secret-of-the-test');
  await azure.close();
});

test('a token that ends in the middle of an upload: what was taken is acknowledged, the rest waits, nothing is sent twice', async () => {
  let calls = 0;
  let refusing = true;
  const { azure, rows } = await target((client) => ({
    async sendRequest(request) {
      const good = !refusing || ++calls <= 5;
      if (!good) request.headers.delete('Authorization');
      return client.sendRequest(request);
    },
  }));
  const store = memoryStore();
  const uids = Array.from({ length: 12 }, (_, i) => `uid-${i}`);
  await stageSlices(
    store,
    1,
    uids.map((EventUid) => ({ stream: STREAM, rows: 1, text: JSON.stringify([{ EventUid }]) })),
  );
  const send = () => deliver({ store, workspace: azure, sequence: 1, reject: async () => {} });
  await expect(send()).rejects.toMatchObject({
    code: 'workspace-auth',
    exitCode: 77,
    message: expect.stringContaining('token was refused'),
  });
  expect(rows()).toHaveLength(5);
  expect(await store.list('outbox/')).toHaveLength(7);
  refusing = false;
  await send();
  expect(await store.list('outbox/')).toEqual([]);
  expect(
    rows()
      .map(({ EventUid }) => EventUid)
      .sort(),
  ).toEqual([...uids].sort());
});

test.each([
  ['short', 5, 5],
  ['beyond 64 kB, where each half would take three bytes', 30_000, undefined],
])('halves of surrogate pairs, %s, do not make a row that the service refuses', async (_, count, kept) => {
  const { azure, rows } = await target();
  const message = '\ud83d'.repeat(count);
  for (const outcome of [
    await azure.ingest(STREAM, [{ EventUid: 'a', EventMessage: message }]),
    await azure.ingestJson(STREAM, Buffer.from(JSON.stringify([{ EventUid: 'a', EventMessage: message }]))),
  ])
    expect(outcome).toEqual({ accepted: 1, rejected: [] });
  expect(rows()).toHaveLength(2);
  for (const { EventMessage } of rows()) {
    const text = EventMessage as string;
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_536);
    if (kept === undefined) expect(text).toMatch(/^\ufffd+ \[cut: 90000 bytes\]$/);
    else expect(text).toHaveLength(kept);
  }
});
