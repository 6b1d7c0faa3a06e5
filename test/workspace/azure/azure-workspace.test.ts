import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, test } from 'vitest';
import { ExitCode } from '../../../src/core/errors.ts';
import { KqlError } from '../../../src/kql/kql-error.ts';
import { queryEndpoint } from '../../../src/workspace/azure/clouds.ts';
import { guardedClient } from '../../../src/workspace/azure/guarded-client.ts';
import { openAzureWorkspace } from '../../../src/workspace/azure/open.ts';
import type { QueryAnswer, QueryRequest } from '../../../src/workspace/workspace.ts';
import { azureTarget, SETTINGS } from '../../support/azure-target.ts';
import { memoryWorkspace, type Scripted, table } from '../../support/memory-workspace.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function target(script: (request: QueryRequest) => Scripted, options: Parameters<typeof azureTarget>[1] = {}) {
  const memory = memoryWorkspace(script);
  const opened = await azureTarget(memory.workspace, options);
  cleanups.push(opened.close);
  return { ...opened, ...memory };
}

async function rowsOf(answer: QueryAnswer) {
  const rows = [];
  for await (const chunk of answer.chunks) rows.push(...chunk);
  return rows;
}

const EVERYTHING = table(
  ['T:datetime', 'D:timespan', 'L:long', 'I:int', 'R:real', 'M:decimal', 'B:bool', 'S:string', 'G:guid', 'J:dynamic'],
  [
    [
      638501636961234567n,
      -5n,
      9223372036854775807n,
      -1,
      Number.NaN,
      '0.1',
      true,
      '<b>"\\\u0001',
      '74be27de-1e4e-49d9-b579-fe0b331d3642',
      '{"a":[1,null,"é"]}',
    ],
    [null, null, null, null, null, null, null, '', null, null],
  ],
  { render: { Visualization: 'timechart' } },
);

describe('query', () => {
  test('every type comes through the real client as it was', async () => {
    const { azure } = await target(() => EVERYTHING);
    const answer = await azure.query({ kql: 'T' });
    expect(answer.columns).toEqual(EVERYTHING.columns);
    const expected = [];
    for await (const chunk of EVERYTHING.chunks({ kql: '' })) expected.push(...chunk);
    expect(await rowsOf(answer)).toEqual(expected);
    expect(answer.partial()).toBeUndefined();
    expect(answer.render).toMatchObject({ Visualization: 'timechart' });
  });

  test('parameters reach the service as typed literals, timespan and time limit beside them', async () => {
    const { azure, asked, journal } = await target(() => EVERYTHING);
    await azure.query({
      kql: 'declare query_parameters(Name:string);\nT | where S == Name',
      parameters: { Name: { type: 'string', value: '"; T2 //' } },
      timespan: 'P1D',
      timeoutMs: 20_500,
    });
    expect(asked[0]).toMatchObject({ kql: 'let Name = "\\"; T2 //";\nT | where S == Name', timespan: 'P1D' });
    expect(journal[0]!.headers['prefer']).toContain('wait=21');
  });

  test('a partial answer says so', async () => {
    const { azure } = await target(() => EVERYTHING, { faults: [{ on: 'query', fault: { kind: 'partial', rows: 1 } }] });
    const answer = await azure.query({ kql: 'T' });
    expect(await rowsOf(answer)).toHaveLength(1);
    expect(answer.partial()).toMatchObject({ code: expect.stringMatching(/rows|bytes|service/), message: expect.any(String) });
  });

  test('maxRows cuts and says so', async () => {
    const { azure } = await target(() => EVERYTHING);
    const answer = await azure.query({ kql: 'T', maxRows: 1 });
    expect(await rowsOf(answer)).toHaveLength(1);
    expect(answer.partial()).toMatchObject({ code: 'rows' });
  });

  test('a cut answer and bare 429s are asked for again', async () => {
    const opened = await target(() => EVERYTHING, {
      faults: [
        { on: 'query', calls: [1], fault: { kind: 'cut', afterBytes: 400 } },
        { on: 'query', calls: [2], fault: { kind: 'status', status: 429 } },
      ],
    });
    expect(await rowsOf(await opened.azure.query({ kql: 'T' }))).toHaveLength(2);
    expect(opened.waits).toEqual([750, 1500]);
  });

  test('wrong KQL is 78 with the place', async () => {
    const { azure } = await target(() => {
      throw new KqlError([{ kind: 'syntax', message: 'Expected: )', line: 3, column: 7, name: ')' }]);
    });
    await expect(azure.query({ kql: 'T |', file: 'a.kql' })).rejects.toMatchObject({
      code: 'kql-syntax',
      exitCode: ExitCode.invalid,
      where: { file: 'a.kql', line: 3, column: 7 },
    });
  });

  test('several workspaces are asked in one query', async () => {
    const workspaces = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'];
    const bodies: string[] = [];
    const { azure } = await target(() => EVERYTHING, {
      settings: { workspaces },
      wrap: (client) => ({
        sendRequest(request) {
          bodies.push(request.body as string);
          return client.sendRequest(request);
        },
      }),
    });
    await azure.query({ kql: 'T' });
    expect(JSON.parse(bodies[0]!)).toMatchObject({ workspaces: [workspaces[1]] });
  });
});

