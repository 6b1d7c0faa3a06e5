import type { DuckDBConnection } from '@duckdb/node-api';
import { beforeAll, expect, test } from 'vitest';
import { ticksFromIso } from '../../../src/core/ticks.ts';
import { datetimeFromText } from '../../../src/kql/text/datetime.ts';
import { ask, openEngine } from '../support/engine.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openEngine();
});

/** A text as a constant, in a column and inside a dynamic: one reader answers for all three. */
async function read(text: string): Promise<unknown[]> {
  const quoted = JSON.stringify(text);
  const { rows } = await ask(
    connection,
    `datatable(s:string, d:dynamic)[${quoted}, dynamic({"a":${quoted}})] | project todatetime(${quoted}), todatetime(s), todatetime(d.a)`,
  );
  return [...rows[0]!];
}

/** Every example of the page of the datetime data type, "Supported formats", with the instant that it names. */
test.each<[string, string]>([
  // ISO 8601
  ['2014-05-25T08:20:03.123456Z', '2014-05-25T08:20:03.123456Z'],
  ['2014-05-25T08:20:03.123456', '2014-05-25T08:20:03.123456Z'],
  ['2014-05-25T08:20', '2014-05-25T08:20:00Z'],
  ['2014-11-08 15:55:55.123456Z', '2014-11-08T15:55:55.123456Z'],
  ['2014-11-08 15:55:55', '2014-11-08T15:55:55Z'],
  ['2014-11-08 15:55', '2014-11-08T15:55:00Z'],
  ['2014-11-08', '2014-11-08T00:00:00Z'],
  // RFC 822
  ['Sat, 8 Nov 14 15:05:02 GMT', '2014-11-08T15:05:02Z'],
  ['Sat, 8 Nov 14 15:05:02', '2014-11-08T15:05:02Z'],
  ['Sat, 8 Nov 14 15:05', '2014-11-08T15:05:00Z'],
  ['Sat, 8 Nov 14 15:05 GMT', '2014-11-08T15:05:00Z'],
  ['8 Nov 14 15:05:02 GMT', '2014-11-08T15:05:02Z'],
  ['8 Nov 14 15:05:02', '2014-11-08T15:05:02Z'],
  ['8 Nov 14 15:05', '2014-11-08T15:05:00Z'],
  ['8 Nov 14 15:05 GMT', '2014-11-08T15:05:00Z'],
  // RFC 850
  ['Saturday, 08-Nov-14 15:05:02 GMT', '2014-11-08T15:05:02Z'],
  ['Saturday, 08-Nov-14 15:05:02', '2014-11-08T15:05:02Z'],
  ['Saturday, 08-Nov-14 15:05 GMT', '2014-11-08T15:05:00Z'],
  ['Saturday, 08-Nov-14 15:05', '2014-11-08T15:05:00Z'],
  ['08-Nov-14 15:05:02 GMT', '2014-11-08T15:05:02Z'],
  ['08-Nov-14 15:05:02', '2014-11-08T15:05:02Z'],
  ['08-Nov-14 15:05 GMT', '2014-11-08T15:05:00Z'],
  ['08-Nov-14 15:05', '2014-11-08T15:05:00Z'],
  // Sortable
  ['2014-11-08 15:05:25', '2014-11-08T15:05:25Z'],
  ['2014-11-08 15:05:25 GMT', '2014-11-08T15:05:25Z'],
  ['2014-11-08 15:05 GMT', '2014-11-08T15:05:00Z'],
  ['2014-11-08T15:05:25', '2014-11-08T15:05:25Z'],
  ['2014-11-08T15:05:25 GMT', '2014-11-08T15:05:25Z'],
  ['2014-11-08T15:05', '2014-11-08T15:05:00Z'],
  ['2014-11-08T15:05 GMT', '2014-11-08T15:05:00Z'],
  // RFC 822, section 5: the zone may be an offset. RFC 1123, section 5.2.14, gives the year four digits.
  ['Sat, 08 Nov 2014 15:05:02 -0500', '2014-11-08T20:05:02Z'],
  // Zones of RFC 850: both are the same time.
  ['Saturday, 08-Nov-14 15:05:02 UTC', '2014-11-08T15:05:02Z'],
])('%s is an instant, in a literal too', async (text, iso) => {
  const ticks = ticksFromIso(iso);
  expect(await read(text)).toEqual([ticks, ticks, ticks]);
  const literal = await ask(connection, `print datetime(${text})`);
  expect(literal.rows).toEqual([[ticks]]);
});

/** The page of todatetime(): null where the conversion is not successful. */
test.each([
  'Windows 10',
  'Chrome 120',
  'alice 3',
  'hello 2024',
  'May 2024 report',
  'Feb 30 2024',
  '30 Feb 2024',
  '29-Feb-23 10:00',
  'Sat, 31 Nov 14 15:05:02 GMT',
  '8 Market 14',
  '8 No 14',
  'hello, 8 Nov 14 15:05',
  '8 Nov-14 15:05',
  '8 Nov 14 25:05',
  '8 Nov 14 15:60',
  '8 Nov 14 15:05 MARS',
  '2014-02-30T08:20:03Z',
  '2014-11-08T15:05:60Z',
])('%s is none', async (text) => {
  expect(await read(text)).toEqual([null, null, null]);
  await expect(ask(connection, `print datetime(${text})`)).rejects.toThrow(/is not a value of its type/);
});

test('a long text of blanks is none at once', () => {
  const start = performance.now();
  expect(datetimeFromText(`x${' '.repeat(200_000)}x`)).toBeUndefined();
  expect(datetimeFromText(`${' '.repeat(200_000)}2014-11-08`)).toBe(ticksFromIso('2014-11-08'));
  // Half a minute where each blank is a start to look from.
  expect(performance.now() - start).toBeLessThan(1000);
});
