import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, line, openBench, ticks } from '../support.ts';
import { signIn, TIME } from './rows.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

/** Two rows in every form that a file may have; `id` tells the rows of a form apart. */
const FORMS: readonly (readonly [form: string, name: string, content: (id: string) => string | Uint8Array])[] = [
  ['NDJSON', 'SigninLogs.ndjson', (id) => ndjson(id)],
  ['no end of the last line', 'SigninLogs.ndjson', (id) => ndjson(id).trimEnd()],
  ['blank lines and CR LF', 'SigninLogs.jsonl', (id) => `\r\n${ndjson(id).replaceAll('\n', '\r\n\r\n')}`],
  ['CR alone', 'SigninLogs.ndjson', (id) => ndjson(id).replaceAll('\n', '\r')],
  ['LF and CR LF mixed', 'SigninLogs.ndjson', (id) => ndjson(id).replace('\n', '\r\n')],
  ['byte order mark', 'SigninLogs.ndjson', (id) => `\ufeff${ndjson(id)}`],
  ['UTF-16 little endian', 'SigninLogs.ndjson', (id) => Buffer.from(`\ufeff${ndjson(id)}`, 'utf16le')],
  ['UTF-16 little endian without a mark', 'SigninLogs.ndjson', (id) => Buffer.from(ndjson(id), 'utf16le')],
  ['UTF-16 big endian', 'SigninLogs.ndjson', (id) => Buffer.from(`\ufeff${ndjson(id)}`, 'utf16le').swap16()],
  ['Windows-1252', 'SigninLogs.ndjson', (id) => Buffer.from(ndjson(id), 'latin1')],
  ['gzip', 'SigninLogs.ndjson.gz', (id) => gzipSync(ndjson(id))],
  ['gzip of UTF-16', 'SigninLogs.ndjson.gz', (id) => gzipSync(Buffer.from(`\ufeff${ndjson(id)}`, 'utf16le'))],
  ['gzip without its ending', 'SigninLogs.ndjson', (id) => gzipSync(ndjson(id))],
  ['an array', 'SigninLogs.json', (id) => JSON.stringify(two(id))],
  ['an array over many lines', 'SigninLogs.json', (id) => JSON.stringify(two(id), null, 2)],
  [
    'objects over many lines',
    'SigninLogs.json',
    (id) =>
      two(id)
        .map((row) => JSON.stringify(row, null, 2))
        .join('\n'),
  ],
  ['case of the file name', 'signinLOGS.2026-04.part1.ndjson', (id) => ndjson(id)],
  ['a pattern of DuckDB in the file name', 'SigninLogs.[a]*?.ndjson', (id) => ndjson(id)],
  [
    'CSV',
    'SigninLogs.csv',
    (id) => `TimeGenerated,Id,UserPrincipalName\n${TIME},${id} 1,ann@contoso.com\n"${TIME}","${id} 2",müller@contoso.com\n`,
  ],
  [
    'CSV with semicolons, CR LF',
    'SigninLogs.csv',
    (id) => `TimeGenerated;Id;UserPrincipalName\r\n${TIME};${id} 1;ann@contoso.com\r\n${TIME};${id} 2;müller@contoso.com`,
  ],
  [
    'gzip of CSV',
    'SigninLogs.csv.gz',
    (id) => gzipSync(`TimeGenerated,Id,UserPrincipalName\n${TIME},${id} 1,ann@contoso.com\n${TIME},${id} 2,müller@contoso.com\n`),
  ],
];
const two = (id: string) => [signIn(`${id} 1`), signIn(`${id} 2`, { UserPrincipalName: 'müller@contoso.com' })];
const ndjson = (id: string) => two(id).map(line).join('');

