import { describe, expect, it } from 'vitest';
import { bearerToken, sameSecret } from '../../src/server/access.ts';
import { AUTH, INGEST_PATH, QUERY_PATH, testApp } from './helpers.ts';

const get = (headers: Record<string, string>, path = `${QUERY_PATH}?query=T`) => testApp().app.request(path, { headers });
const status = async (headers: Record<string, string>, path?: string) => (await get(headers, path)).status;

describe('who is let in', () => {
  it('wants a bearer token, any that is not empty', async () => {
    const answer = await get({});
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await answer.json()).toHaveProperty('error.code', 'AuthenticationFailed');
    expect(await status({ authorization: 'Bearer ' })).toBe(401);
    expect(await status({ authorization: 'Basic eDp5' })).toBe(401);
    expect(await status({ authorization: 'bearer x' })).toBe(200);
  });

  it('wants the one token where one is set', async () => {
    const { app, asked } = testApp(undefined, { token: 'right' });
    const ask = async (headers: Record<string, string>) => (await app.request(`${QUERY_PATH}?query=T`, { headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: 'Bearer righ' })).toBe(403);
    expect(await ask({ authorization: 'Bearer rightt' })).toBe(403);
    expect(asked).toEqual([]);
    expect(await ask({ authorization: 'Bearer right' })).toBe(200);
  });

  it('wants it for every path of the APIs before it says what is there', async () => {
    const { app } = testApp();
    for (const path of ['/v1/nothing', '/v1/$batch', '/dataCollectionRules/x/streams/y', '/dataCollectionRules/x']) {
      expect((await app.request(path, { method: 'POST', body: '{' })).status).toBe(401);
    }
  });

  it('refuses a token that was made for another API, where that is looked at', async () => {
    const jwt = (aud: unknown) => `e30.${Buffer.from(JSON.stringify({ aud })).toString('base64url')}.x`;
    const statusOf = async (path: string, token: string, checkAudience = true) =>
      (await testApp(undefined, { checkAudience }).app.request(path, { method: 'POST', headers: { authorization: `Bearer ${token}` } }))
        .status;
    // What the SDKs ask for, with and without the slash that Entra ID puts behind it; 400 and 415 are said of the body, behind the guard.
    const [query, ingest, manage] = ['https://api.loganalytics.io', 'https://monitor.azure.com/', 'https://management.azure.com'];
    expect([await statusOf(QUERY_PATH, jwt(query)), await statusOf(INGEST_PATH, jwt(ingest))]).toEqual([400, 415]);
    expect([await statusOf(QUERY_PATH, jwt('https://api.loganalytics.us/')), await statusOf(QUERY_PATH, 'opaque')]).toEqual([400, 400]);
    for (const [path, token] of [
      [QUERY_PATH, jwt(ingest)],
      [INGEST_PATH, jwt(query)],
      [INGEST_PATH, jwt(manage)],
      ['/v1/$batch', jwt(manage)],
    ] as const) {
      expect(await statusOf(path, token), path).toBe(403);
      expect(await statusOf(path, token, false), path).not.toBe(403);
    }
    const answer = await testApp(undefined, { checkAudience: true }).app.request(QUERY_PATH, {
      headers: { authorization: `Bearer ${jwt(ingest)}` },
    });
    expect(await answer.json()).toMatchObject({
      error: { code: 'InvalidAuthenticationToken', message: expect.stringContaining(`wrong audience or resource '${ingest}'`) },
    });
  });

  it('compares secrets of any length', () => {
    expect([sameSecret('a', 'a'), sameSecret('a', 'b'), sameSecret('', 'a'), sameSecret('é'.repeat(9), 'é'.repeat(9))]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(bearerToken('Bearer a b')).toBeUndefined();
  });
});

describe('from where', () => {
  it.each(['127.0.0.1', '127.0.0.1:8765', 'localhost:1', 'LOCALHOST', '[::1]:8765', '[::1]'])('Host %s is this machine', async (host) => {
    expect(await status({ ...AUTH, host })).toBe(200);
  });

  it.each([
    'evil.test',
    'evil.test:8765',
    '127.0.0.1.evil.test',
    'localhost.',
    '127.0.0.2',
    '0.0.0.0',
    '127.0.0.1:x',
    'localhost:80@evil.test',
    '',
  ])('Host "%s" is not', async (host) => {
    const answer = await get({ ...AUTH, host });
    expect(answer.status).toBe(421);
    expect((await get({ host }, '/')).status).toBe(421);
  });

  it.each([
    ['http://127.0.0.1:8765', 200],
    ['https://127.0.0.1:8765', 200],
    ['http://127.0.0.1:9999', 403],
    ['http://localhost:8765', 403],
    ['https://evil.test', 403],
    ['null', 403],
  ])('Origin %s gives %i', async (origin, expected) => {
    expect(await status({ ...AUTH, host: '127.0.0.1:8765', origin })).toBe(expected);
  });

  it('lets no other site see or ask anything', async () => {
    expect(await status({ ...AUTH, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await status({ ...AUTH, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await status({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, '/')).toBe(200);
    const { app } = testApp();
    const preflight = await app.request(QUERY_PATH, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(403);
    expect([...preflight.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('every answer', () => {
  it.each([
    ['of the page', '/', {}],
    ['of a query', `${QUERY_PATH}?query=T`, AUTH],
    ['that refuses', QUERY_PATH, {}],
    ['for another host', '/', { host: 'evil.test' }],
    ['for nothing', '/nothing', {}],
  ])('%s has the headers that keep a browser from harm', async (_what, path, headers) => {
    const answer = await get(headers as Record<string, string>, path);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
    expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('to HEAD / is 200 without a body', async () => {
    const answer = await testApp().app.request('/', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});
