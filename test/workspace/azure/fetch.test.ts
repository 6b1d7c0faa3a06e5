import { afterEach, describe, expect, test } from 'vitest';
import { ExitCode } from '../../../src/core/errors.ts';
import type { KqlValue } from '../../../src/core/kql-types.ts';
import { TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, ticksFromIso } from '../../../src/core/ticks.ts';
import { KqlError } from '../../../src/kql/kql-error.ts';
import type { FaultRow } from '../../../src/server/faults.ts';
import { rowsOf } from '../../../src/workspace/azure/decode/rows.ts';
import { azureTarget, boundsOf } from '../../support/azure-target.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';

const KQL =
  'declare query_parameters(From:datetime, Until:datetime);\nSigninLogs | where ingestion_time() >= From and ingestion_time() < Until';
const FROM = ticksFromIso('2026-05-01T00:00:00Z')!;
const UNTIL = FROM + TICKS_PER_DAY;
const COLUMNS = ['IngestedAt:datetime', 'Id:string', 'N:long'];

/** One row a minute, whose number is beyond what a double holds. */
const ROWS = Array.from(
  { length: 1440 },
  (_, i) => [FROM + BigInt(i) * TICKS_PER_MINUTE + 3n, `id-${i}`, 9_007_199_254_740_993n + BigInt(i)] as const,
);

function minutely() {
  return memoryWorkspace((request) => {
    const { from, until } = boundsOf(request);
    return table(
      COLUMNS,
      ROWS.filter(([at]) => at >= from && at < until),
    );
  });
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function target(...args: Parameters<typeof azureTarget>) {
  const opened = await azureTarget(...args);
  cleanups.push(opened.close);
  return opened;
}

async function fetched(
  azure: Awaited<ReturnType<typeof azureTarget>>['azure'],
  range = { from: FROM, until: UNTIL },
): Promise<KqlValue[][]> {
  const rows: KqlValue[][] = [];
  const columns = COLUMNS.map((text) => ({ name: text.split(':')[0]!, type: text.split(':')[1] as 'long' }));
  for await (const batch of azure.fetch({ name: 'signins', kql: KQL, file: 'queries/signins.kql', ...range }))
    rows.push(...rowsOf(batch, columns));
  return rows.sort((a, b) => Number((a[0] as bigint) - (b[0] as bigint)));
}

test('every row comes once, exactly, and no more than four queries run at once', async () => {
  let running = 0;
  let most = 0;
  const inner = minutely();
  const { azure, journal } = await target({
    ...inner.workspace,
    async query(request) {
      running++;
      most = Math.max(most, running);
      const answer = await inner.workspace.query(request);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      return answer;
    },
  });
  expect(await fetched(azure)).toEqual(ROWS);
  expect(most).toBeLessThanOrEqual(4);
  expect(journal.every(({ status }) => status === 200)).toBe(true);
});

test('slices meet without a gap or an overlap, and grow while little comes back', async () => {
  const inner = minutely();
  const { azure } = await target(inner.workspace);
  await fetched(azure);
  const slices = inner.asked.map(boundsOf).sort((a, b) => Number(a.from - b.from));
  expect(slices[0]!.from).toBe(FROM);
  expect(slices.at(-1)!.until).toBe(UNTIL);
  for (const [i, slice] of slices.slice(1).entries()) expect(slice.from).toBe(slices[i]!.until);
  expect(slices.length).toBeLessThan(8);
  expect(slices[0]!.until - slices[0]!.from).toBe(TICKS_PER_HOUR);
});

test('the query is bounded by event time too, through timespan', async () => {
  const inner = minutely();
  const { azure } = await target(inner.workspace);
  await fetched(azure, { from: FROM, until: FROM + TICKS_PER_HOUR });
  expect(inner.asked[0]!.timespan).toBe('2026-03-31T00:00:00.000Z/2026-05-02T01:00:00.001Z');
});

describe('faults do not change what is read', () => {
  const on = 'query' as const;
  test.each<[string, readonly FaultRow[], readonly number[]]>([
    ['429 with Retry-After', [{ on, calls: [1], fault: { kind: 'status', status: 429, retryAfter: 7 } }], [7000]],
    ['429 without', [{ on, calls: [1, 2], fault: { kind: 'status', status: 429 } }], [750, 1500]],
    ['a Retry-After beyond max_wait', [{ on, calls: [1], fault: { kind: 'status', status: 503, retryAfter: 3600 } }], [60_000]],
    ['503', [{ on, calls: [2, 3], fault: { kind: 'status', status: 503 } }], [750, 750]],
    ['a reset', [{ on, calls: [1], fault: { kind: 'reset' } }], [750]],
    ['a cut in mid-body', [{ on, calls: [1, 3], fault: { kind: 'cut', afterBytes: 700 } }], []],
    ['504', [{ on, calls: [1], fault: { kind: 'status', status: 504 } }], []],
    ['a partial answer', [{ on, calls: [1, 2, 4], fault: { kind: 'partial', rows: 5 } }], []],
    ['an empty 200', [{ on, calls: [1], fault: { kind: 'empty' } }], []],
    ['a slow answer', [{ on, calls: [1], fault: { kind: 'slow', delayMs: 50 } }], []],
  ])('%s', async (_name, faults, waits) => {
    const opened = await target(minutely().workspace, { faults });
    expect(await fetched(opened.azure)).toEqual(ROWS);
    expect(opened.waits).toEqual(waits);
    expect(opened.journal.some(({ fault }) => fault !== undefined)).toBe(true);
  });
});

test('204, which the service says of a workspace without data, is no rows', async () => {
  const { azure } = await target(minutely().workspace, { faults: [{ on: 'query', fault: { kind: 'no-content' } }] });
  expect(await fetched(azure)).toEqual([]);
});

test.each([{ rows: 20 }, { bytes: 2000 }])('caps of an answer (%j): slices become so small that each is whole', async (limits) => {
  const inner = minutely();
  const opened = await target(inner.workspace, { app: { limits } });
  expect(await fetched(opened.azure)).toEqual(ROWS);
  // What was too much is learnt from: one answer in a few was cut, not every one on the way down of each slice.
  expect(opened.journal.length).toBeLessThan((ROWS.length / 20) * 4);
});

test('more rows in one instant than an answer takes is an error that names it', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => [FROM + 5n, `id-${i}`, BigInt(i)] as const);
  const inner = memoryWorkspace((request) => {
    const { from, until } = boundsOf(request);
    return table(COLUMNS, FROM + 5n >= from && FROM + 5n < until ? rows : []);
  });
  const { azure } = await target(inner.workspace, { app: { limits: { rows: 20 } } });
  await expect(fetched(azure)).rejects.toMatchObject({
    code: 'workspace-partial',
    exitCode: ExitCode.unavailable,
    message: expect.stringContaining('2026-05-01T00:00:00.0000005Z'),
  });
});

