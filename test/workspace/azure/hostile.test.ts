import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { TICKS_PER_HOUR, ticksFromIso } from '../../../src/core/ticks.ts';
import { AnswerDecoder } from '../../../src/workspace/azure/decode/answer-decoder.ts';
import { openAzureWorkspace } from '../../../src/workspace/azure/open.ts';
import { loopbackClient } from '../../support/azure-clients.ts';
import { SETTINGS } from '../../support/azure-target.ts';

/** A service that answers what no service should: never taken for data, never without an end, always an error with a name. */
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type Answer = (request: IncomingMessage, response: ServerResponse, call: number) => void;

async function against(answer: Answer, retry = SETTINGS.retry) {
  let calls = 0;
  const waits: number[] = [];
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response, ++calls));
    response.on('error', () => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const azure = await openAzureWorkspace(
    { ...SETTINGS, retry },
    {
      env: { TEST_TOKEN: 'secret-of-the-test' },
      httpClient: loopbackClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      warn: () => {},
      sleep: async (ms) => void waits.push(ms),
      random: () => 0.5,
    },
  );
  cleanups.push(async () => {
    await azure.close();
    server.closeAllConnections();
    server.close();
  });
  return { azure, waits, calls: () => calls };
}

const FROM = ticksFromIso('2026-05-01T00:00:00Z')!;
const KQL = 'declare query_parameters(From:datetime, Until:datetime);\nT | where ingestion_time() between (From .. Until)';
async function read(azure: Awaited<ReturnType<typeof against>>['azure']): Promise<number> {
  let rows = 0;
  for await (const batch of azure.fetch({ name: 'rows', kql: KQL, from: FROM, until: FROM + TICKS_PER_HOUR })) rows += batch.numRows;
  return rows;
}
const COLUMNS = '[{"name":"At","type":"datetime"},{"name":"Id","type":"string"}]';
const whole = (rows: string, columns = COLUMNS) => `{"tables":[{"name":"PrimaryResult","columns":${columns},"rows":${rows}}]}`;
const json = (body: string | Buffer, headers: Record<string, string> = {}): Answer => {
  return (_request, response) => response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);
};
const HOSTILE: Readonly<Record<string, Answer>> = {
  'a page of a proxy': (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in {here}</body></html>'),
  'an object without tables': json('{}'),
  'no table': json('{"tables":[]}'),
  'a table without rows': json(`{"tables":[{"name":"PrimaryResult","columns":${COLUMNS}}]}`),
  'tables that are none': json('{"tables":{"rows":[["a"]]}}'),
  'an array': json('[]'),
  null: json('null'),
  'a text': json('"no"'),
  'an error with status 200': json('{"error":{"code":"InternalServerError","message":"no"}}'),
  'gzip that stops': json(gzipSync(whole('[]')).subarray(0, 40), { 'content-encoding': 'gzip' }),
  'a Content-Length of less than comes': json(whole('[["2026-05-01T00:00:00Z","a"]]'), { 'content-length': '100' }),
  'gzip that is none': json(whole('[]'), { 'content-encoding': 'gzip' }),
  'gzip within gzip': json(gzipSync(gzipSync(whole('[]'))), { 'content-encoding': 'gzip' }),
  'a coding nobody asked for': json('\u0001\u0002', { 'content-encoding': 'br' }),
  'fewer bytes than it says': (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
    response.write(whole('[]'), () => response.destroy());
  },
  'rows of another width': json(whole('[["2026-05-01T00:00:00Z","a","b"]]')),
  'rows that are objects': json(whole('[{"At":"2026-05-01T00:00:00Z","Id":"a"}]')),
  'more after the end': json(`${whole('[]')}${whole('[["2026-05-01T00:00:00Z","a"]]')}`),
  'a type that there is not': json(whole('[]', '[{"name":"At","type":"vector"}]')),
  'a status that there is not': (_request, response) => response.writeHead(299).end('{}'),
  'a status of no success': (_request, response) => response.writeHead(302).end(),
  'a redirect in a circle': (request, response) => response.writeHead(307, { location: request.url! }).end(),
};

describe('an answer that is none', () => {
  test.each(Object.keys(HOSTILE))('%s', async (name) => {
    const { azure, calls } = await against(HOSTILE[name]!);
    await expect(read(azure)).rejects.toMatchObject({ name: 'FactorwatchError', exitCode: 69 });
    expect(calls()).toBeLessThan(200);
    const asked = azure.query({ kql: 'T' });
    // What Kusto puts in place of a row is told beside the rows before it, which are never taken for the whole.
    if (name === 'rows that are objects') expect((await asked).partial()).toMatchObject({ code: 'service' });
    else await expect(asked).rejects.toMatchObject({ name: 'FactorwatchError', exitCode: 69 });
  });
});

describe('an answer without an end', () => {
  const pour = (response: ServerResponse, chunk: string | Buffer) => {
    const more = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  test.each<[string, Answer]>([
    [
      'of one cell',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write(`${whole('').slice(0, -3)}[["2026-05-01T00:00:00Z","`);
        pour(response, 'x'.repeat(1_000_000));
      },
    ],
    [
      'of spaces',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        pour(response, ' '.repeat(1_000_000));
      },
    ],
    [
      'of an error',
      (_request, response) => {
        response.writeHead(503, { 'content-type': 'application/json' });
        pour(response, 'x'.repeat(1_000_000));
      },
    ],
  ])('%s', { timeout: 120_000 }, async (_name, answer) => {
    const { azure } = await against(answer, { attempts: 2, max_wait: 1000 });
    const before = process.memoryUsage.rss();
    await expect(azure.query({ kql: 'T' })).rejects.toMatchObject({ name: 'FactorwatchError', exitCode: 69 });
    expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(1500);
  });
});