test('check compiles without reading: no row is that old', async () => {
  const { azure, asked } = await target(() => EVERYTHING);
  expect(await azure.check({ kql: 'T' })).toEqual(EVERYTHING.columns);
  expect(asked[0]!.timespan).toMatch(/^1990/);
});

test('tables are those that are there, and of named ones nothing more is asked, once', async () => {
  const { azure, journal } = await target(({ kql }) => {
    if (kql.startsWith('SigninLogs') || kql.startsWith('FactorRuns_CL')) return EVERYTHING;
    throw new KqlError([
      {
        kind: 'semantic',
        message: `'take' operator: Failed to resolve table or column expression named '${kql.split(' ')[0]}'`,
        line: 1,
        column: 1,
        name: 'x',
      },
    ]);
  });
  const named = await azure.tables(['SigninLogs', 'AuditLogs', 'SigninLogs']);
  expect([...named.keys()]).toEqual(['SigninLogs']);
  await azure.tables(['SigninLogs']);
  expect(journal).toHaveLength(2);
  const tables = await azure.tables();
  expect([...tables.keys()].sort()).toEqual(['FactorRuns_CL', 'SigninLogs']);
  expect(tables.get('SigninLogs')).toEqual(EVERYTHING.columns);
});

describe('hosts', () => {
  test('a redirect to another host is not followed, and the token does not go there', async () => {
    const seen: string[] = [];
    const azure = await openAzureWorkspace(SETTINGS, {
      env: { TEST_TOKEN: 'secret-of-the-test' },
      warn: () => {},
      httpClient: {
        async sendRequest(request) {
          seen.push(new URL(request.url).host);
          return { request, status: 303, headers: createHttpHeaders({ location: 'https://evil.example/v1/workspaces/x/query' }) };
        },
      },
    });
    await expect(azure.query({ kql: 'T' })).rejects.toMatchObject({
      code: 'workspace-unavailable',
      message: expect.stringContaining('303'),
    });
    expect(seen).toEqual(['api.loganalytics.io']);
    await azure.close();
  });

  test('the transport sends nothing to a host that is not in the configuration', async () => {
    const seen: string[] = [];
    const client = guardedClient(['https://api.loganalytics.io/v1'], {
      sendRequest(request) {
        seen.push(request.url);
        return Promise.resolve({ request, status: 200, headers: createHttpHeaders() });
      },
    });
    await client.sendRequest(createPipelineRequest({ url: 'https://api.loganalytics.io/v1/workspaces' }));
    for (const url of ['https://evil.example/v1', 'http://api.loganalytics.io/v1', 'https://api.loganalytics.io:8443/v1']) {
      await expect(client.sendRequest(createPipelineRequest({ url }))).rejects.toMatchObject({ code: 'host-refused' });
    }
    expect(seen).toEqual(['https://api.loganalytics.io/v1/workspaces']);
  });

  test.each([
    ['https://127.0.0.1:8443', 'https://127.0.0.1:8443/v1'],
    ['https://127.0.0.1:8443/v1', 'https://127.0.0.1:8443/v1'],
    ['https://127.0.0.1:8443/v1/', 'https://127.0.0.1:8443/v1'],
    [undefined, 'https://api.loganalytics.io/v1'],
  ])('query_endpoint %s becomes %s', (query_endpoint, url) => {
    expect(queryEndpoint({ ...SETTINGS, query_endpoint })).toBe(url);
  });

  test.each(['http://127.0.0.1', 'https://user:pw@host', 'https://host/v2', 'not a url'])(
    'query_endpoint %s is refused',
    (query_endpoint) => {
      expect(() => queryEndpoint({ ...SETTINGS, query_endpoint })).toThrow(expect.objectContaining({ exitCode: ExitCode.invalid }));
    },
  );

  test('a sovereign cloud has its own', () => {
    expect(queryEndpoint({ ...SETTINGS, cloud: 'usgov' })).toBe('https://api.loganalytics.us/v1');
    expect(queryEndpoint({ ...SETTINGS, cloud: 'china' })).toBe('https://api.loganalytics.azure.cn/v1');
  });
});
