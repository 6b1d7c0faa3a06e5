import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentFindings } from '../../src/pipeline/current-findings.ts';
import { createApp } from '../../src/server/app.ts';
import type { Fault } from '../../src/server/faults.ts';
import { type Listening, listen } from '../../src/server/listen.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { comparable } from '../pipeline/samples.ts';
import { azureConfig } from '../support/azure-config.ts';
import { ENDS, FROM, openTenant, type Tenant } from '../support/chaos/tenant.ts';
import { spawnCommand } from '../support/serve-process.ts';
import { type TlsProxy, tlsProxy } from '../support/tls-proxy.ts';

/** `run --watch` as a process of its own, on a target in Azure that our server stands in for, with state in a directory. */
const root = mkdtempSync(join(tmpdir(), 'factorwatch-watch-'));
const [UNTIL] = ENDS;
let tenant: Tenant;
let workspace: Workspace;
let server: Listening;
let proxy: TlsProxy;
let fault: Fault | undefined;
let queries = 0;

beforeAll(async () => {
  tenant = await openTenant(root);
  workspace = await tenant.open();
  const plan = {
    next: () => {
      queries += 1;
      return { call: queries, fault };
    },
  };
  server = await listen(createApp({ workspace, faults: plan }), 0);
  proxy = await tlsProxy(server.address);
  const project = join(root, 'project');
  mkdirSync(join(project, 'pipelines'), { recursive: true });
  // The shipped pipeline, each minute.
  const pipeline = readFileSync('pipelines/account-takeover.yaml', 'utf8').replace(/^schedule: .*$/m, 'schedule: "* * * * *"');
  writeFileSync(join(project, 'pipelines/account-takeover.yaml'), pipeline);
  cpSync('queries', join(project, 'queries'), { recursive: true });
  writeFileSync(join(project, 'factorwatch.yaml'), azureConfig(proxy.address));
}, 300_000);
afterAll(async () => {
  await proxy.close();
  await server.close(0);
  await workspace.close();
  await tenant.close();
  rmSync(root, { recursive: true, force: true });
});

function start(...args: readonly string[]) {
  const at = ['--config', join(root, 'project/factorwatch.yaml'), '--data-dir', join(root, 'data'), '--json'];
  const child = spawnCommand([...args, ...at], { env: { TOKEN: 'token-of-the-test', NODE_EXTRA_CA_CERTS: proxy.caFile } });
  const said = { out: '', err: '' };
  child.stdout!.on('data', (part: Buffer) => (said.out += part.toString()));
  child.stderr!.on('data', (part: Buffer) => (said.err += part.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, said, ended, lines: () => said.out.split('\n').filter((line) => line !== '') };
}

/** Whether a process holds the lock of the state, and has begun to read. */
function holds(pid: number | undefined): boolean {
  const state = join(root, 'data/state/prod/account-takeover');
  const locks = existsSync(state) ? readdirSync(state).filter((name) => name.startsWith('lock.')) : [];
  return locks.some((name) => {
    const holder = JSON.parse(readFileSync(join(state, name), 'utf8')) as { pid: number; released?: boolean };
    return holder.pid === pid && holder.released !== true;
  });
}

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 150_000; !what(); await sleep(50)) if (Date.now() > end) throw new Error('waited in vain');
}

/** Waits until a process is in the middle of its run, where a slow answer then keeps it. */
async function stuck(pid: number | undefined): Promise<void> {
  await until(() => holds(pid));
  fault = { kind: 'slow', delayMs: 45_000 };
  const before = queries;
  await until(() => queries > before);
  fault = undefined;
}

const RANGE = ['--from', FROM, '--until', UNTIL!];

test('SIGTERM in the middle of a run: 143, nothing half-done; beside it a second run gets 75; a killed one is taken over', async () => {
  const watch = start('run', '--watch', ...RANGE);
  await stuck(watch.child.pid);
  const second = start('run', ...RANGE);
  expect(await second.ended).toBe(75);
  expect(JSON.parse(second.said.out)).toMatchObject({
    error: { code: 'held', message: expect.stringContaining(`process ${watch.child.pid}`) },
  });
  watch.child.kill('SIGTERM');
  expect(await watch.ended).toBe(143);
  expect(JSON.parse(watch.lines().at(-1)!)).toMatchObject({ error: { code: 'interrupted' } });

  const killed = start('run', ...RANGE);
  await stuck(killed.child.pid);
  killed.child.kill('SIGKILL');
  await killed.ended;

  const next = start('run', ...RANGE);
  expect(await next.ended).toBe(0);
  expect(next.said.err).toContain(`took over the lock of process ${killed.child.pid}`);
  expect(comparable(await currentFindings(workspace), { revisions: true }).length).toBeGreaterThan(0);
});

test('it runs at once, then when the schedule says so, a line a run, and ends with 130 on SIGINT between two', async () => {
  const watch = start('run', '--watch', '--until', ENDS[1]!);
  await until(() => watch.lines().length === 1);
  const waited = Date.now();
  await until(() => watch.lines().length === 2);
  // The next full minute, and not at once.
  expect(new Date().getSeconds()).toBeLessThan(40);
  expect(Date.now() - waited).toBeLessThan(75_000);
  for (const line of watch.lines())
    expect(JSON.parse(line)).toMatchObject({ status: 'Success', pipelines: [{ name: 'account-takeover' }] });
  await sleep(300);
  watch.child.kill('SIGINT');
  expect(await watch.ended).toBe(130);
});
