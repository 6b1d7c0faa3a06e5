import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { FindingRow } from '../../../src/schema/factor-findings.ts';
import { createApp } from '../../../src/server/app.ts';
import { listen } from '../../../src/server/listen.ts';
import { importPaths } from '../../../src/workspace/embedded/import/import-paths.ts';
import { openEmbeddedWorkspace } from '../../../src/workspace/embedded/open.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { azureConfig } from '../../support/azure-config.ts';
import { ENDS, FROM } from '../../support/chaos/tenant.ts';
import { runCommand } from '../../support/serve-process.ts';
import { tlsProxy } from '../../support/tls-proxy.ts';

const root = mkdtempSync(join(tmpdir(), 'factorwatch-close-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('findings close, whose row the service refuses for ever: 4, the reason, the row in rejected/, and the finding as open as before', async () => {
  const [served, dataDir] = [join(root, 'served'), join(root, 'data')];
  mkdirSync(dataDir);
  const workspace = await openEmbeddedWorkspace({ directory: served });
  await importPaths(workspace, ['samples'], { rejectedDir: join(root, 'import') });
  let refuses = true;
  const refusing: Workspace = new Proxy(workspace, {
    get(target, name) {
      if (name === 'ingest')
        return async (stream: string, rows: readonly Record<string, unknown>[], signal?: AbortSignal) => {
          const at = stream.includes('Findings') ? rows.findIndex((row) => row['AlertStatus'] === 'Closed') : -1;
          if (refuses && at >= 0) return { accepted: 0, rejected: [{ row: at, reason: 'the table takes no closed finding' }] };
          return target.ingest(stream, rows, signal);
        };
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const server = await listen(createApp({ workspace: refusing }), 0);
  const proxy = await tlsProxy(server.address);
  try {
    const config = join(dataDir, 'factorwatch.yaml');
    writeFileSync(config, azureConfig(proxy.address, 'retry: { attempts: 3, max_wait: 100ms }'));
    const env = { TOKEN: 'token-of-the-test', NODE_EXTRA_CA_CERTS: proxy.caFile };
    const cli = (...args: string[]) => runCommand([...args, '--config', config, '--data-dir', dataDir, '--json'], { env });
    const findings = async () => JSON.parse((await cli('findings')).out) as FindingRow[];
    expect((await cli('run', '--from', FROM, '--until', ENDS[1]!)).code).toBe(0);
    const before = await findings();
    const { EventUid } = before[0]!;

    const close = () => cli('findings', 'close', EventUid.slice(0, 12), '--verdict', 'false-positive', '--comment', 'asked');
    const refused = await close();
    expect(refused.code).toBe(4);
    expect(JSON.parse(refused.out)).toMatchObject({
      error: { code: 'close-refused', message: expect.stringContaining('the table takes no closed finding') },
    });
    const [file] = readdirSync(join(dataDir, 'rejected'));
    expect(readFileSync(join(dataDir, 'rejected', file!), 'utf8')).toContain(EventUid);
    expect(await findings()).toEqual(before);
    const verdicts = await cli(
      'query',
      'FactorRuns_CL | where OperationName == "Verdict" | project ResourceName, Status | order by Status asc',
    );
    expect(JSON.parse(verdicts.out)).toEqual([
      { ResourceName: EventUid, Status: 'Failure' },
      { ResourceName: EventUid, Status: 'Informational' },
    ]);

    refuses = false;
    const closed = await close();
    expect([closed.code, JSON.parse(closed.out)]).toEqual([0, expect.objectContaining({ FindingRevision: 2, AlertStatus: 'Closed' })]);
    expect((await findings())[0]).toMatchObject({ EventUid, AlertStatus: 'Closed', FindingRevision: 2 });
    // A machine whose state is another: it says so, and what it writes stands above all that was there.
    const elsewhere = await runCommand(
      ['findings', 'close', EventUid, '--verdict', 'true-positive', '--config', config, '--data-dir', join(root, 'elsewhere')],
      { env },
    );
    expect(elsewhere).toMatchObject({ code: 0, err: expect.stringContaining('no state here knows the finding') });
    const revision = Number(/revision (\d+)/.exec(elsewhere.out)?.[1]);
    expect(revision).toBeGreaterThan(2);
    expect((await findings())[0]).toMatchObject({ EventUid, AlertVerdict: 'True Positive', FindingRevision: revision });
  } finally {
    await proxy.close();
    await server.close(0);
    await workspace.close();
  }
});
