import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';

const folder = mkdtempSync(join(tmpdir(), 'factorwatch-external-'));
const allowed = join(folder, 'feeds');
let workspace: EmbeddedWorkspace;
let closed: EmbeddedWorkspace;

beforeAll(async () => {
  mkdirSync(join(allowed, 'deep'), { recursive: true });
  writeFileSync(join(folder, 'secret.csv'), 'top secret');
  writeFileSync(join(allowed, 'ips.csv'), '\uFEFFip,note,n\r\n203.0.113.9,"a ""quoted"", note\nover two lines",7\n198.51.100.7,,x\n');
  writeFileSync(join(allowed, 'deep', 'more.csv.gz'), gzipSync('ip,note,n\n10.0.0.1,third,3\n'));
  writeFileSync(join(allowed, 'users.txt'), "ann, the first\n'); DROP TABLE main.t1; --\n");
  writeFileSync(join(allowed, 'tab.tsv'), 'a\t1\nb\t\n');
  writeFileSync(join(allowed, 'lines.json'), '{"name":"x","bag":{"k":[1,2]},"at":"2026-01-02T03:04:05Z"}\n{"name":"y","n":4}\n');
  writeFileSync(join(allowed, 'list.multijson'), '[{"n": 1.5, "name": "a"}, {"n": null, "name": "b"}]');
  writeFileSync(join(allowed, 'broken.json'), '{"name":');
  symlinkSync(join(folder, 'secret.csv'), join(allowed, 'link.csv'));
  symlinkSync(folder, join(allowed, 'out'));
  workspace = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => 0n, externalData: [allowed] });
  closed = await EmbeddedWorkspace.open({ path: ':memory:', clock: () => 0n });
});
afterAll(async () => {
  await workspace.close();
  await closed.close();
  rmSync(folder, { recursive: true, force: true });
});

async function rows(kql: string, of = workspace): Promise<unknown[][]> {
  const { chunks } = await of.query({ kql });
  const out: unknown[][] = [];
  for await (const chunk of chunks) out.push(...chunk.map((row) => [...row]));
  return out;
}

describe('externaldata over files of an allowed folder', () => {
  test('CSV with quotes, a header that is left out, and several files, one of them packed', async () => {
    const kql = 'externaldata(ip:string, note:string, n:long)["ips.csv", "deep/more.csv.gz"] with (format="csv", ignoreFirstRecord=true)';
    expect(await rows(kql)).toEqual([
      ['203.0.113.9', 'a "quoted", note\nover two lines', 7n],
      ['198.51.100.7', '', null],
      ['10.0.0.1', 'third', 3n],
    ]);
  });

  test('lines of text, whatever is in them', async () => {
    expect(await rows('externaldata(line:string)["users.txt"]')).toEqual([['ann, the first'], ["'); DROP TABLE main.t1; --"]]);
    expect(await rows('print x = "a" | where x in ((externaldata(u:string)["tab.tsv"]))')).toEqual([['a']]);
  });

  test('JSON by the names of the columns, line by line or as one list', async () => {
    expect(
      await rows(
        'externaldata(name:string, bag:dynamic, n:long, at:datetime)["lines.json"] | project name, tolong(bag.k[1]), n, getyear(at)',
      ),
    ).toEqual([
      ['x', 2n, null, 2026],
      ['y', null, 4n, null],
    ]);
    expect(await rows('externaldata(name:string, n:real)["list.multijson"]')).toEqual([
      ['a', 1.5],
      ['b', null],
    ]);
  });

  test('columns that only the data shows', async () => {
    expect(await rows('externaldata(bag:dynamic)["lines.json"] | where isnotnull(bag) | evaluate bag_unpack(bag)')).toEqual([['[1,2]']]);
  });

  test.each([
    ['a path out of the folder', '../secret.csv', /there is no such file below a folder that queries may read/],
    ['an absolute path elsewhere', join(folder, 'secret.csv'), /there is no such file below a folder/],
    ['a link to a file outside', 'link.csv', /there is no such file below a folder/],
    ['a path through a link outside', 'out/secret.csv', /there is no such file below a folder/],
    ['the folder itself', '.', /there is no such file below a folder/],
    ['a device', '/dev/zero', /there is no such file below a folder/],
    ['no such file', 'nothing.csv', /there is no such file below a folder/],
    ['a network address', 'https://feeds.example/ips.csv', /a query reads no network\. Save the file below a folder of external_data/],
    ['a file address', 'file:///etc/passwd', /a query reads no network/],
    ['JSON that is none', 'broken.json', /externaldata cannot read "broken\.json"/],
  ])('refused: %s', async (_, path, message) => {
    await expect(rows(`externaldata(a:string)[@"${path}"]`)).rejects.toThrow(message);
  });

  test('refused without the setting, with what to do instead', async () => {
    await expect(rows('externaldata(a:string)["ips.csv"]', closed)).rejects.toThrow(/externaldata is not supported: a query reads no file/);
  });

  test('refused: a mapping, and a format that is not read', async () => {
    await expect(rows('externaldata(a:string)["ips.csv"] with (ingestionMapping="[]")')).rejects.toThrow(
      /not supported: with ingestionMapping/,
    );
    await expect(rows('externaldata(a:string)["ips.csv"] with (format="parquet")')).rejects.toThrow(/the format parquet is not supported/);
  });
});
