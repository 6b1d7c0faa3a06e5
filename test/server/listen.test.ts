import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogsQueryResultStatus } from '@azure/monitor-query';
import { afterEach, describe, expect, it } from 'vitest';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { type FaultRow, faultPlan } from '../../src/server/faults.ts';
import { memoryJournal } from '../../src/server/journal.ts';
import { type Listening, listen } from '../../src/server/listen.ts';
import { type AppOptions, EMPTY_DCR_ID } from '../../src/server/options.ts';
import { removeServeFile, writeServeFile } from '../../src/server/serve-file.ts';
import { EMPTY_WORKSPACE_ID } from '../../src/workspace/workspace-id.ts';
import { azureClients } from '../support/azure-clients.ts';
import { type Scripted, table } from '../support/memory-workspace.ts';
import { INGEST_PATH, JSON_BODY, ONE_ROW, QUERY_PATH, testApp } from './helpers.ts';

const running: Listening[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close(0)));
});

async function start(script: Parameters<typeof testApp>[0] = () => ONE_ROW, options: Partial<AppOptions> = {}) {
  const journal = memoryJournal();
  const memory = testApp(script, { journal, ...options });
  const server = await listen(memory.app, 0);
  running.push(server);
  return { ...memory, journal, address: server.address, ...azureClients(server.address) };
}
const failing = (...rows: FaultRow[]) => ({ faults: faultPlan(rows) });
const statuses = ({ journal }: { journal: ReturnType<typeof memoryJournal> }) => journal.entries.map(({ status }) => status);
const EVERYTHING = { duration: 'P1D' };

const MIXED = table(
  ['t:datetime', 'n:long', 'r:real', 's:string', 'b:bool', 'd:dynamic', 'span:timespan', 'dec:decimal', 'g:guid'],
  [
    [
      ticksFromIso('2024-05-01T12:34:56.1234567Z')!,
      42n,
      0.5,
      'x',
      true,
      '{"a":[1,2]}',
      600_000_000n,
      '0.10',
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
    ],
    [null, null, null, '', null, null, null, null, null],
  ],
);

describe('the real @azure/monitor-query client', () => {
  it('reads every type', async () => {
    const { query } = await start(() => MIXED);
    const result = await query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING);
    if (result.status !== LogsQueryResultStatus.Success) throw new Error(result.status);
    const [first, second] = result.tables[0]!.rows;
    expect(result.tables[0]!.columnDescriptors.map(({ type }) => type)).toEqual([
      'datetime',
      'long',
      'real',
      'string',
      'bool',
      'dynamic',
      'timespan',
      'decimal',
      'guid',
    ]);
    expect(first).toEqual([
      new Date('2024-05-01T12:34:56.123Z'),
      42,
      0.5,
      'x',
      true,
      { a: [1, 2] },
      '00:01:00',
      '0.10',
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
    ]);
    // The client makes 1970 of a datetime that is null; the others stay null.
    expect(second?.slice(1)).toEqual([null, null, '', null, null, null, null, null]);
  });

  it('sends gzip, Prefer and a time span, and reads statistics and render', async () => {
    const { query, asked, journal } = await start(() => table(['n:long'], [[1n]], { render: { visualization: 'barchart' } }));
    const result = await query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING, {
      serverTimeoutInSeconds: 9,
      includeQueryStatistics: true,
      includeVisualization: true,
    });
    expect(result).toMatchObject({ status: 'Success', visualization: { visualization: 'barchart' }, statistics: { query: {} } });
    expect(asked[0]).toMatchObject({ kql: 'T', timespan: 'P1D', timeoutMs: 9_000 });
    expect(journal.entries[0]?.headers['accept-encoding']).toContain('gzip');
  });

  it('asks for a resource', async () => {
    const { query } = await start();
    const id = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';
    expect(await query.queryResource(id, 'T', EVERYTHING)).toMatchObject({ status: 'Success' });
  });

  it('gets the answers of a batch by its own order, whatever ours', async () => {
    const { query } = await start(
      ({ kql }) => (kql === 'bad' ? Promise.reject(new Error('no')) : table(['q:string'], [[kql]])),
      failing({ on: 'batch', fault: { kind: 'reversed' } }),
    );
    const results = await query.queryBatch(
      ['a', 'bad', 'c'].map((text) => ({ workspaceId: EMPTY_WORKSPACE_ID, query: text, timespan: EVERYTHING })),
    );
    expect(results.map((result) => result.status)).toEqual(['Success', 'Failure', 'Success']);
    expect(results[2]).toMatchObject({ tables: [{ rows: [['c']] }] });
  });

  it('sees a cut answer as a partial failure', async () => {
    const { query } = await start(() => table(['n:long'], [[1n], [2n], [3n]]), { limits: { rows: 2 } });
    const result = await query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING);
    expect(result).toMatchObject({
      status: 'PartialFailure',
      partialTables: [{ rows: [[1], [2]] }],
      partialError: { code: 'PartialError' },
    });
  });

  it('throws the code and message of what is refused', async () => {
    const { address } = await start(undefined, { token: 'right' });
    await expect(azureClients(address, 'wrong').query.queryWorkspace(EMPTY_WORKSPACE_ID, 'T', EVERYTHING)).rejects.toMatchObject({
      statusCode: 403,
      code: 'InvalidAuthenticationToken',
    });
    await expect(azureClients(address, 'right').query.queryWorkspace(randomUUID(), 'T', EVERYTHING)).rejects.toMatchObject({
      statusCode: 404,
      code: 'PathNotFoundError',
    });
  });
});

