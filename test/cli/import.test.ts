import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-import-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const signIn = (id: string, user: string, type = '0') =>
  JSON.stringify({ TimeGenerated: '2026-01-15T10:00:00Z', Id: id, UserPrincipalName: user, ResultType: type });
const query = async (kql: string) => JSON.parse((await cli(cwd, 'query', kql, '--json')).out) as unknown;

describe('import and query', () => {
  beforeAll(() => {
    writeFileSync(
      join(cwd, 'SigninLogs.ndjson'),
      [signIn('1', 'ana@contoso.test'), signIn('2', 'ben@contoso.test', '50126'), signIn('1', 'ana@contoso.test')].join('\n'),
    );
    writeFileSync(join(cwd, 'vips.csv'), 'User Principal Name,Why\nana@contoso.test,=1+1\n');
  });

  it('loads a file once: what is there already is counted', async () => {
    const first = await cli(cwd, 'import', 'SigninLogs.ndjson', '--json');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ files: 1, rows: 2, duplicates: 1, rejected: 0, byTable: { SigninLogs: 2 } });
    const second = await cli(cwd, 'import', 'SigninLogs.ndjson', '--json');
    expect(JSON.parse(second.out)).toMatchObject({ rows: 0, duplicates: 3 });
  });

  it('shows the id of the workspace in Azure that it stands in for', async () => {
    const id = '6f0c1d52-3b7e-4d1a-9f7e-1c2d3e4f5a6b';
    const azure = `{ kind: azure, workspaces: [${id}], ingest: { endpoint: https://127.0.0.1:1, dcr_id: dcr-${'0'.repeat(32)} }, auth: { kind: azure-cli } }`;
    writeFileSync(join(cwd, 'two.yaml'), `version: 1\ndefault_target: local\ntargets:\n  local: { kind: embedded }\n  prod: ${azure}\n`);
    const asked = ['query', 'SigninLogs | distinct TenantId', '--json'];
    expect(JSON.parse((await cli(cwd, ...asked, '--config', 'two.yaml')).out)).toEqual([{ TenantId: id }]);
    expect(JSON.parse((await cli(cwd, ...asked)).out)).toEqual([{ TenantId: '00000000-0000-0000-0000-000000000000' }]);
  });

  it('says of an empty folder that there is no file, and what logs are called', async () => {
    mkdirSync(join(cwd, 'empty'));
    const { code, err } = await cli(cwd, 'import', 'empty');
    expect(code).toBe(65);
    expect(err).toContain('there is no file');
    expect(err).toContain('.ndjson');
  });

  it('answers in JSON, in CSV, and as a table on a terminal', async () => {
    const kql = 'SigninLogs | project UserPrincipalName, ResultType | sort by UserPrincipalName asc';
    expect(await query(kql)).toEqual([
      { UserPrincipalName: 'ana@contoso.test', ResultType: '0' },
      { UserPrincipalName: 'ben@contoso.test', ResultType: '50126' },
    ]);
    expect((await cli(cwd, 'query', kql, '--csv')).out).toBe('UserPrincipalName,ResultType\nana@contoso.test,0\nben@contoso.test,50126\n');
    const { out } = await cli({ cwd, isTTY: true }, 'query', kql);
    expect(out).toBe('UserPrincipalName  ResultType\nana@contoso.test   0\nben@contoso.test   50126\n');
  });

  it('fills a watchlist, which queries can join with', async () => {
    const { code, out } = await cli(cwd, 'import', '--watchlist', 'VIPs', 'vips.csv', '--key', 'User Principal Name', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, { watchlist: 'VIPs', rows: 1 }]);
    expect(await query("SigninLogs | where UserPrincipalName in ((_GetWatchlist('VIPs') | project SearchKey)) | project Id")).toEqual([
      { Id: '1' },
    ]);
  });

  it('does not take what Factorwatch itself keeps in a directory for logs', async () => {
    const here = join(cwd, 'here');
    mkdirSync(here);
    writeFileSync(join(here, 'SigninLogs.ndjson'), `${signIn('1', 'ana@contoso.test')}\n{"Id":"no time"}`);
    const first = JSON.parse((await cli(here, 'import', '.', '--json')).out) as object;
    expect(first).toMatchObject({ files: 1, rows: 1, rejected: 1, skipped: [] });
    // What was set aside is named after its file, and would be read as one of its table.
    expect(JSON.parse((await cli(here, 'import', '.', '--json')).out)).toMatchObject({
      files: 1,
      rows: 0,
      duplicates: 1,
      rejected: 1,
      skipped: [],
    });
  });

  it('sets rows aside that cannot be taken, and ends with 4', async () => {
    writeFileSync(
      join(cwd, 'AuditLogs.ndjson'),
      `${JSON.stringify({ TimeGenerated: '2026-01-15T10:00:00Z', Id: 'a' })}\n{"TimeGenerated":"2026-01-1`,
    );
    const { code, out } = await cli(cwd, 'import', 'AuditLogs.ndjson', '--json');
    expect([code, JSON.parse(out)]).toMatchObject([4, { rows: 1, rejected: 1 }]);
    expect(readdirSync(join(cwd, '.factorwatch/rejected')).length).toBeGreaterThan(0);
  });

  it.each([
    ['a file that is not there', 66, ['import', 'absent.ndjson']],
    ['wrong KQL', 78, ['query', 'SigninLogs | wher x']],
    ['a query file that is not there', 66, ['query', '-f', 'absent.kql']],
    ['no query', 64, ['query']],
    ['two forms of output', 64, ['query', 'print 1', '--csv', '--arrow']],
    ['a table that is none', 64, ['import', 'SigninLogs.ndjson', '--table', 'SignInLog']],
  ])('ends %s with %d', async (_what, code, argv) => {
    expect((await cli(cwd, ...argv)).code).toBe(code);
  });

  it('names every fault of a query with its place', async () => {
    const { out } = await cli(cwd, 'query', 'SigninLogs | where Nope == 1 | extend y = nofunction(2)', '--json');
    const { error } = JSON.parse(out) as { error: { code: string; message: string } };
    expect(error.code).toMatch(/^kql-/);
    expect(error.message).toContain('query:1:20');
    expect(error.message).toContain('nofunction');
  });

  it('explains: the columns, and what is run', async () => {
    const { out } = await cli(cwd, 'query', 'SigninLogs | summarize n = count() by ResultType', '--explain', '--json');
    expect(JSON.parse(out)).toMatchObject({
      columns: [
        { name: 'ResultType', type: 'string' },
        { name: 'n', type: 'long' },
      ],
    });
  });
});
