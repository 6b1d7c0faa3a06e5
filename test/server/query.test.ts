import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ExitCode, FactorwatchError } from '../../src/core/errors.ts';
import type { KqlValue } from '../../src/core/kql-types.ts';
import { ticksFromIso } from '../../src/core/ticks.ts';
import { KqlError } from '../../src/kql/kql-error.ts';
import { table } from '../support/memory-workspace.ts';
import { AUTH, JSON_BODY, ONE_ROW, QUERY_PATH, testApp } from './helpers.ts';

const at = (text: string) => ticksFromIso(text)!;

/** Type, cell, and the JSON text that the service sends for it (azure-monitor.md 2 and 5). */
const CELLS: readonly (readonly [type: string, cell: KqlValue, wire: string])[] = [
  ['long', 9_223_372_036_854_775_807n, '9223372036854775807'],
  ['long', -9_223_372_036_854_775_808n, '-9223372036854775808'],
  ['int', -7, '-7'],
  ['bool', true, 'true'],
  ['real', 0.1, '0.1'],
  ['real', 1e300, '1e+300'],
  ['real', Number.NaN, '"NaN"'],
  ['real', Number.POSITIVE_INFINITY, '"Infinity"'],
  ['real', Number.NEGATIVE_INFINITY, '"-Infinity"'],
  ['decimal', '0.1234567890123456789', '"0.1234567890123456789"'],
  ['string', 'a"b\\\n\u2028<script>', '"a\\"b\\\\\\n\u2028<script>"'],
  ['string', '', '""'],
  ['guid', '74be27de-1e4e-49d9-b579-fe0b331d3642', '"74be27de-1e4e-49d9-b579-fe0b331d3642"'],
  ['datetime', at('2024-05-01T12:34:56.1234567Z'), '"2024-05-01T12:34:56.1234567Z"'],
  ['datetime', at('2024-05-01T12:34:56.12Z'), '"2024-05-01T12:34:56.12Z"'],
  ['datetime', at('2024-02-29T00:00:00Z'), '"2024-02-29T00:00:00Z"'],
  ['datetime', 0n, '"0001-01-01T00:00:00Z"'],
  ['datetime', at('1969-12-31T23:59:59.9999999Z'), '"1969-12-31T23:59:59.9999999Z"'],
  ['datetime', at('9999-12-31T23:59:59.9999999Z'), '"9999-12-31T23:59:59.9999999Z"'],
  ['timespan', 937_840_000_005n, '"1.02:03:04.0000005"'],
  ['timespan', -432_000_000_000n, '"-12:00:00"'],
  ['dynamic', '{"a":[1,"x"],"big":12345678901234567890}', '"{\\"a\\":[1,\\"x\\"],\\"big\\":12345678901234567890}"'],
];

describe('cells', () => {
  it.each(CELLS)('%s %s is %s', async (type, cell, wire) => {
    const answer = await testApp(() => table([`x:${type}`], [[cell], [null]])).ask('T');
    expect(await answer.text()).toBe(
      `{"tables":[{"name":"PrimaryResult","columns":[{"name":"x","type":"${type}"}],"rows":[[${wire}],[null]]}]}`,
    );
  });
});

