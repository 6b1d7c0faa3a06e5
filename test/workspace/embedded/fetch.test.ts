import type { RecordBatch } from 'apache-arrow';
import { Table, tableFromIPC, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KqlColumn, KqlValue } from '../../../src/core/kql-types.ts';
import { datetimeParameter } from '../../../src/core/kql-types.ts';
import type { FetchRequest } from '../../../src/workspace/workspace.ts';
import { type Bench, openBench, ticks } from './support.ts';

const COLUMNS: readonly KqlColumn[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'Unique', type: 'string' },
  { name: 'Few', type: 'string' },
  { name: 'L', type: 'long' },
  { name: 'I', type: 'int' },
  { name: 'R', type: 'real' },
  { name: 'B', type: 'bool' },
  { name: 'D', type: 'dynamic' },
];
const ROWS = 150_000;
const START = ticks('2026-03-01T00:00:00Z');
const HEAD = 'declare query_parameters(From:datetime, Until:datetime); T_CL | where ingestion_time() >= From and ingestion_time() < Until';
const ALL = { from: START, until: START + 10_000_000n * BigInt(ROWS) };

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
  const { store } = bench.workspace;
  const connection = await store.connect();
  await store.transaction(connection, async (_, arrival) => {
    const { id } = await store.catalogue.create(connection, 'table', 'T_CL', COLUMNS);
    // One row a second, but for 70,000 that came in within one tick: no cut by time parts them.
    await connection.run(`INSERT INTO t${id} SELECT ${START} + CASE WHEN i BETWEEN 20000 AND 89999 THEN 20000 ELSE i END * 10000000, ${arrival}, 0, ${START} + i,
      'id-' || i || '-ü', CASE i % 4 WHEN 0 THEN '' WHEN 1 THEN 'short' WHEN 2 THEN 'longer than twelve bytes' ELSE 'Ω≈ç√∫˜µ≤≥÷ more' END,
      CASE WHEN i % 3 > 0 THEN 9007199254740993 + i END, CASE WHEN i % 5 > 0 THEN -i END, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'nan'::DOUBLE ELSE i / 7 END,
      CASE i % 3 WHEN 0 THEN true WHEN 1 THEN false END, CASE i % 3 WHEN 0 THEN '{"a":' || i % 5 || '}' WHEN 1 THEN '[1]' END FROM range(${ROWS}) r(i)`);
    return { value: undefined, rows: ROWS };
  });
  connection.closeSync();
});
afterAll(() => bench.close());

async function batches(request: Omit<FetchRequest, 'name'>): Promise<RecordBatch[]> {
  const all: RecordBatch[] = [];
  for await (const batch of bench.workspace.fetch({ name: 'test', ...request })) all.push(batch);
  return all;
}

function cells(all: readonly RecordBatch[]): Map<unknown, unknown[]> {
  const rows = new Map<unknown, unknown[]>();
  for (const batch of all) for (const row of batch) rows.set(row['Unique'], Object.values(row.toJSON()));
  return rows;
}