test('rows without an end are read up to a limit, far above what the service gives', () => {
  const decoder = new AnswerDecoder({ bytes: 1_000_000, rows: 1_000_000, rowBytes: 100_000 });
  decoder.push(Buffer.from(`${whole('').slice(0, -3)}[`));
  const rows = Buffer.from('["2026-05-01T00:00:00Z","the same in every row"],'.repeat(1000));
  expect(() => {
    for (let i = 0; i < 100; i++) decoder.push(rows);
  }).toThrow('more than 1000000 bytes');
});

test('a bomb: an answer that is small until it is unpacked is read up to a limit of rows', async () => {
  // 60 million rows of one cell, 240 MB unpacked and a quarter of a megabyte on the line, would take half a gigabyte as 64-bit numbers.
  const columns = '{"tables":[{"name":"PrimaryResult","columns":[{"name":"N","type":"long"}],"rows":[[1]';
  const bomb = gzipSync(Buffer.concat([Buffer.from(columns), Buffer.alloc(240_000_000, ',[1]'), Buffer.from(']}]}')]), { level: 1 });
  const { azure } = await against(
    (_request, response) => response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb),
    { attempts: 1, max_wait: 1000 },
  );
  await expect(azure.query({ kql: 'T' })).rejects.toMatchObject({
    exitCode: 69,
    message: expect.stringContaining('more than 5000000 rows'),
  });
});

describe('Retry-After', () => {
  test.each([
    ['-5', 0],
    ['0', 0],
    ['1e9', 60_000],
    ['Infinity', 750],
    ['soon', 750],
    ['', 750],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['Fri, 21 Oct 2950 07:28:00 GMT', 60_000],
  ])('%j is waited for within the bound', async (value, first) => {
    const { azure, waits } = await against((_request, response) => response.writeHead(429, { 'retry-after': value }).end('{}'));
    await expect(azure.query({ kql: 'T' })).rejects.toMatchObject({ exitCode: 69 });
    expect(waits).toHaveLength(5);
    expect(waits[0]).toBe(first);
  });
});

describe('an upload is taken only where the service says so', () => {
  test.each<[string, Answer]>([
    ['200 with a page of a proxy', HOSTILE['a page of a proxy']!],
    ['200', (_request, response) => response.writeHead(200).end()],
    ['202', (_request, response) => response.writeHead(202).end()],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['a redirect in a circle', HOSTILE['a redirect in a circle']!],
  ])('%s', async (_name, answer) => {
    const { azure } = await against(answer);
    await expect(azure.ingest('Custom-FactorFindings_CL', [{ EventUid: 'a' }])).rejects.toMatchObject({
      name: 'FactorwatchError',
      exitCode: 69,
    });
  });
});