test.each([
  ['503 for ever', { kind: 'status', status: 503 }],
  ['a cut for ever', { kind: 'cut', afterBytes: 300 }],
  ['resets for ever', { kind: 'reset' }],
  ['504 for ever', { kind: 'status', status: 504 }],
] as const)('%s ends after the bound with 69', async (_name, fault) => {
  const opened = await target(minutely().workspace, { faults: [{ on: 'query', fault }] });
  await expect(fetched(opened.azure)).rejects.toMatchObject({ code: 'workspace-unavailable', exitCode: ExitCode.unavailable });
  expect(opened.journal.length).toBeLessThanOrEqual(24);
});

test.each([
  [401, 'the token was refused'],
  [403, 'the role Log Analytics Reader is missing on workspace 00000000-0000-0000-0000-000000000000'],
])('%i is 77 at once, and the token is nowhere in the error', async (status, message) => {
  const opened = await target(minutely().workspace, { faults: [{ on: 'query', fault: { kind: 'status', status } }] });
  const error: Error = await fetched(opened.azure).then(
    () => new Error('no error'),
    (e: Error) => e,
  );
  expect(error).toMatchObject({ code: 'workspace-auth', exitCode: ExitCode.noPermission, message: expect.stringContaining(message) });
  expect(opened.journal).toHaveLength(1);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error.stack) + String(error.cause)).not.toContain(
    'secret-of-the-test',
  );
});

test('a table that is not there yet is no rows, and one warning', async () => {
  const inner = memoryWorkspace(() => {
    throw new KqlError([
      {
        kind: 'semantic',
        message: "'where' operator: Failed to resolve table or column expression named 'SigninLogs'",
        line: 2,
        column: 1,
        name: 'SigninLogs',
      },
    ]);
  });
  const opened = await target(inner.workspace);
  expect(await fetched(opened.azure)).toEqual([]);
  expect(opened.warnings).toEqual([expect.stringContaining('SigninLogs')]);
});

test('a column that is not there is an error with file and place', async () => {
  const inner = memoryWorkspace(() => {
    throw new KqlError([
      { kind: 'semantic', message: "Failed to resolve scalar expression named 'Nope'", line: 2, column: 20, name: 'Nope' },
    ]);
  });
  const { azure } = await target(inner.workspace);
  await expect(fetched(azure)).rejects.toMatchObject({
    code: 'kql-semantic',
    exitCode: ExitCode.invalid,
    message: expect.stringContaining('Nope'),
    where: { file: 'queries/signins.kql', line: 2, column: 20 },
  });
});

