import { gunzipSync } from 'node:zlib';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { afterEach, describe, expect, test } from 'vitest';
import { ExitCode } from '../../../src/core/errors.ts';
import type { FaultRow } from '../../../src/server/faults.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { azureTarget, SETTINGS } from '../../support/azure-target.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';

const STREAM = 'Custom-FactorFindings_CL';
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Keeps the size of every call's body before compression. */
function measuring(sizes: number[]): (client: HttpClient) => HttpClient {
  return (client) => ({
    sendRequest(request) {
      sizes.push(gunzipSync(request.body as Uint8Array).length);
      return client.sendRequest(request);
    },
  });
}

async function target(options: Parameters<typeof azureTarget>[1] = {}, workspace: Partial<Workspace> = {}) {
  const memory = memoryWorkspace(() => table(['A:int'], []));
  const sizes: number[] = [];
  const opened = await azureTarget({ ...memory.workspace, ...workspace }, { wrap: measuring(sizes), ...options });
  cleanups.push(opened.close);
  const uids = () => memory.ingested.flatMap(({ rows }) => rows.map((row) => row['EventUid'] as string));
  return { ...opened, ...memory, sizes, uids };
}

const finding = (i: number, message = 'm'.repeat(1000)) => ({
  TimeGenerated: '2026-05-01T00:00:00Z',
  EventUid: `uid-${i}`,
  FindingRevision: 1,
  EventMessage: message,
});
const findings = (count: number) => Array.from({ length: count }, (_, i) => finding(i));
const sorted = (texts: readonly string[]) => [...texts].sort();

