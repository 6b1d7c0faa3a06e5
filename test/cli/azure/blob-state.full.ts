import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/server/app.ts';
import type { Fault } from '../../../src/server/faults.ts';
import { memoryJournal } from '../../../src/server/journal.ts';
import { listen } from '../../../src/server/listen.ts';
import { importPaths } from '../../../src/workspace/embedded/import/import-paths.ts';
import { openEmbeddedWorkspace } from '../../../src/workspace/embedded/open.ts';
import type { QueryRequest } from '../../../src/workspace/workspace.ts';
import { azureConfig } from '../../support/azure-config.ts';
import { type Azurite, startAzurite, storageToken } from '../../support/azurite.ts';
import { runCommand, spawnCommand } from '../../support/serve-process.ts';
import { certificates, tlsProxy } from '../../support/tls-proxy.ts';

/** The command line in processes of its own, with its state in Azure Blob Storage: Azurite over TLS, asked with a token. */
const root = mkdtempSync(join(tmpdir(), 'factorwatch-blob-'));
const azuriteTls = certificates(mkdtempSync(join(root, 'tls-')));
const azurite = await startAzurite(azuriteTls);
if (typeof azurite === 'string') process.stderr.write(`skipped: ${azurite}\n`);

const FROM = ['--from', '2026-09-14T00:00:00Z'];
const UNTIL = ['--until', '2026-09-15T00:00:00Z'];

