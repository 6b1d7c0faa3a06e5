import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../../src/server/app.ts';
import { listen } from '../../../src/server/listen.ts';
import { openEmbeddedWorkspace } from '../../../src/workspace/embedded/open.ts';
import { azureConfig } from '../../support/azure-config.ts';
import { type ProxyFault, tlsProxy } from '../../support/tls-proxy.ts';

/** The command line itself, on a target of kind azure, against our server behind TLS: what it finds is what the embedded workspace finds. */
const root = mkdtempSync(join(tmpdir(), 'factorwatch-same-'));
const labels = JSON.parse(readFileSync('samples/labels.json', 'utf8')) as { start: string; end: string };
const RANGE = ['--from', labels.start, '--until', labels.end];
const KINDS: readonly ProxyFault[] = ['none', 'none', 'none', 'none', 'reset', 'lost-answer', 'cut', '429', '503', 'slow'];

async function cli(env: Record<string, string>, ...args: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args, '--json'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    maxBuffer: 2 ** 28,
    timeout: 300_000,
  });
  return JSON.parse(stdout);
}

function comparable(findings: unknown): unknown[] {
  return (findings as Record<string, unknown>[]).map(({ TimeGenerated: _written, RunId: _run, AdditionalFields, ...rest }) => {
    const { OverBudget: _budget, ...fields } = (AdditionalFields ?? {}) as Record<string, unknown>;
    return { ...rest, AdditionalFields: fields };
  });
}

let expected: unknown[];
beforeAll(async () => {
  const directory = join(root, 'embedded');
  await cli({}, 'import', 'samples', '--data-dir', directory);
  await cli({}, 'run', ...RANGE, '--data-dir', directory);
  expected = comparable(await cli({}, 'findings', '--data-dir', directory));
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each([0, 1, 2])('faults by seed %i (0: none)', async (seed) => {
  const [served, directory] = [join(root, `served-${seed}`), join(root, `azure-${seed}`)];
  mkdirSync(directory);
  await cli({}, 'import', 'samples', '--data-dir', served);
  const workspace = await openEmbeddedWorkspace({ directory: served });
  const server = await listen(createApp({ workspace }), 0);
  let state = seed * 7919;
  const proxy = await tlsProxy(server.address, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed === 0 ? 'none' : KINDS[(state >>> 12) % KINDS.length]!;
  });
  try {
    const config = join(directory, 'factorwatch.yaml');
    writeFileSync(config, azureConfig(proxy.address, 'retry: { attempts: 12, max_wait: 100ms }'));
    const env = { TOKEN: 'token-of-the-test', NODE_EXTRA_CA_CERTS: proxy.caFile };
    const at = ['--config', config, '--data-dir', directory];
    await cli(env, 'run', ...RANGE, ...at);
    expect(expected.length).toBeGreaterThan(5);
    expect(comparable(await cli(env, 'findings', ...at))).toEqual(expected);
  } finally {
    await proxy.close();
    await server.close(0);
    await workspace.close();
  }
});
