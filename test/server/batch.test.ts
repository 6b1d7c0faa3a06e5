import { describe, expect, it } from 'vitest';
import { faultPlan } from '../../src/server/faults.ts';
import { type Scripted, table } from '../support/memory-workspace.ts';
import { JSON_BODY, ONE_ROW, testApp } from './helpers.ts';

const ZERO = '00000000-0000-0000-0000-000000000000';
const item = (id: string, query: string, more: object = {}) => ({
  id,
  workspace: ZERO,
  method: 'POST',
  path: '/query',
  body: { query },
  ...more,
});

interface Responses {
  readonly responses: readonly { readonly id: string; readonly status: number; readonly body: Record<string, unknown> }[];
}
const send = async ({ app }: ReturnType<typeof testApp>, requests: unknown) => {
  const answer = await app.request('/v1/$batch', { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ requests }) });
  return { status: answer.status, body: (await answer.json()) as Responses };
};
const byId = ({ responses }: Responses) => Object.fromEntries(responses.map((response) => [response.id, response]));

describe('$batch', () => {
  it('answers each request with a status of its own', async () => {
    const app = testApp(({ kql }) => (kql === 'bad' ? Promise.reject(new Error('inside')) : table(['q:string'], [[kql]])));
    const { status, body } = await send(app, [
      item('1', 'a'),
      item('2', 'bad'),
      item('3', 'c', { workspace: 'elsewhere' }),
      item('4', '', {}),
      item('5', 'e', { path: '/metadata' }),
      item('6', 'f', { headers: { prefer: 'include-statistics=true' } }),
    ]);
    const of = byId(body);
    expect(status).toBe(200);
    expect(Object.entries(of).map(([id, response]) => [id, response.status])).toEqual([
      ['1', 200],
      ['2', 500],
      ['3', 404],
      ['4', 400],
      ['5', 404],
      ['6', 200],
    ]);
    expect(of['1']?.body).toHaveProperty('tables.0.rows', [['a']]);
    expect(of['2']?.body).toHaveProperty('error.code', 'InternalServerError');
    expect(of['6']?.body).toHaveProperty('statistics.query');
  });

  it('is found under its name with an escape too', async () => {
    const answer = await testApp().app.request('/v1/%24batch', { method: 'POST', headers: JSON_BODY, body: '{"requests":[]}' });
    expect([answer.status, await answer.text()]).toEqual([200, '{"responses":[]}']);
  });

  it('writes what is ready first', async () => {
    let free: () => void = () => undefined;
    const app = testApp(({ kql }) => {
      if (kql === 'slow') return new Promise<Scripted>((resolve) => (free = () => resolve(ONE_ROW)));
      setImmediate(free);
      return ONE_ROW;
    });
    const { body } = await send(app, [item('first', 'slow'), item('second', 'fast')]);
    expect(body.responses.map(({ id }) => id)).toEqual(['second', 'first']);
  });

  it('is asked for more than may run at once', async () => {
    const { body } = await send(
      testApp(),
      Array.from({ length: 20 }, (_, i) => item(String(i), 'T')),
    );
    expect(body.responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
  });

  it('turns its order round when told to', async () => {
    const app = testApp(undefined, { faults: faultPlan([{ on: 'batch', fault: { kind: 'reversed' } }]) });
    const { body } = await send(
      app,
      Array.from({ length: 12 }, (_, i) => item(String(i), 'T')),
    );
    expect(body.responses.map(({ id }) => Number(id))).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  });

  it.each([
    ['no list', {}],
    ['a request that is a text', ['T']],
    ['no id', [{ body: {} }]],
    ['one id twice', [item('1', 'a'), item('1', 'b')]],
    ['101 requests', Array.from({ length: 101 }, (_, i) => item(String(i), 'T'))],
  ])('is refused whole: %s', async (_what, requests) => {
    const { app, asked } = testApp();
    const answer = await app.request('/v1/$batch', { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ requests }) });
    expect(answer.status).toBe(400);
    expect(asked).toEqual([]);
  });
});