describe('the real @azure/monitor-ingestion client', () => {
  it('uploads rows, compressed', async () => {
    const { ingestion, ingested, journal } = await start();
    const rows = Array.from({ length: 2_000 }, (_, i) => ({ EventUid: String(i), EventMessage: 'm'.repeat(1_000) }));
    await ingestion.upload(EMPTY_DCR_ID, 'Custom-FactorFindings_CL', rows);
    expect(
      ingested
        .flatMap((call) => call.rows)
        .map((row) => Number(row['EventUid']))
        .sort((a, b) => a - b),
    ).toEqual(rows.map((_, i) => i));
    expect(journal.entries.map(({ headers }) => headers['content-encoding'])).toEqual(['gzip', 'gzip', 'gzip']);
  });

  it.each([
    ['rule', 'dcr-11111111111111111111111111111111', 'Custom-FactorFindings_CL', 404, 'NotFound'],
    ['stream', EMPTY_DCR_ID, 'Custom-Other_CL', 400, 'InvalidStream'],
  ])('is told of an unknown %s', async (_what, rule, stream, statusCode, code) => {
    const { ingestion } = await start();
    await expect(ingestion.upload(rule, stream, [{ EventUid: 'a' }])).rejects.toMatchObject({ errors: [{ cause: { statusCode, code } }] });
  });
});

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

describe('serve.json', () => {
  const directory = mkdtempSync(join(tmpdir(), 'factorwatch-serve-'));
  const path = join(directory, 'serve.json');
  const mine = { address: 'http://127.0.0.1:1', token: 'a', pid: 1 };
  afterEach(() => rmSync(path, { force: true }));

  it('is for its owner alone, and replaces what was left', async () => {
    writeFileSync(path, 'left by a server that was killed', { mode: 0o644 });
    await writeServeFile(path, mine);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(mine);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is removed by the server that wrote it and by no other', async () => {
    await writeServeFile(path, { ...mine, token: 'b' });
    await removeServeFile(path, mine);
    expect(readFileSync(path, 'utf8')).toContain('"b"');
    await removeServeFile(path, { ...mine, token: 'b' });
    expect(() => statSync(path)).toThrow('ENOENT');
    await removeServeFile(path, mine);
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
