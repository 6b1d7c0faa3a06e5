import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { faultPlan } from '../../src/server/faults.ts';
import { handClock } from '../support/hand-clock.ts';
import { AUTH, INGEST_PATH, testApp } from './helpers.ts';

const MB = 1_048_576;
const code = async (answer: Response) => [
  answer.status,
  ((await answer.json()) as { error: { code: string } }).error.code,
  answer.headers.get('x-ms-error-code'),
];

describe('ingestion', () => {
  it.each([
    ['plain', (text: string) => ({ body: text, headers: {} })],
    ['gzip', (text: string) => ({ body: gzipSync(text), headers: { 'content-encoding': 'gzip' } })],
  ])('takes %s JSON with 204, and drops what the stream does not declare', async (_what, pack) => {
    const { send, ingested } = testApp();
    const { body, headers } = pack('[{"EventUid":"a","Nothing":1,"__proto__":{"x":1},"Evidence":[{"a":1}]},{"FindingRevision":2}]');
    const answer = await send(body, headers as Record<string, string>);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(ingested).toEqual([
      { stream: 'Custom-FactorFindings_CL', rows: [{ EventUid: 'a', Evidence: [{ a: 1 }] }, { FindingRevision: 2 }] },
    ]);
  });

  it('says 204 only when the workspace has the rows', async () => {
    const memory = testApp();
    let durable: () => void = () => undefined;
    const workspace = {
      ...memory.workspace,
      ingest: () => new Promise<{ accepted: number; rejected: [] }>((resolve) => (durable = () => resolve({ accepted: 1, rejected: [] }))),
    };
    const { send } = testApp(undefined, { workspace });
    let status = 0;
    const answer = send('[{"EventUid":"a"}]').then((response) => (status = response.status));
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    expect(status).toBe(0);
    durable();
    expect(await answer).toBe(204);
  });

  it('says which rows were not taken', async () => {
    const memory = testApp();
    const workspace = { ...memory.workspace, ingest: async () => ({ accepted: 1, rejected: [{ row: 1, reason: 'no time' }] }) };
    const answer = await testApp(undefined, { workspace }).send('[{"EventUid":"a"},{"EventUid":"b"}]');
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('record 1: no time');
  });

  it('cuts fields at 64 KiB, between characters', async () => {
    const { send, ingested } = testApp();
    const long = `x${'é'.repeat(40_000)}`;
    await send(JSON.stringify([{ EventMessage: long, Evidence: [long], RunId: 'y'.repeat(65_536) }]));
    const row = ingested[0]?.rows[0];
    expect(Buffer.byteLength(row?.['EventMessage'] as string)).toBe(65_535);
    expect(long.startsWith(row?.['EventMessage'] as string)).toBe(true);
    expect(Buffer.byteLength(row?.['Evidence'] as string)).toBeLessThanOrEqual(65_536);
    expect(row?.['RunId']).toHaveLength(65_536);
  });

  it('takes 1 MiB and no byte more', async () => {
    const { send, ingested } = testApp();
    const sized = (bytes: number) => `[${' '.repeat(bytes - 2)}]`;
    expect((await send(sized(MB))).status).toBe(204);
    expect(await code(await send(sized(MB + 1)))).toEqual([413, 'ContentLengthLimitExceeded', 'ContentLengthLimitExceeded']);
    // Small on the wire, too large when unpacked: the limit is on both.
    expect((await send(gzipSync(sized(MB)), { 'content-encoding': 'gzip' })).status).toBe(204);
    expect((await send(gzipSync(sized(MB + 1)), { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(ingested).toHaveLength(2);
  });

  it('stops unpacking a bomb at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MB), { level: 1 });
    const before = process.memoryUsage().arrayBuffers;
    expect(bomb.length).toBeLessThan(MB);
    expect((await testApp().send(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * MB);
  });

  it.each([
    ['an object', '{}', 400, 'InvalidRequestBody'],
    ['a text in the array', '[{"EventUid":"a"},"b"]', 400, 'InvalidRequestBody'],
    ['an array in the array', '[[]]', 400, 'InvalidRequestBody'],
    ['null in the array', '[null]', 400, 'InvalidRequestBody'],
    ['JSON that is cut', '[{"EventUid":"a"}', 400, 'InvalidRequestBody'],
    ['nothing', '', 400, 'InvalidRequestBody'],
  ])('refuses %s', async (_what, body, status, name) => {
    const { send, ingested } = testApp();
    expect(await code(await send(body))).toEqual([status, name, name]);
    expect(ingested).toEqual([]);
  });

  const dcr = '/dataCollectionRules/dcr-00000000000000000000000000000000/streams';
  it.each([
    [
      'rule',
      '/dataCollectionRules/dcr-11111111111111111111111111111111/streams/Custom-FactorFindings_CL?api-version=2023-01-01',
      404,
      'NotFound',
    ],
    ['stream', `${dcr}/Custom-Other_CL?api-version=2023-01-01`, 400, 'InvalidStream'],
    ['stream of Object', `${dcr}/constructor?api-version=2023-01-01`, 400, 'InvalidStream'],
    ['missing version', `${dcr}/Custom-FactorFindings_CL`, 400, 'MissingApiVersionParameter'],
    ['version', `${dcr}/Custom-FactorFindings_CL?api-version=1`, 400, 'InvalidApiVersionParameter'],
  ])('refuses an unknown %s', async (_what, path, status, name) => {
    expect(await code(await testApp().send('[]', {}, path))).toEqual([status, name, name]);
  });

  it('knows the configured rule and all streams', async () => {
    const { send, ingested } = testApp(undefined, { dcrIds: ['dcr-ABCDEF00000000000000000000000000'] });
    const streams = ['Custom-FactorFindings_CL', 'Custom-FactorRules_CL', 'Custom-FactorRuns_CL'];
    for (const stream of streams) {
      expect(
        (await send('[]', {}, `/dataCollectionRules/dcr-abcdef00000000000000000000000000/streams/${stream}?api-version=2023-01-01`)).status,
      ).toBe(204);
    }
    expect(ingested.map(({ stream }) => stream)).toEqual(streams);
  });

  it('wants JSON', async () => {
    const { app } = testApp();
    const answer = await app.request(INGEST_PATH, { method: 'POST', headers: { ...AUTH, 'content-type': 'text/plain' }, body: '[]' });
    expect(answer.status).toBe(415);
  });

  it('can show rows late', async () => {
    const clock = handClock();
    const faults = faultPlan([{ on: 'ingest', fault: { kind: 'visible-after', delayMs: 60_000 } }]);
    const { send, ingested } = testApp(undefined, { clock, faults });
    expect((await send('[{"EventUid":"a"}]')).status).toBe(204);
    clock.advance(59_999);
    await new Promise(setImmediate);
    expect(ingested).toEqual([]);
    clock.advance(1);
    await new Promise(setImmediate);
    expect(ingested).toHaveLength(1);
  });
});