describe('forms of a file', () => {
  test('all of them', async () => {
    const paths = FORMS.map(([form, name, content]) => {
      mkdirSync(join(bench.folder, form));
      return bench.file(`${form}/${name}`, content(form));
    });
    const result = await bench.import(paths);
    expect(result).toMatchObject({ files: FORMS.length, rows: 2 * FORMS.length, duplicates: 0, rejected: 0, skipped: [] });
    const read = new Map<unknown, unknown[]>();
    for (const [form, ...cells] of await bench.rows(
      'SigninLogs | sort by Id asc | project trim_end(" .", Id), UserPrincipalName, TimeGenerated',
    )) {
      read.set(form, [...(read.get(form) ?? []), ...cells]);
    }
    expect(read).toEqual(new Map(FORMS.map(([form]) => [form, ['ann@contoso.com', ticks(TIME), 'müller@contoso.com', ticks(TIME)]])));
  });

  test('Parquet, with types of its own', async () => {
    const path = join(bench.folder, 'SigninLogs.parquet');
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT TIMESTAMP '2026-04-01 10:00:00.123456' AS "TimeGenerated", 'a' AS "Id", 7::BIGINT AS "DurationMs", {city: 'Oslo'} AS "LocationDetails", true AS "IsInteractive") TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    expect(await bench.import(path)).toMatchObject({ rows: 1, rejected: 0 });
    const packed = gzipSync(readFileSync(path));
    mkdirSync(join(bench.folder, 'packed'));
    const again = bench.file('packed/SigninLogs.parquet.gz', packed);
    expect(await bench.import(again)).toMatchObject({ rows: 0, duplicates: 1, skipped: [] });
    const cut = bench.file('packed/AuditLogs.parquet.gz', packed.subarray(0, packed.length / 2));
    expect((await bench.import([again, cut])).skipped).toMatchObject([
      { path: cut, reason: expect.stringContaining('gzip data are damaged') },
    ]);
    expect(await bench.rows('SigninLogs | project Id, DurationMs, tostring(LocationDetails.city), IsInteractive, TimeGenerated')).toEqual([
      ['a', 7n, 'Oslo', true, ticks('2026-04-01T10:00:00.123456Z')],
    ]);
  });

  test('Parquet files that are damaged are set aside by name, packed or not, wherever they lie', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const whole = join(bench.folder, 'whole.parquet');
    await connection.run(
      `COPY (SELECT TIMESTAMP '2026-04-01 10:00:00' AS "TimeGenerated", 'a' || i AS "Id" FROM range(3000) t(i)) TO '${whole}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    // The index at the end is whole, the pages before it are not.
    const bytes = readFileSync(whole).fill(0xff, 4, 200);
    // A word of the path, as of a full disk, says nothing of the fault.
    mkdirSync(join(bench.folder, 'writable', 'space'), { recursive: true });
    const paths = [
      bench.file('writable/space/AuditLogs.parquet', bytes),
      bench.file('writable/space/IdentityInfo.parquet', 'PAR1 no'),
      bench.file('writable/space/SigninLogs.parquet.gz', gzipSync(bytes)),
      bench.file('writable/space/SigninLogs.ndjson', line(signIn('a'))),
    ];
    const result = await bench.import(paths);
    expect(result.rows).toBe(1);
    expect(result.skipped).toEqual(
      paths.slice(0, 3).map((path) => ({ path, reason: expect.stringContaining('not a readable Parquet file') })),
    );
  });

  test('a directory: files below it in order, others named, links to directories left alone', async () => {
    mkdirSync(join(bench.folder, 'in', 'deep'), { recursive: true });
    bench.file('in/deep/SigninLogs.ndjson', line(signIn('a')));
    bench.file('in/AuditLogs.ndjson', line({ TimeGenerated: TIME, Id: 'x', OperationName: 'o' }));
    bench.file('in/notes.txt', 'hello');
    bench.file('in/labels.json', '{"start":"2026-01-01","incidents":[]}');
    symlinkSync(join(bench.folder, 'in'), join(bench.folder, 'in', 'deep', 'loop'));
    const result = await bench.import(join(bench.folder, 'in'));
    expect(result.byTable).toEqual({ AuditLogs: 1, SigninLogs: 1 });
    expect(result.skipped.map(({ path, reason }) => [path.split('/').pop(), reason.split(':')[0]])).toEqual([
      ['loop', 'not a file'],
      ['notes.txt', 'not one of .ndjson .jsonl .json .csv .parquet (or .gz of them)'],
      ['labels.json', 'its table cannot be told'],
    ]);
  });
});

describe('times', () => {
  test('as exporters write them', async () => {
    const times: [string, string][] = [
      ['2026-04-01T10:00:00.1234567Z', '2026-04-01T10:00:00.1234567Z'],
      ['2026-04-01 10:00:00.123', '2026-04-01T10:00:00.123Z'],
      ['2026-04-01T10:00:00.123456789', '2026-04-01T10:00:00.1234567Z'],
      ['2026-04-01T10:00:00+02:30', '2026-04-01T07:30:00Z'],
      ['2026-04-01T10:00Z', '2026-04-01T10:00:00Z'],
      ['2026-04-01T10:00:00 Z', '2026-04-01T10:00:00Z'],
      ['2026-04-01', '2026-04-01T00:00:00Z'],
      ['4/28/2021, 2:08:45.221 PM', '2021-04-28T14:08:45.221Z'],
      ['4/28/2021, 2:08:45\u202fPM', '2021-04-28T14:08:45Z'],
      ['4/28/2021, 12:08:45 AM', '2021-04-28T00:08:45Z'],
      ['12/1/2021 23:08', '2021-12-01T23:08:00Z'],
      ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
      ['1969-12-31T23:59:59.9999999Z', '1969-12-31T23:59:59.9999999Z'],
      ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.9999999Z'],
    ];
    await bench.import(bench.file('SigninLogs.ndjson', times.map(([text]) => line(signIn(text, { TimeGenerated: text }))).join('')));
    const read = new Map(
      (await bench.rows('SigninLogs | project Id, TimeGenerated, ingestion_time()')).map(([id, ...values]) => [id, values]),
    );
    expect(read).toEqual(new Map(times.map(([text, iso]) => [text, [ticks(iso), ticks(iso)]])));
  });

  test('what is no date: the row is set aside', async () => {
    const wrong = [
      'yesterday',
      '2026-02-30T00:00:00Z',
      1_775_000_000,
      'epoch',
      'infinity',
      '20260401',
      '0001-01-01T00:00:00+05:00',
      '10000-01-01T00:00:00Z',
      true,
      { a: 1 },
      '13/13/2021 1:00',
    ];
    const path = bench.file(
      'SigninLogs.ndjson',
      wrong.map((value) => line(signIn('a', { TimeGenerated: value }))).join('') + line(signIn('b')),
    );
    expect(await bench.import(path)).toMatchObject({ rows: 1, rejected: wrong.length });
    expect(bench.rejects()).toMatchObject(
      wrong.map((_, i) => ({ file: path, line: i + 1, reason: expect.stringContaining('TimeGenerated is not a datetime: ') })),
    );
  });

  test('_IngestionTime is the ingestion time and no column, and does not make a row another', async () => {
    const row = signIn('a', { _IngestionTime: '2026-04-01T10:05:00Z' });
    const path = bench.file(
      'SigninLogs.ndjson',
      line(row) + line({ ...row, _IngestionTime: '2026-04-01T11:00:00Z' }) + line({ ...row, Id: 'b', _IngestionTime: 'soon' }),
    );
    expect(await bench.import(path)).toMatchObject({ rows: 1, duplicates: 1, rejected: 1, unknownColumns: {} });
    expect(await bench.rows('SigninLogs | project ingestion_time()')).toEqual([[ticks('2026-04-01T10:05:00Z')]]);
    expect(bench.rejects()[0]?.reason).toBe('_IngestionTime is not a datetime: soon');
  });

  test('Log Analytics writes the zone into the header of its CSV', async () => {
    const csv = 'TimeGenerated [UTC],Id,"CreatedDateTime [UTC]"\n"4/28/2021, 2:08:45.221 PM",a,"4/28/2021, 2:08:44 PM"\n';
    await bench.import(bench.file('SigninLogs.csv', csv));
    expect(await bench.rows('SigninLogs | project TimeGenerated, CreatedDateTime')).toEqual([
      [ticks('2021-04-28T14:08:45.221Z'), ticks('2021-04-28T14:08:44Z')],
    ]);
  });
});

describe('duplicates', () => {
  test('same Id and content are skipped, within a file and across; rows that differ are kept', async () => {
    const rows = [signIn('a'), signIn('a'), signIn('a', { ResultType: '50074' }), signIn('b')];
    const text = rows.map(line).join('');
    expect(await bench.import(bench.file('SigninLogs.ndjson', text))).toMatchObject({ rows: 3, duplicates: 1 });
    expect(await bench.import(bench.file('SigninLogs.again.ndjson', text + line(signIn('c'))))).toMatchObject({
      rows: 1,
      duplicates: 4,
      byTable: { SigninLogs: 1 },
    });
    expect(await bench.rows('SigninLogs | summarize count() by Id | sort by Id asc')).toEqual([
      ['a', 2n],
      ['b', 1n],
      ['c', 1n],
    ]);
  });

  test('a table without Id goes by its content', async () => {
    const text = line({ Host: 'x', N: 1 }) + line({ Host: 'x', N: 2 }) + line({ Host: 'x', N: 1 });
    expect(await bench.import(bench.file('H_CL.ndjson', text))).toMatchObject({ rows: 2, duplicates: 1 });
    expect(await bench.import(bench.file('H_CL.ndjson', text))).toMatchObject({ rows: 0, duplicates: 3 });
  });
});
