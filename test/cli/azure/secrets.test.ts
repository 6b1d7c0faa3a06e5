import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { reportError } from '../../../src/cli/errors.ts';
import { memoryIo } from '../../../src/cli/io.ts';
import { type Fault, faultPlan } from '../../../src/server/faults.ts';
import { fileJournal } from '../../../src/server/journal.ts';
import { openCredential } from '../../../src/workspace/azure/credentials.ts';
import { azureTarget } from '../../support/azure-target.ts';
import { cli } from '../../support/cli.ts';
import { memoryWorkspace, table } from '../../support/memory-workspace.ts';

/** A secret that must come up nowhere: not in an error, a log line, a printed configuration, a file. */
const CANARY = 'canary-5f1e0d-secret';
const root = mkdtempSync(join(tmpdir(), 'factorwatch-secrets-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Everything that an error shows, on the terminal and as JSON, and all that hangs on it. */
function shown(error: unknown): string {
  return [false, true]
    .map((json) => {
      const io = memoryIo();
      reportError(error, { io, json, signal: new AbortController().signal });
      return io.stdout() + io.stderr();
    })
    .concat(inspect(error, { depth: 20, showHidden: true }))
    .join('\n');
}

const FAULTS: readonly Fault[] = [
  ...[400, 401, 403, 404, 413, 429, 500, 503, 504].map((status): Fault => ({ kind: 'status', status })),
  { kind: 'reset' },
  { kind: 'cut', afterBytes: 20 },
  { kind: 'empty' },
];

describe.each(FAULTS.map((fault) => [JSON.stringify(fault), fault] as const))('an error of %s', (_name, fault) => {
  test('shows no token, nor does the journal or a warning', async () => {
    const journal = join(root, 'journal.ndjson');
    const opened = await azureTarget(memoryWorkspace(() => table(['A:int'], [[1]])).workspace, {
      app: {
        faults: faultPlan([
          { on: 'query', fault },
          { on: 'ingest', fault },
        ]),
        journal: fileJournal(journal),
      },
      open: { env: { TEST_TOKEN: CANARY } },
    });
    const failed = (work: Promise<unknown>) =>
      work.then(
        () => undefined,
        (error: unknown) => error,
      );
    const fetched = async () => {
      const kql = 'declare query_parameters(From:datetime, Until:datetime);\nT';
      for await (const _ of opened.azure.fetch({ name: 'x', kql, from: 0n, until: 10n })) void _;
    };
    const errors = [
      await failed(opened.azure.query({ kql: 'T' })),
      await failed(fetched()),
      await failed(opened.azure.ingest('Custom-FactorFindings_CL', [{ EventUid: 'a' }])),
    ].filter((error) => error !== undefined);
    expect(errors.length).toBeGreaterThan(0);
    expect([...errors.map(shown), ...opened.warnings, readFileSync(journal, 'utf8')].join('\n')).not.toContain(CANARY);
    await opened.close();
  });
});

test.each([
  ['client-secret', { kind: 'client-secret', tenant_id: 't', client_id: 'c', env: 'SECRET' }],
  [
    'client-certificate',
    { kind: 'client-certificate', tenant_id: 't', client_id: 'c', certificate_file: join(root, 'none.pem'), password_env: 'SECRET' },
  ],
] as const)('a credential of kind %s that cannot be used does not tell its secret', async (_name, auth) => {
  const error: unknown = await openCredential({ auth, cloud: 'public' }, { SECRET: CANARY })
    .then((credential) => credential.getToken('https://api.loganalytics.io/.default', { abortSignal: AbortSignal.abort() }))
    .catch((reason: unknown) => reason);
  expect(shown(error)).not.toContain(CANARY);
});

test('commands on a target in Azure print and write no secret', async () => {
  const cwd = join(root, 'project');
  mkdirSync(cwd);
  // Nothing listens there: every command fails, each in its own way.
  writeFileSync(
    join(cwd, 'factorwatch.yaml'),
    `version: 1
default_target: prod
targets:
  prod:
    kind: azure
    workspaces: [00000000-0000-0000-0000-000000000000]
    query_endpoint: https://127.0.0.1:1
    ingest: { endpoint: https://127.0.0.1:1, dcr_id: dcr-00000000000000000000000000000000 }
    auth: { kind: token, env: SECRET }
    retry: { attempts: 2, max_wait: 0ms }
`,
  );
  const env = { SECRET: CANARY };
  const texts: string[] = [];
  for (const argv of [
    ['run'],
    ['query', 'T'],
    ['findings'],
    ['status'],
    ['doctor'],
    ['doctor', '--json'],
    ['run', '--json'],
    ['infra', '--out', join(cwd, 'infra')],
  ]) {
    const { out, err } = await cli({ cwd, env }, ...argv);
    texts.push(out, err);
  }
  const files = readdirSync(cwd, { recursive: true, encoding: 'utf8' }).map((name) => join(cwd, name));
  for (const file of files) if (statSync(file).isFile()) texts.push(readFileSync(file, 'utf8'));
  expect(texts.join('').length).toBeGreaterThan(1000);
  expect(texts.join('\n')).not.toContain(CANARY);
});

test('a secret that stands in the configuration itself is refused without being repeated', async () => {
  const cwd = join(root, 'wrong');
  mkdirSync(cwd);
  const target =
    'kind: azure, workspaces: [00000000-0000-0000-0000-000000000000], ingest: { endpoint: https://x, dcr_id: dcr-00000000000000000000000000000000 }';
  writeFileSync(
    join(cwd, 'factorwatch.yaml'),
    `version: 1\ndefault_target: p\ntargets:\n  p: { ${target}, auth: { kind: token, env: "${CANARY}" } }\n`,
  );
  const { code, out, err } = await cli(cwd, 'run', '--json');
  expect(code).toBe(78);
  expect(out + err).toContain('not the secret itself');
  expect(out + err).not.toContain(CANARY);
});
