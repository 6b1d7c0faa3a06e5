import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingQuery, QUERIES, timelineQuery } from '../../src/server/page/client/kql.ts';
import { cli } from '../support/cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-page-'));
afterAll(() => rmSync(cwd, { recursive: true }));

/** The other tests of the page have a scripted workspace: these ask the engine that people have. */
describe('what the page asks, the embedded workspace answers', () => {
  beforeAll(async () => {
    const row = {
      TimeGenerated: '2026-01-15T10:00:00Z',
      Id: '1',
      UserPrincipalName: 'ana@contoso.test',
      ResultType: '0',
      AppDisplayName: 'A',
    };
    writeFileSync(join(cwd, 'SigninLogs.ndjson'), JSON.stringify(row));
    expect((await cli(cwd, 'import', 'SigninLogs.ndjson')).code).toBe(0);
  });

  it.each([...Object.entries(QUERIES), ['finding', findingQuery('ab'.repeat(32))] as const])('%s', async (_, kql) => {
    expect(await cli(cwd, 'query', kql, '--json')).toMatchObject({ code: 0 });
  });

  it('a finding by the first digits of its id, as the command line prints them, and no other', async () => {
    const [whole, other] = [`abcdef01${'2'.repeat(56)}`, `0abcdef0${'1'.repeat(56)}`];
    const rows = [whole, other].map((uid) => JSON.stringify({ TimeGenerated: '2026-01-15T10:00:00Z', EventUid: uid, FindingRevision: 1 }));
    writeFileSync(join(cwd, 'FactorFindings_CL.ndjson'), rows.join('\n'));
    expect((await cli(cwd, 'import', 'FactorFindings_CL.ndjson')).code).toBe(0);
    for (const [id, found] of [
      ['abcdef01', [whole]],
      ['ABCDEF01', [whole]],
      [whole, [whole]],
      ['abcdef0', []],
      ['abcdef02', []],
    ] as const) {
      const { out } = await cli(cwd, 'query', `${findingQuery(id)} | project EventUid`, '--json');
      expect((JSON.parse(out) as { EventUid: string }[]).map((row) => row.EventUid)).toEqual(found);
    }
  });

  it('timeline of a user', async () => {
    const { code, out } = await cli(cwd, 'query', timelineQuery('ana@contoso.test', 30), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ Event: 'Sign-in to A', Source: 'SigninLogs' }]);
  });
});
