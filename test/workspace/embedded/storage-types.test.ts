import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KqlType, KqlValue } from '../../../src/core/kql-types.ts';
import { type Bench, line, openBench, ticks } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** docs/storage-types.md: what a value is after it was uploaded, after it was imported, and what it must be. */
const VALUES: readonly (readonly [type: KqlType, uploaded: unknown, imported: string, value: KqlValue])[] = [
  ['datetime', '2026-04-30T10:00:00.1234567Z', '"2026-04-30T10:00:00.1234567Z"', ticks('2026-04-30T10:00:00.1234567Z')],
  ['datetime', '0001-01-01T00:00:00Z', '"0001-01-01T00:00:00Z"', 0n],
  ['datetime', '9999-12-31T23:59:59.9999999Z', '"9999-12-31T23:59:59.9999999Z"', 3155378975999999999n],
  ['datetime', 1n, '"0001-01-01T00:00:00.0000001Z"', 1n],
  ['long', 9007199254740993n, '9007199254740993', 9007199254740993n],
  ['long', '-9223372036854775808', '-9223372036854775808', -(2n ** 63n)],
  ['real', 'NaN', '"NaN"', Number.NaN],
  ['real', 0.1, '0.1', 0.1],
  ['bool', false, 'false', false],
  ['string', '', '""', ''],
  ['string', null, 'null', ''],
  ['string', 'a\u0000b \ud83d\ude00', '"a\\u0000b \\ud83d\\ude00"', 'a\u0000b \ud83d\ude00'],
  ['string', { b: 1, a: [2] }, '{"b":1,"a":[2]}', '{"b":1,"a":[2]}'],
  ['dynamic', { b: 1, a: { $: null } }, '{"b":1,"a":{"$":null}}', '{"b":1,"a":{"$":null}}'],
  ['dynamic', '[1,"x"]', '"[1,\\"x\\"]"', '[1,"x"]'],
  ['dynamic', 'plain', '"plain"', '"plain"'],
  ['dynamic', null, 'null', null],
  ['dynamic', '', '""', null],
];

test('each value is the same after upload, import and query', async () => {
  const columns = VALUES.map(([type], i) => ({ name: `V${i}`, type }));
  const { store } = bench.workspace;
  await store.transaction(await store.connect(), async (connection) => {
    await store.catalogue.create(connection, 'table', 'Values_CL', [{ name: 'TimeGenerated', type: 'datetime' }, ...columns]);
    return { value: undefined, rows: 0 };
  });
  const names = columns.map(({ name }) => name).join(', ');
  const uploaded = Object.fromEntries(VALUES.map(([, value], i) => [`V${i}`, value]));
  expect(await bench.workspace.ingest('Custom-Values_CL', [uploaded])).toEqual({ accepted: 1, rejected: [] });
  const imported = VALUES.map(([, , json], i) => `"V${i}":${json}`).join(',');
  await bench.import(bench.file('Values_CL.ndjson', `{"TimeGenerated":"2026-01-01",${imported}}`));
  const expected = VALUES.map(([, , , value]) => value);
  expect(await bench.rows(`Values_CL | project ${names}`)).toEqual([expected, expected]);
});

test('columns whose names differ in case only, or are words of SQL, are columns of their own', async () => {
  const row = { TimeGenerated: '2026-04-30', A: '1', a: '2', select: '3', 'x"; DROP TABLE t1; --': '4', c0: '5', __proto__x: '6' };
  await bench.import(bench.file('Case_CL.ndjson', line(row)));
  expect(
    await bench.rows(`Case_CL | where a == '2' and A == '1' | project A, a, ['select'], ['x"; DROP TABLE t1; --'], c0, __proto__x`),
  ).toEqual([['1', '2', '3', '4', '5', '6']]);
});