describe('a query', () => {
  it('has no rows and is still an answer', async () => {
    const answer = await testApp(() => table(['x:long', 'y:string'], [])).ask('T');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual({
      tables: [
        {
          name: 'PrimaryResult',
          columns: [
            { name: 'x', type: 'long' },
            { name: 'y', type: 'string' },
          ],
          rows: [],
        },
      ],
    });
  });

  it('comes by POST, by GET and for a resource', async () => {
    const { app, asked } = testApp();
    const resource = '/v1/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w/query';
    const body = JSON.stringify({ query: 'T', timespan: 'P1D' });
    const answers = [
      await app.request(QUERY_PATH, { method: 'POST', headers: JSON_BODY, body }),
      await app.request(`${QUERY_PATH}?query=T&timespan=P1D`, { headers: AUTH }),
      await app.request(resource, { method: 'POST', headers: JSON_BODY, body }),
      await app.request(`${resource}?query=T&timespan=P1D`, { headers: AUTH }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(asked.map(({ kql, timespan }) => [kql, timespan])).toEqual(Array(4).fill(['T', 'P1D']));
  });

  it('takes the empty timespan of the SDK for none', async () => {
    const { ask, asked } = testApp();
    await ask('T', {}, { timespan: '' });
    expect(asked[0]?.timespan).toBeUndefined();
  });

  it('reads gzip and answers with gzip where it is wanted', async () => {
    const { app, asked } = testApp();
    const body = gzipSync(JSON.stringify({ query: 'T' }));
    const answer = await app.request(QUERY_PATH, {
      method: 'POST',
      headers: { ...JSON_BODY, 'content-encoding': 'gzip', 'accept-encoding': 'gzip, deflate' },
      body,
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(JSON.parse(gunzipSync(Buffer.from(await answer.arrayBuffer())).toString())).toHaveProperty('tables.0.rows', [[1]]);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['identity', null],
    ['gzip;q=0', null],
    ['deflate, gzip;q=0.5', 'gzip'],
  ])('Accept-Encoding %s gives %s', async (accepted, encoding) => {
    const answer = await testApp().ask('T', { 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    await answer.text();
  });

  it('gives statistics and render where Prefer wants them, after the tables', async () => {
    const { ask } = testApp(() => table(['n:long'], [[1n], [2n]], { render: { visualization: 'timechart' } }));
    const answer = await ask('T', { prefer: 'wait=30, include-statistics=true,include-render=true' });
    const body = (await answer.json()) as Record<string, unknown>;
    expect(Object.keys(body)).toEqual(['tables', 'statistics', 'render']);
    expect(body).toHaveProperty('statistics.query.datasetStatistics.0.tableRowCount', 2);
    expect(body).toHaveProperty('statistics.query.executionTime', expect.any(Number));
    expect(body).toHaveProperty('render.visualization', 'timechart');
    expect(Object.keys((await (await ask('T')).json()) as object)).toEqual(['tables']);
  });

  it('gives the time of Prefer: wait to the workspace, at most ten minutes', async () => {
    const { ask, asked } = testApp();
    await ask('T');
    await ask('T', { prefer: 'wait=7' });
    await ask('T', { prefer: 'wait=99999' });
    expect(asked.map((request) => request.timeoutMs)).toEqual([180_000, 7_000, 600_000]);
  });
});

describe('a query that is wrong', () => {
  const fault = (kind: 'syntax' | 'semantic' | 'unsupported', message: string) =>
    new KqlError([{ kind, message, line: 2, column: 7, name: 'foo' }]);
  it.each([
    ['SyntaxError', 'SYN0002', fault('syntax', 'expected a column')],
    ['SemanticError', 'SEM0100', fault('semantic', "'foo' does not exist")],
    ['Unsupported', 'Unsupported', fault('unsupported', "the plugin 'foo' is not supported")],
  ])('is a BadArgumentError with %s, what and where', async (inner, detail, error) => {
    const answer = await testApp(() => Promise.reject(error)).ask('T');
    const body = (await answer.json()) as { error: { message: string } };
    expect(answer.status).toBe(400);
    expect(body).toHaveProperty('error.code', 'BadArgumentError');
    expect(body).toHaveProperty('error.innererror.code', inner);
    expect(body).toHaveProperty('error.innererror.innererror', expect.objectContaining({ code: detail, line: 2, pos: 7 }));
    expect(body.error.message).toContain(error.message);
    expect(body.error.message).toContain('2:7');
  });

  it('says "not supported" with line and column whoever made the error', async () => {
    const bare = new FactorwatchError('kql-unsupported', 'evaluate foo', { exitCode: ExitCode.invalid, where: { line: 3, column: 4 } });
    const answer = await testApp(() => Promise.reject(bare)).ask('T');
    expect(await answer.json()).toHaveProperty('error.innererror.message', 'not supported: evaluate foo (line 3, column 4)');
  });

  it('fails with 500 and says nothing of the inside when the program is at fault', async () => {
    const defects: unknown[] = [];
    const answer = await testApp(() => Promise.reject(new Error('secret detail')), { onDefect: (error) => defects.push(error) }).ask('T');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('secret');
    expect(defects).toHaveLength(1);
  });

  const post = (headers: Record<string, string>, body?: string | Uint8Array) => ({
    method: 'POST',
    headers: { ...AUTH, ...headers },
    ...(body !== undefined && { body }),
  });
  const json = { 'content-type': 'application/json' };
  it.each([
    ['no body', post(json)],
    ['no JSON', post(json, '{')],
    ['an array', post(json, '[]')],
    ['no query', post(json, '{"timespan":"P1D"}')],
    ['an empty query', post(json, '{"query":" "}')],
    ['a query that is a number', post(json, '{"query":1}')],
    ['an inherited query', post(json, '{"__proto__":{"query":"T"}}')],
    ['a timespan that is an object', post(json, '{"query":"T","timespan":{}}')],
    ['another workspace', post(json, '{"query":"T","workspaces":["11111111-1111-1111-1111-111111111111"]}')],
    ['no content type', post({}, '{"query":"T"}')],
    ['text', post({ 'content-type': 'text/plain' }, '{"query":"T"}')],
    ['bytes that are no UTF-8', post(json, new Uint8Array([0x7b, 0xff, 0x7d]))],
    ['gzip that is cut', post({ ...json, 'content-encoding': 'gzip' }, gzipSync('{"query":"T"}').subarray(0, 20))],
  ])('is refused with 400: %s', async (_what, init) => {
    const { app, asked } = testApp();
    const answer = await app.request(QUERY_PATH, init);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toHaveProperty('error.code', 'BadArgumentError');
    expect(asked).toEqual([]);
  });

  it('is refused with 413 when its body is too large, also when only unpacked', async () => {
    const { app } = testApp(() => ONE_ROW, { limits: { queryBodyBytes: 1000 } });
    const body = JSON.stringify({ query: ' '.repeat(2000) });
    expect((await app.request(QUERY_PATH, post(json, body))).status).toBe(413);
    expect((await app.request(QUERY_PATH, post({ ...json, 'content-encoding': 'gzip' }, gzipSync(body)))).status).toBe(413);
    expect((await app.request(QUERY_PATH, post({ ...json, 'content-encoding': 'br' }, body))).status).toBe(415);
  });

  it.each([
    ['another workspace', '/v1/workspaces/11111111-1111-1111-1111-111111111111/query', 404, 'PathNotFoundError'],
    ['another path', '/v1/nothing', 404, 'PathNotFoundError'],
    [
      'a resource that is no workspace',
      '/v1/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/w/query',
      400,
      'BadArgumentError',
    ],
  ])('is for %s', async (_what, path, status, code) => {
    const answer = await testApp().app.request(path, post(json, '{"query":"T"}'));
    expect(answer.status).toBe(status);
    expect(await answer.json()).toHaveProperty('error.code', code);
  });

  it('knows the configured workspace, whatever the case of its id', async () => {
    const { app } = testApp(() => ONE_ROW, { workspaceIds: ['AAAAAAAA-0000-0000-0000-000000000001'] });
    const path = '/v1/workspaces/aaaaaaaa-0000-0000-0000-000000000001/query';
    expect((await app.request(path, post(json, '{"query":"T"}'))).status).toBe(200);
  });
});
