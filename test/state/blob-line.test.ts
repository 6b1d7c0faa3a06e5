import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ContainerClient } from '@azure/storage-blob';
import { afterEach, describe, expect, test } from 'vitest';
import { blobCheckpointStore } from '../../src/state/checkpoint-store-blob.ts';

/** What a line to the storage does to a blob: a server of blobs that sends and takes what it is told to. */
type Fault = 'stops' | 'announces too little' | 'announces too much' | 'takes half' | 'loses the answer' | '401';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

async function storage(faults: Readonly<Record<string, readonly Fault[]>>) {
  const blobs = new Map<string, { readonly bytes: Buffer; readonly etag: string }>();
  const requests: string[] = [];
  const left = new Map(Object.entries(faults).map(([method, list]) => [method, [...list]]));
  let version = 0;
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '', headers } = request;
    const name = url.split('?')[0]!;
    const fault = left.get(method)?.shift();
    requests.push(`${method} ${headers.authorization ?? ''}`.trim());
    const blob = blobs.get(name);
    if (fault === '401') {
      request.resume();
      response.writeHead(401, { 'x-ms-error-code': 'InvalidAuthenticationInfo' }).end();
      return;
    }
    if (method === 'GET') {
      if (blob === undefined) {
        response.writeHead(404, { 'x-ms-error-code': 'BlobNotFound' }).end();
        return;
      }
      const { bytes, etag } = blob;
      const off = fault === 'announces too little' ? -10 : fault === 'announces too much' ? 10 : 0;
      const sum = createHash('md5').update(bytes).digest('base64');
      response.writeHead(200, { etag, 'content-length': bytes.length + off, 'content-md5': sum, 'x-ms-blob-type': 'BlockBlob' });
      if (fault === undefined) response.end(bytes);
      else response.write(fault === 'stops' ? bytes.subarray(0, bytes.length >> 1) : bytes, () => setTimeout(() => response.destroy(), 20));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (fault === 'takes half') request.socket.destroy();
    });
    request.on('end', () => {
      const conflict = headers['if-none-match'] === '*' ? blob !== undefined : blob === undefined || headers['if-match'] !== blob.etag;
      if (conflict) {
        response.writeHead(412, { 'x-ms-error-code': 'ConditionNotMet' }).end();
        return;
      }
      version += 1;
      const etag = `"${version}"`;
      blobs.set(name, { bytes: Buffer.concat(chunks), etag });
      if (fault === 'loses the answer') request.socket.destroy();
      else response.writeHead(201, { etag }).end();
    });
  };
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const container = new ContainerClient(`http://127.0.0.1:${port}/account/state`, undefined, {
    retryOptions: { retryDelayInMs: 1, maxTries: 3 },
  });
  return { container, store: blobCheckpointStore(container, 'prod/'), requests, left };
}

const BYTES = Buffer.from(JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ EventUid: `uid-${i}` }))));

describe('a blob that does not come whole is asked for again', () => {
  test.each<Fault>(['stops', 'announces too little', 'announces too much'])('(the answer %s)', async (fault) => {
    const { store, left } = await storage({ GET: [fault, fault] });
    await store.write('outbox/1.json', BYTES);
    expect(Buffer.compare((await store.read('outbox/1.json'))!, BYTES)).toBe(0);
    expect(left.get('GET')).toEqual([]);
  });

  test.each<Fault>(['stops', 'announces too little', 'announces too much'])(
    'into memory that is there already, too (%s)',
    async (fault) => {
      const { store } = await storage({ GET: [fault] });
      await store.write('outbox/1.json', BYTES);
      const room = new Uint8Array(BYTES.length + 100);
      const read = (await store.read('outbox/1.json', room))!;
      expect(Buffer.compare(read, BYTES)).toBe(0);
      expect(read.buffer).toBe(room.buffer);
    },
  );

  test.each<Fault>(['stops', 'announces too little', 'announces too much'])('and never taken for one: %s, always', async (fault) => {
    const { store, requests } = await storage({ GET: Array<Fault>(50).fill(fault) });
    await store.write('outbox/1.json', BYTES);
    await expect(store.read('outbox/1.json')).rejects.toMatchObject({
      code: 'state-unavailable',
      exitCode: 69,
      message: expect.stringContaining('prod/outbox/1.json did not come whole'),
    });
    expect(requests.filter((line) => line === 'GET').length).toBeLessThanOrEqual(20);
  });
});

describe('a blob of which a part arrived', () => {
  test.each<Fault>(['takes half', 'loses the answer'])('(the storage %s) is sent again and there once, as a whole', async (fault) => {
    const { store } = await storage({ PUT: [fault] });
    await store.write('head.json', BYTES);
    await store.write('head.json', BYTES.subarray(0, 1000));
    expect(Buffer.compare((await store.read('head.json'))!, BYTES.subarray(0, 1000))).toBe(0);
  });

  test('always: a named error, and what was there before stays', async () => {
    const { store, container } = await storage({ PUT: [undefined as never, ...Array<Fault>(20).fill('takes half')] });
    await store.write('head.json', Buffer.from('before'));
    await expect(store.write('head.json', BYTES)).rejects.toMatchObject({ code: 'state-unavailable', exitCode: 69 });
    const other = blobCheckpointStore(container, 'prod/');
    expect(Buffer.from((await other.read('head.json'))!).toString()).toBe('before');
  });
});

describe('a token that is refused in the middle', () => {
  /** The SDK sends no token over a line without TLS: this bears one as it would. */
  const bearing = (container: ContainerClient, token: () => string) => {
    const client = container.getBlockBlobClient('prod/head.json').constructor;
    expect(client.name).toBe('BlockBlobClient');
    return new Proxy(container, {
      get: (target, name) => {
        if (name !== 'getBlockBlobClient') return Reflect.get(target, name);
        return (blob: string) => {
          const inner = target.getBlockBlobClient(blob);
          const said = (error: Error & { request?: { headers: { get: () => string } } }) => {
            throw Object.assign(error, { request: { headers: { get: () => `Bearer ${token()}` } } });
          };
          return new Proxy(inner, {
            get: (of, method) => {
              const value = Reflect.get(of, method) as unknown;
              return typeof value === 'function' ? (...args: unknown[]) => Promise.resolve(value.apply(of, args)).catch(said) : value;
            },
          });
        };
      },
    });
  };

  test('is replaced once, and the request done again', async () => {
    const { container, requests } = await storage({ PUT: ['401'] });
    const asked: string[] = [];
    const renew = async (refused: string) => {
      asked.push(refused);
      return 'new';
    };
    await blobCheckpointStore(
      bearing(container, () => 'old'),
      'prod/',
      { renew },
    ).write('head.json', BYTES);
    expect([asked, requests]).toEqual([['old'], ['PUT', 'PUT']]);
  });

  test.each([
    ['refused again', 'new', 2],
    ['no other to be had', undefined, 1],
  ])('%s: 77, and no loop', async (_, token, puts) => {
    const { container, requests } = await storage({ PUT: Array<Fault>(9).fill('401') });
    const store = blobCheckpointStore(
      bearing(container, () => 'old'),
      'prod/',
      { renew: async () => token },
    );
    await expect(store.write('head.json', BYTES)).rejects.toMatchObject({
      code: 'state-auth',
      exitCode: 77,
      message: expect.stringContaining('the token for the state in'),
    });
    expect(requests).toHaveLength(puts);
  });
});
