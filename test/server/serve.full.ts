import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { EMPTY_DCR_ID } from '../../src/server/options.ts';
import { EMPTY_WORKSPACE_ID } from '../../src/workspace/workspace-id.ts';
import { azureClients } from '../support/azure-clients.ts';
import { runCommand, type ServeProcess, startServe } from '../support/serve-process.ts';
import { INGEST_PATH, JSON_BODY, QUERY_PATH } from './helpers.ts';

const root = mkdtempSync(join(tmpdir(), 'factorwatch-serve-'));
let directories = 0;
const newDirectory = () => join(root, String(directories++));
const running: ServeProcess[] = [];
const start = async (...args: Parameters<typeof startServe>) => {
  const serve = await startServe(...args);
  running.push(serve);
  return serve;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((serve) => serve.kill('SIGKILL')));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const query = async (address: string, kql: string) => {
  const answer = await fetch(address + QUERY_PATH, { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ query: kql }) });
  return (await answer.json()) as { tables: { rows: unknown[][] }[] };
};
const rowsOf = async (address: string, kql: string) => (await query(address, kql)).tables[0]!.rows;

describe('serve', () => {
  it('says on its first line where it listens, keeps serve.json while it runs, and ends cleanly on SIGTERM', async () => {
    const directory = newDirectory();
    const serve = await start(directory);
    expect(serve.firstLine).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(serve.address, { method: 'HEAD' })).status).toBe(200);
    const file = join(directory, 'serve.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ address: serve.address, pid: serve.pid });
    expect(await rowsOf(serve.address, 'print x = 1 + 1')).toEqual([[2]]);
    expect(await serve.kill('SIGTERM')).toBe(143);
    expect(existsSync(file)).toBe(false);
  });

  it('names a port that is in use with 69, and a directory that is held with 75', async () => {
    const directory = newDirectory();
    const serve = await start(directory);
    const { port } = new URL(serve.address);
    expect(await runCommand(['serve', '--port', port, '--data-dir', newDirectory()])).toMatchObject({
      code: 69,
      err: expect.stringContaining(port),
    });
    expect(await runCommand(['serve', '--port', '0', '--data-dir', directory])).toMatchObject({ code: 75 });
    // The one that was refused has not taken the file of the one that runs.
    expect(JSON.parse(readFileSync(join(directory, 'serve.json'), 'utf8'))).toMatchObject({ pid: serve.pid });
  });

  it('lets other commands on its directory work through it', async () => {
    const directory = newDirectory();
    const serve = await start(directory);
    expect(await runCommand(['query', 'print x = 40 + 2', '--json', '--data-dir', directory])).toMatchObject({
      code: 0,
      out: '[{"x":42}]\n',
    });
    expect((await runCommand(['query', 'print x = nosuch()', '--data-dir', directory])).code).toBe(78);
    const { token } = JSON.parse(readFileSync(join(directory, 'serve.json'), 'utf8'));
    const path = `${serve.address}/factorwatch/command`;
    const command = (authorization: string, headers: Record<string, string> = {}) =>
      fetch(path, {
        method: 'POST',
        headers: { authorization, ...headers },
        body: JSON.stringify({ argv: ['--version'], cwd: '/', env: {} }),
      });
    expect((await command('Bearer x')).status).toBe(401);
    expect((await command(`Bearer ${token}`, { origin: 'https://evil.test' })).status).toBe(403);
  });

  it('ignores and replaces the serve.json of one that was killed', async () => {
    const directory = newDirectory();
    const first = await start(directory);
    await first.kill('SIGKILL');
    expect(existsSync(join(directory, 'serve.json'))).toBe(true);
    expect(await runCommand(['query', 'print x = 1', '--json', '--data-dir', directory])).toMatchObject({ code: 0, out: '[{"x":1}]\n' });
    const second = await start(directory);
    expect(JSON.parse(readFileSync(join(directory, 'serve.json'), 'utf8'))).toMatchObject({ pid: second.pid });
  });

  it('wants the token of FACTORWATCH_SERVE_TOKEN, and fails as a file says', async () => {
    const directory = newDirectory();
    const faults = join(root, 'faults.json');
    writeFileSync(faults, JSON.stringify([{ on: 'query', calls: [2], fault: { kind: 'status', status: 429 } }]));
    const journal = join(root, 'journal.ndjson');
    const serve = await start(directory, { env: { FACTORWATCH_SERVE_TOKEN: 'right' }, args: ['--faults', faults, '--journal', journal] });
    const ask = (token: string) =>
      azureClients(serve.address, token).query.queryWorkspace(EMPTY_WORKSPACE_ID, 'print x = 1', { duration: 'P1D' });
    await expect(ask('wrong')).rejects.toMatchObject({ statusCode: 403 });
    expect(await ask('right')).toMatchObject({ status: 'Success' });
    await expect(ask('right')).rejects.toMatchObject({ statusCode: 429 });
    const entries = readFileSync(journal, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ status }) => status)).toEqual([200, 429]);
    expect(readFileSync(journal, 'utf8')).not.toContain('right');
    writeFileSync(faults, '[{"on":"query","fault":{"kind":"nosuch"}}]');
    expect((await runCommand(['serve', '--port', '0', '--data-dir', newDirectory(), '--faults', faults])).code).toBe(78);
  });

  it('has the limits it is given, and refuses a token made for another API', async () => {
    const serve = await start(newDirectory(), { args: ['--limit', 'rows=2', '--limit', 'ingest-bytes=100', '--check-audience'] });
    const token = (aud: string) => `e30.${Buffer.from(JSON.stringify({ aud })).toString('base64url')}.x`;
    const query = (aud: string) =>
      azureClients(serve.address, token(aud)).query.queryWorkspace(EMPTY_WORKSPACE_ID, 'range x from 1 to 3 step 1', { duration: 'P1D' });
    expect(await query('https://api.loganalytics.io')).toMatchObject({ status: 'PartialFailure', partialTables: [{ rows: [[1], [2]] }] });
    await expect(query('https://monitor.azure.com')).rejects.toMatchObject({ statusCode: 403 });
    const { ingestion } = azureClients(serve.address, token('https://monitor.azure.com'));
    const sent = ingestion.upload(EMPTY_DCR_ID, 'Custom-FactorFindings_CL', [{ EventUid: 'x'.repeat(200) }]);
    await expect(sent).rejects.toMatchObject({ errors: [{ cause: { statusCode: 413 } }] });
    const wrong = await runCommand(['serve', '--port', '0', '--data-dir', newDirectory(), '--limit', 'row=2']);
    expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining('did you mean "rows"?')]);
  });

  it('keeps what the real client uploaded', async () => {
    const serve = await start(newDirectory());
    const { ingestion, query: queries } = azureClients(serve.address);
    const now = new Date().toISOString();
    await ingestion.upload(EMPTY_DCR_ID, 'Custom-FactorFindings_CL', [
      { TimeGenerated: now, EventUid: 'a', FindingRevision: 1, Evidence: [{ Words: 'it <b>' }], Undeclared: 1 },
    ]);
    const result = await queries.queryWorkspace(
      EMPTY_WORKSPACE_ID,
      'FactorFindings_CL | project EventUid, FindingRevision, Evidence, TimeGenerated',
      { duration: 'P1D' },
    );
    expect(result).toMatchObject({ status: 'Success', tables: [{ rows: [['a', 1, [{ Words: 'it <b>' }], new Date(now)]] }] });
  });
});

describe('kill -9', () => {
  it('takes no row that was answered with 204', async () => {
    const directory = newDirectory();
    const acknowledged = new Set<string>();
    let sent = 0;
    for (let round = 0; round < 5; round++) {
      const serve = await start(directory);
      const enough = acknowledged.size + 5 + round * 7;
      const send = async () => {
        for (;;) {
          const uid = `uid-${sent++}`;
          const answer = await fetch(serve.address + INGEST_PATH, {
            method: 'POST',
            headers: JSON_BODY,
            body: JSON.stringify([{ EventUid: uid }]),
          });
          if (answer.status !== 204) throw new Error(`status ${answer.status}`);
          acknowledged.add(uid);
          if (acknowledged.size >= enough) void serve.kill('SIGKILL');
        }
      };
      await Promise.allSettled([send(), send(), send(), send()]);
      expect(await serve.ended).toBe('SIGKILL');
    }
    const serve = await start(directory);
    const kept = new Set((await rowsOf(serve.address, 'FactorFindings_CL | project EventUid')).map(([uid]) => uid as string));
    expect(acknowledged.size).toBeGreaterThan(50);
    expect([...acknowledged].filter((uid) => !kept.has(uid))).toEqual([]);
  });
});