describe.skipIf(typeof azurite === 'string')('state in Azure Blob Storage', () => {
  const { container, url, stop } = azurite as Azurite;
  const journal = memoryJournal();
  let fault: Fault | undefined;
  let readsLogs = false;
  const faults = { next: () => ({ call: 0, fault }) };
  let world: { readonly env: Record<string, string>; readonly address: string; close(): Promise<void>; rows(): Promise<string[]> };

  beforeAll(async () => {
    const workspace = await openEmbeddedWorkspace({ directory: join(root, 'served') });
    await importPaths(workspace, ['samples'], { rejectedDir: join(root, 'rejected') });
    const watched = new Proxy(workspace, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (name === 'query')
          return (request: QueryRequest) => {
            // Only what is read of the logs, once the state was read, names that day.
            if (request.kql.includes('let From = datetime(2026-09-14')) readsLogs = true;
            return target.query(request);
          };
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const server = await listen(createApp({ workspace: watched, journal, faults }), 0);
    const proxy = await tlsProxy(server.address);
    const ca = join(root, 'ca.pem');
    writeFileSync(ca, [proxy.caFile, azuriteTls.caFile].map((file) => readFileSync(file, 'utf8')).join('\n'));
    world = {
      address: proxy.address,
      env: { TOKEN: storageToken(), NODE_EXTRA_CA_CERTS: ca },
      rows: async () => {
        const { chunks } = await workspace.query({ kql: 'FactorFindings_CL | project strcat(EventUid, " ", FindingRevision)' });
        const rows: string[] = [];
        for await (const chunk of chunks) rows.push(...chunk.map(([name]) => String(name)));
        return rows.sort();
      },
      close: async () => {
        await proxy.close();
        await server.close(0);
        await workspace.close();
      },
    };
  }, 240_000);
  afterAll(async () => {
    await world?.close();
    await stop();
    rmSync(root, { recursive: true, force: true });
  });

  /** A state of its own; what the runs before have written counts as theirs. */
  async function state(name: string) {
    await container(name).create();
    const config = join(root, `${name}.yaml`);
    writeFileSync(config, azureConfig(world.address, `state: { kind: blob, url: "${url(name)}" }`));
    const args = ['run', ...FROM, ...UNTIL, '--json', '--config', config, '--data-dir', join(root, name)];
    const blob = (file: string) => container(name).getBlockBlobClient(`state/prod/account-takeover/${file}`);
    return {
      run: (...more: string[]) => runCommand([...args, ...more], { env: world.env }),
      start: (...more: string[]) => spawnCommand([...args, ...more], { env: world.env }),
      blob,
      /** Waits until this process holds the lock. */
      heldBy: async (pid: number | undefined) => {
        for (let tries = 0; tries < 600; tries++) {
          const text = await blob('lock')
            .downloadToBuffer()
            .then(String, () => '');
          if (text.includes(`"pid":${pid},`)) return;
          await sleep(50);
        }
        throw new Error('the lock was not taken');
      },
    };
  }
  const ended = (child: ReturnType<typeof spawnCommand>) =>
    new Promise<{ readonly code: number | null; readonly err: string }>((resolve) => {
      let err = '';
      child.stderr!.on('data', (part: Buffer) => (err += part.toString()));
      child.on('close', (code) => resolve({ code, err }));
    });

  test('a run leaves its state there, and the next one goes on from it', async () => {
    const { run, blob } = await state('first');
    const { code, out, err } = await run();
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(JSON.parse(out)).toMatchObject({ status: 'Success', pipelines: [{ watermark: '2026-09-15T00:00:00Z' }] });
    expect((await world.rows()).length).toBeGreaterThan(2);
    expect(JSON.parse((await blob('head.json').downloadToBuffer()).toString())).toMatchObject({ delivered: true });
    expect(JSON.parse((await blob('lock').downloadToBuffer()).toString())).toMatchObject({ released: true });
    const again = await run('--until', '2026-09-14T12:00:00Z');
    expect(again.code).toBe(64);
  });

  test('the lease is taken before anything is asked: while another machine holds it a run ends with 75 and has asked nothing', async () => {
    const { run, blob } = await state('taken');
    const holder = JSON.stringify({ pid: 1, host: 'another-machine', since: '2026-01-01T00:00:00Z' });
    await blob('lock').upload(holder, holder.length);
    await blob('lock').getBlobLeaseClient().acquireLease(60);
    const before = journal.entries.length;
    const { code, out } = await run('--lock-wait', '1');
    expect({ code, out: JSON.parse(out) }).toMatchObject({
      code: 75,
      out: { error: { code: 'held', message: expect.stringContaining('another-machine') as unknown } },
    });
    expect(journal.entries.length).toBe(before);
  });

  test('of another machine that is gone the lease lapses, and the run that waits takes it over', async () => {
    const { run, blob } = await state('lapsed');
    const holder = JSON.stringify({ pid: 1, host: 'another-machine', since: '2026-01-01T00:00:00Z' });
    await blob('lock').upload(holder, holder.length);
    await blob('lock').getBlobLeaseClient().acquireLease(15);
    const began = Date.now();
    const { code, err } = await run();
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining('took over the lock of process 1 on another-machine') as unknown,
    });
    expect(Date.now() - began).toBeGreaterThan(10_000);
  });

  test('of two at once one works and one gets 75; killed, the next takes over at once and ends it', async () => {
    const { run, start, heldBy } = await state('two');
    const before = await world.rows();
    fault = { kind: 'slow', delayMs: 300 };
    try {
      const first = start();
      await heldBy(first.pid);
      expect((await run('--lock-wait', '0')).code).toBe(75);
      const over = ended(first);
      first.kill('SIGKILL');
      await over;
    } finally {
      fault = undefined;
    }
    const { code, err } = await run('--lock-wait', '0');
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('took over the lock') as unknown });
    const after = await world.rows();
    expect(new Set(after).size).toBe(after.length);
    // A state of its own: what was found before is in the workspace and is not written again.
    expect(after).toEqual(before);
  });

  test('one that slept over the end of its lease writes nothing over what its successor wrote, and says 75', async () => {
    const { run, start, blob, heldBy } = await state('slept');
    fault = { kind: 'slow', delayMs: 300 };
    readsLogs = false;
    const sleeper = start();
    const over = ended(sleeper);
    try {
      await heldBy(sleeper.pid);
      while (!readsLogs) await sleep(20);
      sleeper.kill('SIGSTOP');
    } finally {
      fault = undefined;
    }
    await blob('lock').getBlobLeaseClient().breakLease(0);
    expect((await run('--lock-wait', '0')).code).toBe(0);
    const head = (await blob('head.json').downloadToBuffer()).toString();
    const rows = await world.rows();
    sleeper.kill('SIGCONT');
    const { code, err } = await over;
    expect({ code, err }).toMatchObject({ code: 75 });
    expect((await blob('head.json').downloadToBuffer()).toString()).toBe(head);
    expect(await world.rows()).toEqual(rows);
  });
});