test('several workspaces are all read, one that lacks the table is passed over', async () => {
  const ids = ['11111111-1111-1111-1111-111111111111', '22222222-2222-2222-2222-222222222222'];
  const opened = await target(minutely().workspace, { settings: { workspaces: ids } });
  const rows = await fetched(opened.azure);
  expect(rows).toHaveLength(ROWS.length * 2);
  for (const id of ids) expect(opened.journal.some(({ path }) => path.includes(id))).toBe(true);
});

/** As `minutely`, whose column N has another type, and the rows another order of columns, from an hour of the day on. */
function changing(type: string, cell: (n: bigint) => KqlValue, from = 6n) {
  return memoryWorkspace((request) => {
    const { from: start, until } = boundsOf(request);
    const rows = ROWS.filter(([at]) => at >= start && at < until);
    if (start < FROM + from * TICKS_PER_HOUR) return table(COLUMNS, rows);
    return table(
      [`N:${type}`, 'Id:string', 'IngestedAt:datetime', 'More:string'],
      rows.map(([at, id, n]) => [cell(n - 9_007_199_254_740_993n), id, at, 'nobody asked for it']),
    );
  });
}

describe('a column that changes in the middle of a run', () => {
  test('to a type that holds the same values: they are the same', async () => {
    const { azure } = await target(changing('int', Number).workspace, { app: { limits: { rows: 90 } } });
    const rows = await fetched(azure);
    const at = rows.findIndex(([, , n]) => (n as bigint) < 1000n);
    // Where a slice begins decides from which row on the log has changed: not before the sixth hour, and from there on for good.
    expect(at).toBeGreaterThanOrEqual(360);
    expect(rows).toEqual(ROWS.map(([time, id, n], i) => [time, id, i < at ? n : n - 9_007_199_254_740_993n]));
  });

  test('to nothing but nulls of another type: they are nulls', async () => {
    const { azure } = await target(changing('dynamic', () => null).workspace, { app: { limits: { rows: 90 } } });
    const rows = await fetched(azure);
    expect(rows.map(([at, id]) => [at, id])).toEqual(ROWS.map(([at, id]) => [at, id]));
    expect(rows.at(-1)).toEqual([ROWS.at(-1)![0], 'id-1439', null]);
  });

  test.each([
    ['string', (n: bigint) => `${n}`],
    ['real', (n: bigint) => Number(n) + 0.5],
    ['datetime', (n: bigint) => n],
  ])('to %s: an error that names column, types and slice', async (type, cell) => {
    const { azure } = await target(changing(type, cell).workspace, { app: { limits: { rows: 90 } } });
    await expect(fetched(azure)).rejects.toMatchObject({
      code: 'answer-columns',
      exitCode: ExitCode.invalid,
      message: expect.stringMatching(
        new RegExp(`2026-05-01T.* to 2026-05-0.* in workspace 00000000-0000-0000-0000-000000000000 .*: N is ${type}, not long`),
      ),
      where: { file: 'queries/signins.kql' },
    });
  });

  test('away: an error that names it, and what is asked for beforehand holds for the first answer too', async () => {
    const { azure } = await target(minutely().workspace);
    const columns = [...COLUMNS, 'Gone:string'].map((text) => ({ name: text.split(':')[0]!, type: text.split(':')[1] as 'long' }));
    const read = async () => {
      for await (const _ of azure.fetch({ name: 'signins', kql: KQL, from: FROM, until: UNTIL, columns })) void _;
    };
    await expect(read()).rejects.toMatchObject({ code: 'answer-columns', message: expect.stringContaining('Gone is missing, not string') });
  });
});

test('a query that does not declare From and Until is refused before anything is sent', async () => {
  const opened = await target(minutely().workspace);
  const read = async () => {
    for await (const _ of opened.azure.fetch({ name: 'x', kql: 'SigninLogs', from: FROM, until: UNTIL })) void _;
  };
  await expect(read()).rejects.toMatchObject({ code: 'kql-parameter' });
  expect(opened.journal).toEqual([]);
});

test('a reader that stops early stops the queries', async () => {
  const opened = await target(minutely().workspace);
  for await (const batch of opened.azure.fetch({ name: 'x', kql: KQL, from: FROM, until: UNTIL })) {
    expect(batch.numRows).toBeGreaterThan(0);
    break;
  }
  const sent = opened.journal.length;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(opened.journal.length).toBe(sent);
});

test('an interrupt ends it with 130', async () => {
  const opened = await target(minutely().workspace, { faults: [{ on: 'query', fault: { kind: 'slow', delayMs: 60_000 } }] });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 30);
  const read = async () => {
    for await (const _ of opened.azure.fetch({ name: 'x', kql: KQL, from: FROM, until: UNTIL, signal: stop.signal })) void _;
  };
  await expect(read()).rejects.toMatchObject({ code: 'interrupted', exitCode: ExitCode.interrupted });
});
