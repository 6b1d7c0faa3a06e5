import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { datetimeText, TICKS_PER_HOUR } from '../../../src/core/ticks.ts';
import { bindParameters } from '../../../src/workspace/azure/bind-parameters.ts';
import type { EmbeddedWorkspace } from '../../../src/workspace/embedded/embedded-workspace.ts';
import { importPaths } from '../../../src/workspace/embedded/import/import-paths.ts';
import { openEmbeddedWorkspace, sqlCacheFile } from '../../../src/workspace/embedded/open.ts';
import { liftLetValues } from '../../../src/workspace/embedded/query/let-values.ts';
import { allRows, line, NOW } from './support.ts';

const FROM = NOW - 10n * TICKS_PER_HOUR;
const PARAMETERS = { From: { type: 'datetime', value: FROM }, Until: { type: 'datetime', value: NOW } } as const;

describe('values at the start of a text', () => {
  test('are those that were bound, times and arrays of texts, and the lines stay as they are', () => {
    const kql = 'declare query_parameters(From:datetime,\n Until:datetime, Users:dynamic);\n// a comment\nT | where Id in (Users)';
    const users = JSON.stringify(['a"b', 'c\\', '\n', 'é', "');drop"]);
    const text = bindParameters(kql, { ...PARAMETERS, Users: { type: 'dynamic', value: users } });
    const lifted = liftLetValues(text)!;
    expect(lifted.parameters).toEqual({ ...PARAMETERS, Users: { type: 'dynamic', value: users } });
    expect(lifted.kql.split('\n').slice(1)).toEqual(text.split('\n').slice(1));
    expect(lifted.kql).toMatch(/^declare query_parameters\(From:datetime, Until:datetime, Users:dynamic\);/);
  });

  test.each([
    ['T | where A == datetime(2026-05-01T00:00:00.0000000Z)'],
    ['let A = datetime(2026-05-01);T'],
    ['let A = ago(1d);T'],
    ['let A = 5;T'],
    ['let A = "x";T'],
    ['let A = datetime(2026-13-01T00:00:00.0000000Z);T'],
    ['let A = parse_json("[1]");T'],
    ['let A = parse_json("{\\"a\\":\\"b\\"}");T'],
    ['let A = parse_json("[ \\"a\\" ]");T'],
    ['let A = parse_json("[\\"a\\"]") ;T'],
    ['// let A = datetime(2026-05-01T00:00:00.0000000Z);\nT'],
    ['let A = () { datetime(2026-05-01T00:00:00.0000000Z) };T'],
  ])('%s is left alone', (kql) => {
    expect(liftLetValues(kql)).toBeUndefined();
  });

  test('a name that is there twice, or another form, ends them', () => {
    const time = (name: string) => `let ${name} = datetime(2026-05-01T00:00:00.0000000Z);`;
    expect(liftLetValues(`${time('A')} ${time('A')} T`)?.kql).toBe(`declare query_parameters(A:datetime); ${time('A')} T`);
    expect(liftLetValues(`${time('A')} let B = ago(1d); ${time('C')} T`)?.kql).toBe(
      `declare query_parameters(A:datetime); let B = ago(1d); ${time('C')} T`,
    );
  });
});

describe('queries that differ in their values alone', () => {
  let directory: string;
  let workspace: EmbeddedWorkspace;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'factorwatch-test-'));
    workspace = await openEmbeddedWorkspace({ directory, clock: () => NOW });
    const rows = Array.from({ length: 10 }, (_, i) => line({ TimeGenerated: datetimeText(FROM + BigInt(i) * TICKS_PER_HOUR), Id: `${i}` }));
    writeFileSync(join(directory, 'SigninLogs.json'), rows.join(''));
    await importPaths(workspace, [join(directory, 'SigninLogs.json')], { rejectedDir: join(directory, 'rejected') });
  });
  afterEach(async () => {
    await workspace.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const kept = () => (JSON.parse(readFileSync(sqlCacheFile(directory), 'utf8')) as unknown[]).length;
  const text = (from: bigint, until: bigint) =>
    `let From = datetime(${datetimeText(from)}); let Until = datetime(${datetimeText(until)});\nSigninLogs | where TimeGenerated >= From and TimeGenerated < Until | project Id | order by Id asc`;

  test('are translated once, and each gives its own rows', async () => {
    for (let i = 0n; i < 10n; i++)
      expect(await allRows(workspace, text(FROM + i * TICKS_PER_HOUR, FROM + (i + 1n) * TICKS_PER_HOUR))).toEqual([[`${i}`]]);
    expect(kept()).toBe(1);
  });

  test('so are those whose timespan differs, which still cuts', async () => {
    for (let i = 0; i < 10; i++) {
      const at = FROM + BigInt(i) * TICKS_PER_HOUR;
      const answer = await workspace.query({
        kql: text(FROM, NOW),
        timespan: `${datetimeText(at)}/${datetimeText(at + 2n * TICKS_PER_HOUR)}`,
      });
      const rows: unknown[] = [];
      for await (const chunk of answer.chunks) rows.push(...chunk);
      expect(rows).toEqual(i < 9 ? [[`${i}`], [`${i + 1}`]] : [['9']]);
    }
    expect(kept()).toBe(1);
  });

  test('but not where the text itself shows the ends of the timespan', async () => {
    const ends: unknown[] = [];
    for (const day of ['01', '02']) {
      const answer = await workspace.query({ kql: 'print "{{StartTimeISO}}"', timespan: `2026-04-${day}T00:00:00Z/P1D` });
      for await (const chunk of answer.chunks) ends.push(...chunk);
    }
    expect(ends).toEqual([['2026-04-01T00:00:00.0000000Z'], ['2026-04-02T00:00:00.0000000Z']]);
  });

  test('a value that must be a constant is one, and an error names the place in the text that was sent', async () => {
    const series = (from: bigint) =>
      `let From = datetime(${datetimeText(from)});\nSigninLogs | make-series N = count() on TimeGenerated from From to From + 2h step 1h | project N`;
    expect(await allRows(workspace, series(FROM))).toEqual([['[1,1]']]);
    expect(await allRows(workspace, series(FROM + 9n * TICKS_PER_HOUR))).toEqual([['[1,0]']]);
    const wrong = `let From = datetime(${datetimeText(FROM)}); Nope | where A > From`;
    await expect(allRows(workspace, wrong)).rejects.toMatchObject({ where: { line: 1, column: wrong.indexOf('Nope') + 1 } });
  });
});
