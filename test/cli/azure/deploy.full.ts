import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { azureConfig } from '../../support/azure-config.ts';
import { runCommand, startServe } from '../../support/serve-process.ts';
import { tlsProxy } from '../../support/tls-proxy.ts';

const ID =
  '/subscriptions/74be27de-1e4e-49d9-b579-fe0b331d3642/resourceGroups/rg-siem/providers/Microsoft.OperationalInsights/workspaces/log-siem';
const root = mkdtempSync(join(tmpdir(), 'factorwatch-deploy-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('plan, deploy and plan again through the command line, against the management API that serve stands in for by flag', async () => {
  const server = await startServe(join(root, 'served'), { args: ['--fake-arm', ID] });
  const proxy = await tlsProxy(server.address);
  try {
    const config = join(root, 'factorwatch.yaml');
    writeFileSync(config, azureConfig(proxy.address, `manage_endpoint: ${proxy.address}`));
    const env = { TOKEN: 'token-of-the-test', NODE_EXTRA_CA_CERTS: proxy.caFile, FACTORWATCH_WORKSPACE_RESOURCE_ID: ID };
    const cli = async (...args: string[]) => {
      const { code, out } = await runCommand([...args, '--config', config, '--data-dir', join(root, 'data'), '--json'], { env });
      return { code, json: JSON.parse(out) as { changes: { action: string; kind: string }[] } };
    };
    const before = await cli('plan', '--detailed-exitcode');
    expect(before.code).toBe(2);
    expect(before.json.changes.map(({ action, kind }) => `${action} ${kind}`).slice(0, 4)).toEqual([
      'create table',
      'create table',
      'create table',
      'create dcr',
    ]);
    const deployed = await cli('deploy');
    expect(deployed).toMatchObject({
      code: 0,
      json: { ingest: { endpoint: expect.stringContaining('https://'), dcr_id: expect.stringMatching(/^dcr-[0-9a-f]{32}$/) } },
    });
    expect(deployed.json.changes).toHaveLength(before.json.changes.length);
    expect(await cli('plan', '--detailed-exitcode')).toEqual({ code: 0, json: { changes: [] } });
    // The rule is as it should be; that the configuration names another one, and another endpoint, is all that doctor has to say of it.
    const { checks } = (await cli('doctor')).json as unknown as { checks: { check: string; status: string; message: string }[] };
    expect(checks.filter(({ status }) => status === 'failed').map(({ check }) => check)).toEqual(['data collection rule']);
    expect(checks.find(({ check }) => check === 'data collection rule')!.message).toMatch(
      /ingest\.dcr_id is dcr-0{32}.*ingest\.endpoint is https:\/\/127\.0\.0\.1/s,
    );
  } finally {
    await proxy.close();
    await server.kill('SIGTERM');
  }
});

test('without the flag there is no management API', async () => {
  const server = await startServe(join(root, 'without'));
  try {
    const answer = await fetch(`${server.address}${ID}?api-version=2023-09-01`, { headers: { authorization: 'Bearer x' } });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'PathNotFoundError' } });
  } finally {
    await server.kill('SIGTERM');
  }
});