test('all rows arrive, in calls below the service limit by measured bytes', async () => {
  const { azure, uids, sizes, journal } = await target();
  const rows = findings(3000);
  expect(await azure.ingest(STREAM, rows)).toEqual({ accepted: 3000, rejected: [] });
  expect(sorted(uids())).toEqual(sorted(rows.map(({ EventUid }) => EventUid)));
  expect(sizes.length).toBe(4);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(950_000);
  expect(journal.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
});

test('tiny rows, of which the stock client packs too many into a call', async () => {
  const { azure, sizes } = await target();
  const rows = Array.from({ length: 120_000 }, () => ({ RunId: 'r' }));
  expect((await azure.ingest('Custom-FactorRuns_CL', rows)).accepted).toBe(120_000);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(950_000);
});

test('text beyond ASCII is measured in bytes', async () => {
  const { azure, sizes } = await target();
  await azure.ingest(
    STREAM,
    Array.from({ length: 800 }, (_, i) => finding(i, '東'.repeat(1000))),
  );
  expect(sizes.length).toBeGreaterThan(2);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(950_000);
});

describe('faults', () => {
  const on = 'ingest' as const;
  test.each<[string, readonly FaultRow[], readonly number[]]>([
    ['429 without Retry-After', [{ on, calls: [1], fault: { kind: 'status', status: 429 } }], [750]],
    ['429 with Retry-After', [{ on, calls: [1], fault: { kind: 'status', status: 429, retryAfter: 3 } }], [3000]],
    ['503', [{ on, calls: [1], fault: { kind: 'status', status: 503 } }], [750]],
    ['a reset', [{ on, calls: [1], fault: { kind: 'reset' } }], [750]],
  ])('%s: nothing is lost, nothing is twice', async (_name, faults, waits) => {
    const opened = await target({ faults });
    const rows = findings(2000);
    expect(await opened.azure.ingest(STREAM, rows)).toEqual({ accepted: 2000, rejected: [] });
    expect(sorted(opened.uids())).toEqual(sorted(rows.map(({ EventUid }) => EventUid)));
    expect(opened.waits).toEqual(waits);
  });

  test('a lost answer: the rows are sent again, which their EventUid and revision absorb', async () => {
    const opened = await target({ faults: [{ on, calls: [1], fault: { kind: 'lost-answer' } }] });
    expect((await opened.azure.ingest(STREAM, findings(10))).accepted).toBe(10);
    expect(opened.uids()).toHaveLength(20);
    expect(new Set(opened.uids()).size).toBe(10);
  });

  test('503 for ever ends after the bound with 69', async () => {
    const opened = await target({ faults: [{ on, fault: { kind: 'status', status: 503 } }] });
    await expect(opened.azure.ingest(STREAM, findings(1))).rejects.toMatchObject({
      code: 'workspace-unavailable',
      exitCode: ExitCode.unavailable,
    });
    expect(opened.journal).toHaveLength(6);
  });

  test('403 that is about the token names no role', async () => {
    const jwt = `e30.${Buffer.from('{"aud":"https://api.loganalytics.io"}').toString('base64url')}.x`;
    const { azure } = await target({ app: { checkAudience: true }, open: { env: { TEST_TOKEN: jwt } } });
    const error = await azure.ingest(STREAM, [{ EventUid: 'a' }]).catch((reason: Error) => reason);
    expect(error).toMatchObject({
      code: 'workspace-auth',
      exitCode: 77,
      message: expect.stringMatching(/token was refused .*wrong audience/),
    });
    expect(String((error as Error).message)).not.toContain('role');
  });

  test('403 names the role that is missing', async () => {
    const opened = await target({ faults: [{ on, fault: { kind: 'status', status: 403 } }] });
    await expect(opened.azure.ingest(STREAM, findings(1))).rejects.toMatchObject({
      code: 'workspace-auth',
      exitCode: ExitCode.noPermission,
      message: expect.stringContaining(
        `the role Monitoring Metrics Publisher is missing on data collection rule ${SETTINGS.ingest.dcr_id}`,
      ),
    });
  });
});

test('413: calls are halved until the service takes them', async () => {
  const opened = await target({ app: { limits: { ingestBytes: 100_000 } } });
  expect((await opened.azure.ingest(STREAM, findings(500))).accepted).toBe(500);
  expect(opened.journal.some(({ status }) => status === 413)).toBe(true);
  expect(new Set(opened.uids()).size).toBe(500);
});

test('413 of a single row that is not too large: it is asked for once more, and only then set aside', async () => {
  const once = await target({ faults: [{ on: 'ingest', calls: [1], fault: { kind: 'status', status: 413 } }] });
  expect(await once.azure.ingest(STREAM, findings(1))).toEqual({ accepted: 1, rejected: [] });
  expect(once.uids()).toEqual([findings(1)[0]!.EventUid]);
  const always = await target({ faults: [{ on: 'ingest', fault: { kind: 'status', status: 413 } }] });
  expect(await always.azure.ingest(STREAM, findings(1))).toEqual({
    accepted: 0,
    rejected: [{ row: 0, reason: expect.stringContaining('413') }],
  });
  expect(always.journal).toHaveLength(2);
});

test('a row that is refused for ever is named, and the others arrive', async () => {
  const taken: string[] = [];
  const opened = await target(
    {},
    {
      async ingest(_stream, rows) {
        const bad = rows.findIndex((row) => row['EventMessage'] === 'bad');
        if (bad >= 0) return { accepted: 0, rejected: [{ row: bad, reason: 'not taken' }] };
        taken.push(...rows.map((row) => row['EventUid'] as string));
        return { accepted: rows.length, rejected: [] };
      },
    },
  );
  const rows = findings(900).map((row, i) => (i === 77 || i === 800 ? { ...row, EventMessage: 'bad' } : row));
  const outcome = await opened.azure.ingest(STREAM, rows);
  expect(outcome.accepted).toBe(898);
  expect(outcome.rejected.map(({ row }) => row)).toEqual([77, 800]);
  expect(outcome.rejected[0]!.reason).toContain('not taken');
  expect(new Set(taken).size).toBe(898);
});

test('a stream that refuses every row is an error, not a thousand rejected findings', async () => {
  const opened = await target(
    {},
    { ingest: async (_stream, rows) => ({ accepted: 0, rejected: rows.map((_, row) => ({ row, reason: 'no' })) }) },
  );
  await expect(opened.azure.ingest(STREAM, findings(1000))).rejects.toMatchObject({ code: 'ingest-refused', exitCode: ExitCode.invalid });
});

test.each([
  ['stream', 'Custom-Nothing_CL', {}],
  ['rule', STREAM, { ingest: { endpoint: 'https://local.ingest.monitor.azure.com', dcr_id: 'dcr-11111111111111111111111111111111' } }],
])('a %s that is not there is a wrong configuration', async (_name, stream, settings) => {
  const opened = await target({ settings });
  await expect(opened.azure.ingest(stream, findings(3))).rejects.toMatchObject({
    code: 'ingest-misconfigured',
    exitCode: ExitCode.invalid,
  });
  expect(opened.journal).toHaveLength(1);
});

test('a row larger than a call, or that is not JSON, is rejected here', async () => {
  const opened = await target();
  const wide = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`C${i}`, 'x'.repeat(60_000)]));
  const outcome = await opened.azure.ingest(STREAM, [finding(0), wide, { n: 1n }, finding(3)]);
  expect(outcome).toMatchObject({
    accepted: 2,
    rejected: [
      { row: 1, reason: expect.stringContaining('bytes') },
      { row: 2, reason: expect.stringContaining('not JSON') },
    ],
  });
});

