import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, line, openBench } from '../support.ts';
import { signIn, TIME } from './rows.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

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

  test('half a surrogate pair in text that holds JSON stops no query and hides nothing beside it', async () => {
    // Raw: \ud800 and \udc00 alone, a whole pair, and an escaped backslash before a u.
    const device = String.raw`{"deviceId":"x\ud800y\udc00","displayName":"\ud83d\ude00 \\ud800","operatingSystem":"Windows"}`;
    const seen = ['x\ufffdy\ufffd', '😀 \\ud800', 'Windows'];
    const parts = (from: string) => ['deviceId', 'displayName', 'operatingSystem'].map((key) => `tostring(${from}.${key})`).join(', ');
    await bench.import(bench.file('SigninLogs.ndjson', line(signIn('a', { DeviceDetail: device }))));
    expect(await bench.rows(`SigninLogs | project ${parts('DeviceDetail')}`)).toEqual([seen]);
    await bench.import(bench.file('AADNonInteractiveUserSignInLogs.ndjson', line(signIn('b', { DeviceDetail: device }))));
    expect(await bench.rows(`AADNonInteractiveUserSignInLogs | project ${parts('parse_json(DeviceDetail)')}`)).toEqual([seen]);
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
