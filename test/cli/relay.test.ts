import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SERVE_FILE } from '../../src/cli/relay.ts';
import { relayHandler } from '../../src/cli/relay-host.ts';
import { openEmbeddedWorkspace } from '../../src/workspace/embedded/open.ts';
import { cli } from '../support/cli.ts';

const TOKEN = 'only-who-can-read-the-file';
const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-relay-'));
const dataDir = join(cwd, '.factorwatch');
const closing: (() => Promise<void> | void)[] = [];
const asked: string[] = [];
let address = '';

// The workspace is open here, as it is in `serve`: a command that did not go through would end with 75.
beforeAll(async () => {
  mkdirSync(dataDir);
  const workspace = await openEmbeddedWorkspace({ directory: dataDir });
  const handle = relayHandler({ dataDir, workspace, token: TOKEN, env: {}, signal: new AbortController().signal });
  const server = serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) => {
      asked.push(request.method);
      return handle(request);
    },
  });
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closing.push(
    () => workspace.close(),
    () => new Promise((resolve) => server.close(() => resolve())),
  );
});
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(cwd, { recursive: true });
});

const leave = (record: object) => writeFileSync(join(dataDir, SERVE_FILE), JSON.stringify(record));

describe('a command while serve holds the data directory', () => {
  it('runs inside serve: output, exit code and files of the client', async () => {
    leave({ address, token: TOKEN, pid: process.pid });
    writeFileSync(join(cwd, 'AuditLogs.ndjson'), `${JSON.stringify({ TimeGenerated: '2026-01-15T10:00:00Z', Id: 'a1' })}\n`);
    const imported = await cli(cwd, 'import', 'AuditLogs.ndjson', '--json');
    expect([imported.code, JSON.parse(imported.out)]).toMatchObject([0, { rows: 1 }]);
    expect(asked).toEqual(['GET', 'POST']);
    expect((await cli(cwd, 'query', 'AuditLogs | project Id', '--json')).out).toBe('[{"Id":"a1"}]\n');
  });

  it('gives errors with their exit code', async () => {
    const { code, out } = await cli(cwd, 'query', 'AuditLogs | wher x', '--json');
    expect(code).toBe(78);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'kql-syntax' } });
  });

  it('carries bytes', async () => {
    const { code, out } = await cli(cwd, 'query', 'print n = 1', '--arrow');
    expect(code).toBe(0);
    expect(out).toContain('n');
  });

  it('lays text out for the terminal of the client', async () => {
    const { out } = await cli({ cwd, isTTY: true }, 'query', 'AuditLogs | project Id');
    expect(out).toBe('Id\na1\n');
  });

  it('carries an answer of many pieces, each when the last was read', async () => {
    const { code, out } = await cli(cwd, 'query', 'range n from 1 to 300000 step 1', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(out) as { n: number }[]).at(-1)).toEqual({ n: 300_000 });
  });

  it('lets nothing follow a part of a result when serve goes in the middle', async () => {
    const broken = serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: ({ method }) => (method === 'GET' ? new Response(null, { status: 204 }) : new Response('{"out":"[{},\\n"}\n')),
    });
    await new Promise((resolve) => broken.once('listening', resolve));
    leave({ address: `http://127.0.0.1:${(broken.address() as AddressInfo).port}`, token: TOKEN, pid: process.pid });
    const { code, out, err } = await cli(cwd, 'query', 'print n = 1', '--json');
    await new Promise((resolve) => broken.close(resolve));
    expect([code, out]).toEqual([69, '[{},\n']);
    expect(err).toContain('stopped answering');
  });

  it.each([
    ['another token', () => ({ address, token: 'wrong', pid: 1 })],
    ['a port where nobody listens', () => ({ address: 'http://127.0.0.1:1', token: TOKEN, pid: 1 })],
    ['another host', () => ({ address: 'http://192.0.2.1:80', token: TOKEN, pid: 1 })],
  ])('works on the directory itself where the record has %s', async (_what, record) => {
    leave(record());
    // Held by the workspace that is open here: it was tried directly.
    expect((await cli(cwd, 'query', 'print 1', '--json')).code).toBe(75);
  });
});