test('fields over 64 kB are cut with a mark, never inside a character', async () => {
  const opened = await target();
  const row = { ...finding(0, `a${'😀'.repeat(20_000)}`), AdditionalFields: { list: Array.from({ length: 9000 }, (_, i) => `item ${i}`) } };
  const before = structuredClone(row);
  await opened.azure.ingest(STREAM, [row]);
  const [sent] = opened.ingested[0]!.rows;
  const message = sent!['EventMessage'] as string;
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(65_536);
  expect(message).toMatch(/^a(😀)+ \[cut: 80001 bytes\]$/u);
  const cut = (typeof sent!['AdditionalFields'] === 'string' ? JSON.parse(sent!['AdditionalFields']) : sent!['AdditionalFields']) as Record<
    string,
    unknown
  >;
  expect(cut).toMatchObject({ _cut: true, _bytes: Buffer.byteLength(JSON.stringify(before.AdditionalFields)) });
  expect(row).toEqual(before);
});

test('an abort is never success: not before the first call, not between two', async () => {
  const { azure } = await target();
  await expect(azure.ingest(STREAM, findings(5), AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
  const stop = new AbortController();
  const opened = await target(
    {},
    {
      async ingest(_stream, rows) {
        stop.abort();
        return { accepted: rows.length, rejected: [] };
      },
    },
  );
  await expect(opened.azure.ingest(STREAM, findings(9000), stop.signal)).rejects.toMatchObject({
    code: 'interrupted',
    exitCode: ExitCode.interrupted,
  });
});

test('no rows are no call', async () => {
  const { azure, journal } = await target();
  expect(await azure.ingest(STREAM, [])).toEqual({ accepted: 0, rejected: [] });
  expect(journal).toEqual([]);
});

describe('rows that are JSON already', () => {
  const json = (rows: readonly unknown[]) => new TextEncoder().encode(JSON.stringify(rows));

  test('go out as they stand', async () => {
    const { azure, uids, journal } = await target();
    const rows = findings(700).map((row) => ({ ...row, EventMessage: 'a ] } , [ { \\" in text' }));
    expect(await azure.ingestJson(STREAM, json(rows))).toEqual({ accepted: 700, rejected: [] });
    expect(uids()).toEqual(rows.map(({ EventUid }) => EventUid));
    expect(journal).toHaveLength(1);
  });

  test.each<[string, readonly unknown[], number]>([
    ['more than a call takes', findings(3000), 4],
    ['none', [], 0],
  ])('%s', async (_name, rows, calls) => {
    const { azure, journal } = await target();
    expect(await azure.ingestJson(STREAM, json(rows))).toEqual({ accepted: rows.length, rejected: [] });
    expect(journal).toHaveLength(calls);
  });

  test('a field over 64 kB is cut with a mark', async () => {
    const { azure, ingested } = await target();
    await azure.ingestJson(STREAM, json([finding(0, 'x'.repeat(70_000)), finding(1)]));
    expect(ingested[0]!.rows[0]!['EventMessage']).toMatch(/^x+ \[cut: 70000 bytes\]$/);
  });

  test('413, a retry and a stream that is not there are as for rows', async () => {
    const small = await target({ app: { limits: { ingestBytes: 100_000 } } });
    expect((await small.azure.ingestJson(STREAM, json(findings(500)))).accepted).toBe(500);
    expect(new Set(small.uids()).size).toBe(500);
    const busy = await target({ faults: [{ on: 'ingest', calls: [1], fault: { kind: 'status', status: 503 } }] });
    expect((await busy.azure.ingestJson(STREAM, json(findings(5)))).accepted).toBe(5);
    expect(busy.uids()).toHaveLength(5);
    const elsewhere = await target();
    await expect(elsewhere.azure.ingestJson('Custom-Unknown_CL', json(findings(3)))).rejects.toMatchObject({
      code: 'ingest-misconfigured',
    });
  });

  test('a row that is refused for ever is named by its number', async () => {
    const opened = await target(
      {},
      {
        async ingest(_stream, rows) {
          const bad = rows.findIndex((row) => row['EventMessage'] === 'bad');
          return bad >= 0 ? { accepted: 0, rejected: [{ row: bad, reason: 'not taken' }] } : { accepted: rows.length, rejected: [] };
        },
      },
    );
    const rows = findings(9).map((row, i) => (i === 6 ? { ...row, EventMessage: 'bad' } : row));
    const outcome = await opened.azure.ingestJson(STREAM, json(rows));
    expect(outcome).toMatchObject({ accepted: 8, rejected: [{ row: 6 }] });
  });
});