describe('fetch', () => {
  test('gives the rows of the query, in batches of at most 65,536, with the types of the interface', async () => {
    const kql = `${HEAD} | project Unique, Few, L, I, R, B, D, TimeGenerated`;
    const all = await batches({ kql, ...ALL });
    expect(all.reduce((sum, batch) => sum + batch.numRows, 0)).toBe(ROWS);
    expect(Math.max(...all.map((batch) => batch.numRows))).toBeLessThanOrEqual(65_536);
    expect(all[0]?.schema.fields.map((field) => `${field.name}: ${field.type}`)).toEqual([
      'Unique: Dictionary<Int32, Utf8>',
      'Few: Dictionary<Int32, Utf8>',
      'L: Int64',
      'I: Int32',
      'R: Float64',
      'B: Bool',
      'D: Dictionary<Int32, Utf8>',
      'TimeGenerated: Int64',
    ]);
    const fetched = cells(all);
    const asked = await bench.rows(kql, { From: datetimeParameter(ALL.from), Until: datetimeParameter(ALL.until) });
    expect(fetched.size).toBe(ROWS);
    const different = asked.filter((row) => !same(fetched.get(row[0]), row));
    expect(different).toEqual([]);
  });

  test('batches can be written as an Arrow stream and read again', async () => {
    const all = await batches({ kql: `${HEAD} | where L % 50 == 0 | project Unique, Few, D`, ...ALL });
    const table = tableFromIPC(tableToIPC(new Table(all), 'stream'));
    expect(table.numRows).toBe(all.reduce((sum, batch) => sum + batch.numRows, 0));
    expect(table.get(7)?.toJSON()).toEqual(new Table(all).get(7)?.toJSON());
  });

  test('keeps to the half-open interval and to the arrival numbers', async () => {
    const kql = `${HEAD} | project Unique`;
    const [from, until] = [START + 10_000_000n * 5n, START + 10_000_000n * 9n];
    expect([...cells(await batches({ kql, from, until })).keys()].sort()).toEqual(['id-5-ü', 'id-6-ü', 'id-7-ü', 'id-8-ü']);
    const { upTo } = await bench.workspace.arrivalMark();
    await bench.workspace.ingest('Custom-T_CL', [{ Unique: 'late' }]);
    const now = bench.workspace.store.clock();
    expect(await batches({ kql, from: START, until: now + 1n, arrival: { after: upTo!, upTo: upTo! } })).toEqual([]);
    const after = (await bench.workspace.arrivalMark()).upTo!;
    expect([...cells(await batches({ kql, from: START, until: now + 1n, arrival: { after: upTo!, upTo: after } })).keys()]).toEqual([
      'late',
    ]);
    // Arrived since, but its ingestion time is not asked for.
    expect(await batches({ kql, from: START, until: now, arrival: { after: upTo!, upTo: after } })).toEqual([]);
  });

  test('a query that keeps few rows gives few batches, one that keeps none gives none', async () => {
    const few = await batches({ kql: `${HEAD} | where Unique endswith '77-ü' | project Unique`, ...ALL });
    expect(few.reduce((sum, batch) => sum + batch.numRows, 0)).toBe(ROWS / 100);
    expect(few.length).toBeLessThanOrEqual(3);
    expect(await batches({ kql: `${HEAD} | where Unique == 'nobody'`, ...ALL })).toEqual([]);
    expect(await batches({ kql: `${HEAD} | project Unique`, from: 0n, until: START })).toEqual([]);
  });

  test('a custom table that is not there gives no batch, other faults are faults', async () => {
    expect(await batches({ kql: HEAD.replace('T_CL', 'Nothing_CL'), ...ALL })).toEqual([]);
    await expect(batches({ kql: `${HEAD} | project Nothing`, ...ALL })).rejects.toMatchObject({ code: 'kql-semantic', exitCode: 78 });
    await expect(batches({ kql: 'T_CL | project Unique', ...ALL })).rejects.toMatchObject({ code: 'kql-parameter' });
  });

  test('two texts with one hash stay two texts', async () => {
    // Pairs that collide under DuckDB's hash() cannot be made in a test: the engine is told that all texts do.
    const { dictionaryColumn } = await import('../../../src/workspace/embedded/fetch/arrow-columns.ts');
    const list = (values: bigint[]) => ({
      length: values.length,
      data: new Uint8Array(new BigUint64Array(values).buffer),
      validity: undefined,
    });
    const lengths = { length: 2, data: new Uint8Array(new Int32Array([1, 1]).buffer), validity: undefined };
    const type = (await batches({ kql: `${HEAD} | project Unique`, from: START, until: START + 1n }))[0]!.schema.fields[0]!.type;
    expect(dictionaryColumn(type, list([5n, 5n]), list([5n, 5n]), lengths, Buffer.from('ab'))).toBeUndefined();
    expect([...dictionaryColumn(type, list([6n, 5n, 6n]), list([5n, 6n]), lengths, Buffer.from('ab'))!.values]).toEqual([1, 0, 1]);
  });

  test('an aborted fetch ends with a named error', async () => {
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _ of bench.workspace.fetch({
        name: 'test',
        kql: `${HEAD} | project Unique, Few, D`,
        ...ALL,
        signal: controller.signal,
      }))
        controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'interrupted', exitCode: 130 });
  });
});

function same(fetched: unknown[] | undefined, asked: readonly KqlValue[]): boolean {
  return fetched !== undefined && asked.every((value, i) => Object.is(value, fetched[i]));
}
