import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, line, openBench, ticks } from './support.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const TIME = '2026-04-01T10:00:00.1234567Z';
const signIn = (id: string, more: Record<string, unknown> = {}) => ({
  TimeGenerated: TIME,
  Id: id,
  UserPrincipalName: 'ann@contoso.com',
  ...more,
});

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
    expect(await bench.rows('SigninLogs | project Id, DurationMs, tostring(LocationDetails.city), IsInteractive, TimeGenerated')).toEqual([
      ['a', 7n, 'Oslo', true, ticks('2026-04-01T10:00:00.123456Z')],
    ]);
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

describe('which table', () => {
  test('--table before everything, Type before the file name, category only of diagnostic records', async () => {
    const audit = { TimeGenerated: TIME, Id: '1', Category: 'SignInLogs', OperationName: 'Update user' };
    await bench.import(bench.file('AuditLogs.ndjson', line(audit)));
    await bench.import(
      bench.file('mixed.ndjson', line({ ...signIn('2'), Type: 'SigninLogs' }) + line({ ...audit, Id: '3', Type: 'AuditLogs' })),
    );
    await bench.import(bench.file('anything.ndjson', line(signIn('4'))), { table: 'aadnoninteractiveusersigninlogs' });
    const diagnostic = { time: TIME, category: 'AuditLogs', properties: { id: '5', category: 'UserManagement' } };
    await bench.import(bench.file('SigninLogs.ndjson', line(diagnostic)));
    // Type is "the name of the table that the record was retrieved from" (Azure Monitor, standard columns).
    expect(
      await bench.rows('union AuditLogs, SigninLogs, AADNonInteractiveUserSignInLogs | sort by Id asc | project Id, Type, Category'),
    ).toEqual([
      ['1', 'AuditLogs', 'SignInLogs'],
      ['2', 'SigninLogs', ''],
      ['3', 'AuditLogs', 'SignInLogs'],
      ['4', 'AADNonInteractiveUserSignInLogs', ''],
      ['5', 'AuditLogs', 'UserManagement'],
    ]);
  });

  test('an unknown --table is refused with a suggestion, a file without a table is skipped', async () => {
    const path = bench.file('export.ndjson', line(signIn('a')));
    await expect(bench.import(path, { table: 'SignInLog' })).rejects.toMatchObject({
      code: 'unknown-table',
      exitCode: 64,
      message: /SigninLogs/,
    });
    await expect(bench.import(path)).rejects.toMatchObject({ code: 'nothing-usable', exitCode: 65, message: /its table cannot be told/ });
    await expect(bench.import(join(bench.folder, 'no.ndjson'))).rejects.toMatchObject({ code: 'input-unreadable', exitCode: 66 });
  });

  test('records of a Type or category that is not there are set aside, the others come in', async () => {
    const rows = [{ ...signIn('a'), Type: 'Heartbeat' }, signIn('b'), { time: TIME, category: 'ProvisioningLogs', properties: {} }];
    expect(await bench.import(bench.file('SigninLogs.ndjson', rows.map(line).join('')))).toMatchObject({ rows: 1, rejected: 2 });
    expect(bench.rejects().map(({ line: at, reason }) => [at, reason])).toEqual([
      [1, 'there is no table for Type "Heartbeat"'],
      [3, 'there is no table for category "ProvisioningLogs"'],
    ]);
  });

  test('a custom table is made from the data: names, types, case', async () => {
    const rows = [
      {
        TimeGenerated: TIME,
        Who: 'a',
        who: 'A',
        Count: 1,
        Share: 1,
        Seen: '2026-01-02T03:04:05Z',
        Bag: { a: 1 },
        Ok: true,
        Big: 2 ** 53,
      },
      { TimeGenerated: TIME, Who: 'b', who: 'B', Count: 2, Share: 2.5, Seen: '2026-01-02', Bag: [1], Ok: null, Big: 1, 'a b': 'x' },
    ];
    const text = rows.map(line).join('').replace('9007199254740992', '9007199254740993');
    expect(await bench.import(bench.file('MyList_CL.ndjson', text))).toMatchObject({ rows: 2, rejected: 0, unknownColumns: {} });
    expect((await bench.workspace.tables()).get('MyList_CL')).toEqual([
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Who', type: 'string' },
      { name: 'who', type: 'string' },
      { name: 'Count', type: 'long' },
      { name: 'Share', type: 'real' },
      { name: 'Seen', type: 'datetime' },
      { name: 'Bag', type: 'dynamic' },
      { name: 'Ok', type: 'bool' },
      { name: 'Big', type: 'long' },
      { name: 'a b', type: 'string' },
    ]);
    expect(await bench.rows("MyList_CL | sort by Count asc | project Who, who, Share, Big, ['a b']")).toEqual([
      ['a', 'A', 1, 9007199254740993n, ''],
      ['b', 'B', 2.5, 1n, 'x'],
    ]);
    // The table is there now: what it does not have is dropped and counted.
    const more = await bench.import(bench.file('MyList_CL.2.ndjson', line({ TimeGenerated: TIME, Who: 'c', New: 1 })));
    expect(more).toMatchObject({ rows: 1, unknownColumns: { New: 1 } });
  });

  test('a custom table from CSV gets types, numbers with leading zeros stay text', async () => {
    await bench.import(bench.file('Hosts_CL.csv', 'Host,Zip,Cores,Load,Up\nx,00123,4,0.5,true\ny,99,8,1,false\n'));
    expect((await bench.workspace.tables()).get('Hosts_CL')?.map((c) => `${c.name}:${c.type}`)).toEqual([
      'TimeGenerated:datetime',
      'Host:string',
      'Zip:string',
      'Cores:long',
      'Load:real',
      'Up:bool',
    ]);
    expect(await bench.rows('Hosts_CL | sort by Host asc | project Zip, Cores, TimeGenerated')).toEqual([
      ['00123', 4n, ticks('2026-05-01T12:00:00Z')],
      ['99', 8n, ticks('2026-05-01T12:00:00Z')],
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

describe('what is wrong in a file', () => {
  test('bad lines are set aside with file, line and reason, the others come in', async () => {
    const lines = [
      line(signIn('a')),
      '{"TimeGenerated": "2026-04-01T10:00:00Z", "Id": "cut',
      '\n',
      '[1, 2]\n',
      '"text"\n',
      line(signIn('b', { DurationMs: 'long' })),
      line(signIn('c', { DurationMs: 1.5 })),
      line({ Id: 'd' }),
      line(signIn('e', { IsInteractive: 'perhaps' })),
      line(signIn('f', { DurationMs: '12', IsInteractive: 'True' })),
    ];
    const path = bench.file('SigninLogs.ndjson', lines.join('').replace('"cut', '"cut\n'));
    expect(await bench.import(path)).toMatchObject({ rows: 2, rejected: 7 });
    expect(bench.rejects().map(({ line: at, reason }) => [at, reason])).toEqual([
      [2, 'not valid JSON'],
      [4, 'not a JSON object'],
      [5, 'not a JSON object'],
      [6, 'DurationMs is not a long: long'],
      [7, 'DurationMs is not a long: 1.5'],
      [8, 'TimeGenerated is missing'],
      [9, 'IsInteractive is not a bool: perhaps'],
    ]);
    expect(bench.rejects()[0]?.row).toBe('{"TimeGenerated": "2026-04-01T10:00:00Z", "Id": "cut');
    expect(await bench.rows('SigninLogs | sort by Id asc | project Id, DurationMs')).toEqual([
      ['a', null],
      ['f', 12n],
    ]);
  });

  test('a gzip that is cut gives its whole rows and says so', async () => {
    const bytes = gzipSync(Array.from({ length: 5000 }, (_, i) => line(signIn(`row ${i} ${Math.sin(i)}`))).join(''));
    const result = await bench.import(bench.file('SigninLogs.ndjson.gz', bytes.subarray(0, bytes.length / 2)));
    expect(result.rows).toBeGreaterThan(1000);
    expect(result.rows).toBeLessThan(4000);
    expect(bench.rejects().map(({ reason }) => reason)).toEqual(['the gzip data are damaged: unexpected end of file', 'not valid JSON']);
  });

  test('a file that is no gzip at all, an empty file, a Parquet file that is none', async () => {
    const paths = [
      bench.file('SigninLogs.ndjson', line(signIn('a'))),
      bench.file('AuditLogs.ndjson', ''),
      bench.file('IdentityInfo.parquet', 'PAR1 no'),
      // A browser unpacks what it downloads and keeps the name.
      bench.file('SigninLogs.1.ndjson.gz', line(signIn('b'))),
      bench.file('SigninLogs.2.ndjson.gz', 'neither gzip nor JSON'),
    ];
    const result = await bench.import(paths);
    expect(result).toMatchObject({ files: 4, rows: 2, rejected: 1 });
    expect(bench.rejects().map(({ reason }) => reason)).toEqual(['not valid JSON']);
    expect(result.skipped).toMatchObject([{ path: paths[2], reason: expect.stringContaining('not a readable Parquet file') }]);
  });

  test('a line of 10 MB, deep nesting, hostile keys', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const text = [
      JSON.stringify(signIn('long', { UserAgent: 'x'.repeat(10_000_000) })),
      `{"TimeGenerated":"${TIME}","Id":"deep","LocationDetails":${deep}}`,
      `{"TimeGenerated":"${TIME}","Id":"proto","__proto__":{"polluted":true},"constructor":1,"x' OR 1=1 --":2}`,
      `{"TimeGenerated":"${TIME}","Id":"half","UserAgent":"a\\ud83d!"}`,
      `{"TimeGenerated":"${TIME}","Id":"nan","LocationDetails":{"x":NaN},"MfaDetail":-Infinity,"Status":[nAN, "a NaN,b"],"DeviceDetail":{"x":"a,nan,b \\"[inf]"}}`,
    ].join('\n');
    const result = await bench.import(bench.file('SigninLogs.ndjson', text));
    expect(result).toMatchObject({ rows: 5, rejected: 0 });
    expect(
      await bench.rows(
        "SigninLogs | where Id == 'nan' | project tostring(LocationDetails), tostring(MfaDetail), tostring(Status), tostring(DeviceDetail.x)",
      ),
    ).toEqual([['{"x":NaN}', '-Infinity', '[nAN,"a NaN,b"]', 'a,nan,b "[inf]']]);
    expect(Object.entries(result.unknownColumns).sort()).toEqual([
      ['__proto__', 1],
      ['constructor', 1],
      ["x' OR 1=1 --", 1],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(await bench.rows('SigninLogs | sort by Id asc | project Id, strlen(UserAgent), gettype(LocationDetails)')).toEqual([
      ['deep', 0n, 'dictionary'],
      ['half', 3n, 'null'],
      ['long', 10_000_000n, 'null'],
      ['nan', 0n, 'string'],
      ['proto', 0n, 'null'],
    ]);
  });

  test('CSV: formulas and quotes stay text, rows of another length and a cut end are set aside', async () => {
    const csv = [
      'TimeGenerated,Id,UserAgent',
      `${TIME},a,"=HYPERLINK(""http://x"",""y"")"`,
      `${TIME},b`,
      `${TIME},c,"two`,
      'lines, one cell"',
      `${TIME},d,e,f`,
      `${TIME},__proto__,-1+1`,
      `${TIME},g,"never closed`,
    ].join('\n');
    expect(await bench.import(bench.file('SigninLogs.csv', csv))).toMatchObject({ rows: 3, rejected: 3 });
    expect(await bench.rows('SigninLogs | project Id, UserAgent | sort by Id desc')).toEqual([
      ['c', 'two\nlines, one cell'],
      ['a', '=HYPERLINK("http://x","y")'],
      ['__proto__', '-1+1'],
    ]);
    expect(bench.rejects().map(({ line: at, reason }) => [at, reason])).toEqual([
      [3, 'the row has 2 cells, the header 3'],
      [6, 'the row has 4 cells, the header 3'],
      [8, 'a quoted cell is not closed: the file is cut'],
    ]);
  });

  test('rejects of a file are replaced when it is imported again, and gone when it is sound', async () => {
    const path = bench.file('SigninLogs.ndjson', `${line(signIn('a'))}{`);
    await bench.import(path);
    await bench.import(path);
    expect(bench.rejects()).toHaveLength(1);
    bench.file('SigninLogs.ndjson', line(signIn('a')));
    await bench.import(path);
    expect(bench.rejects()).toEqual([]);
  });
});

describe('shapes', () => {
  const properties = {
    id: 'req-1',
    createdDateTime: '2026-04-01T10:00:00.5Z',
    userPrincipalName: 'ann@contoso.com',
    userId: 'u1',
    ipAddress: '203.0.113.9',
    status: { errorCode: 50074, additionalDetails: 'MFA required' },
    location: { city: 'Oslo', countryOrRegion: 'NO', geoCoordinates: { latitude: 59.9, longitude: 10.7 } },
    authenticationDetails: [{ authenticationMethod: 'Password', succeeded: true }],
    autonomousSystemNumber: 64496,
    resourceId: '00000003-0000-0000-c000-000000000000',
  };
  const diagnostic = {
    time: '2026-04-01T10:00:00.7Z',
    resourceId: '/tenants/t1/providers/Microsoft.aadiam',
    operationName: 'Sign-in activity',
    category: 'NonInteractiveUserSignInLogs',
    tenantId: 't1',
    resultType: '50074',
    durationMs: '0',
    Level: 4,
    location: 'NO',
    properties,
  };
  const columns =
    'Id, UserPrincipalName, IPAddress, ResultType, Location, AADTenantId, AutonomousSystemNumber, ResourceIdentity, AuthenticationDetails, Level, Type';
  const expected = [
    'req-1',
    'ann@contoso.com',
    '203.0.113.9',
    '50074',
    'NO',
    't1',
    '64496',
    '00000003-0000-0000-c000-000000000000',
    '[{"authenticationMethod":"Password","succeeded":true}]',
    '4',
    'AADNonInteractiveUserSignInLogs',
  ];

  test.each([
    ['a line each', line(diagnostic)],
    ['in an envelope', JSON.stringify({ records: [diagnostic] }, null, 1)],
    ['an envelope a line', line({ records: [diagnostic] })],
    ['an envelope among lines', line({ ...diagnostic, properties: { ...properties, id: 'other' } }) + line({ records: [diagnostic] })],
    ['wrapped by a unit log', line({ test: 't', expected: true, log: diagnostic })],
    ['in an array', JSON.stringify([diagnostic])],
  ])('diagnostic records, %s', async (_, text) => {
    await bench.import(bench.file('export.json', text));
    expect(await bench.rows(`AADNonInteractiveUserSignInLogs | where Id == 'req-1' | project ${columns}`)).toEqual([expected]);
    // Strings that hold JSON in this table, objects in SigninLogs.
    expect(
      await bench.rows(
        "AADNonInteractiveUserSignInLogs | where Id == 'req-1' | project tostring(parse_json(LocationDetails).city), TimeGenerated, CreatedDateTime",
      ),
    ).toEqual([['Oslo', ticks('2026-04-01T10:00:00.7Z'), ticks('2026-04-01T10:00:00.5Z')]]);
  });

  test('keys in another case are taken for what they mean, others are counted', async () => {
    const { resultType: _, tenantId: __, ...rest } = diagnostic;
    const odd = { ...rest, resulttype: 50074, tenantid: 't1', p_log_type: 'x', properties: { ...properties, tenantGeo: 'EU' } };
    const result = await bench.import(bench.file('export.json', line(odd)));
    // This table has no ResourceId.
    expect(result.unknownColumns).toEqual({ p_log_type: 1, 'properties.tenantGeo': 1, resourceId: 1 });
    expect(await bench.rows(`AADNonInteractiveUserSignInLogs | project ${columns}`)).toEqual([expected]);
  });

  test('Microsoft Graph', async () => {
    const envelope = {
      '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns',
      value: [properties],
      '@odata.nextLink': 'x[{"',
    };
    await bench.import(bench.file('SigninLogs.json', JSON.stringify(envelope)));
    expect(
      await bench.rows(
        'SigninLogs | project Id, UserPrincipalName, ResultType, Location, tostring(LocationDetails.city), TimeGenerated, OperationName',
      ),
    ).toEqual([['req-1', 'ann@contoso.com', '50074', 'NO', 'Oslo', ticks('2026-04-01T10:00:00.5Z'), 'Sign-in activity']]);
    const audit = {
      id: 'a1',
      activityDateTime: TIME,
      activityDisplayName: 'User registered security info',
      category: 'UserManagement',
      result: 'success',
      targetResources: [{ id: 'u1' }],
    };
    await bench.import(bench.file('AuditLogs.json', JSON.stringify({ value: [audit] })));
    expect(
      await bench.rows('AuditLogs | project Id, OperationName, Category, Result, tostring(TargetResources[0].id), TimeGenerated'),
    ).toEqual([['a1', 'User registered security info', 'UserManagement', 'success', 'u1', ticks(TIME)]]);
  });

  test('a dynamic column that comes as text is read, a string column that comes as an object is kept as JSON', async () => {
    const row = signIn('a', {
      LocationDetails: '{"city":"Oslo"}',
      MfaDetail: '',
      Status: 'plain',
      DeviceDetail: null,
      AuthenticationDetails: [{ a: 1 }],
      ResultType: 0,
    });
    await bench.import(bench.file('SigninLogs.ndjson', line(row)));
    expect(
      await bench.rows(
        'SigninLogs | project tostring(LocationDetails.city), isnull(MfaDetail), tostring(Status), isnull(DeviceDetail), AuthenticationDetails, ResultType',
      ),
    ).toEqual([['Oslo', true, 'plain', true, '[{"a":1}]', '0']]);
  });
});

const REAL = fileURLToPath(new URL('../../../../shared/real-logs/', import.meta.url));
test.skipIf(!existsSync(REAL))('real recorded logs come in whole (skips without ../shared)', async () => {
  const result = await bench.import(REAL);
  // 86 sign-ins, 16 of 19 diagnostic records, 33 unit logs; three records of the Azure activity log name no table.
  expect(result).toMatchObject({
    files: 3,
    rows: 86 + 16 + 33,
    duplicates: 0,
    rejected: 3,
    byTable: { SigninLogs: 102, AuditLogs: 30, AADNonInteractiveUserSignInLogs: 3 },
  });
  const text = readFileSync(join(REAL, 'SigninLogs.loganalytics.ndjson'), 'utf8');
  const first = JSON.parse(text.slice(0, text.indexOf('\n')));
  expect(
    await bench.rows(
      `SigninLogs | where CorrelationId == '${first.CorrelationId}' | take 1 | project TimeGenerated, UserPrincipalName, tostring(LocationDetails.city)`,
    ),
  ).toEqual([[ticks(first.TimeGenerated), first.UserPrincipalName, first.LocationDetails.city]]);
  expect(await bench.import(REAL)).toMatchObject({ rows: 0, duplicates: 135, rejected: 3 });
});
