import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseTarget, loadConfig } from '../../../src/cli/config/load-config.ts';
import type { FactorwatchError } from '../../../src/core/errors.ts';

const cwd = mkdtempSync(join(tmpdir(), 'factorwatch-config-'));
afterAll(() => rmSync(cwd, { recursive: true }));

function load(text: string) {
  writeFileSync(join(cwd, 'factorwatch.yaml'), text);
  return loadConfig({ cwd, file: undefined });
}
function fault(text: string): FactorwatchError {
  try {
    load(text);
  } catch (error) {
    return error as FactorwatchError;
  }
  throw new Error('it was taken');
}
const azure = (more: string) => `version: 1
targets:
  local: { kind: embedded }
  prod:
    kind: azure
    workspaces: [00000000-0000-0000-0000-000000000000]
    ingest: { endpoint: https://127.0.0.1:8443, dcr_id: dcr-00000000000000000000000000000000 }
${more}`;

describe('factorwatch.yaml', () => {
  it('is taken as the contract writes it', () => {
    const config = load(`version: 1
default_target: prod
targets:
  local: { kind: embedded }
  prod:
    kind: azure
    workspaces: [00000000-0000-0000-0000-000000000000]
    cloud: public
    query_endpoint: https://127.0.0.1:8443
    ingest: { endpoint: https://127.0.0.1:8443, dcr_id: dcr-00000000000000000000000000000000 }
    auth: { kind: token, env: FACTORWATCH_TOKEN }
    state: { kind: directory }
    retry: { attempts: 6, max_wait: 60s }
`);
    const target = chooseTarget(config, undefined);
    expect(target).toMatchObject({
      name: 'prod',
      kind: 'azure',
      auth: { kind: 'token', env: 'FACTORWATCH_TOKEN' },
      retry: { attempts: 6, max_wait: 60_000 },
    });
    expect(chooseTarget(config, 'local')).toEqual({ name: 'local', kind: 'embedded' });
  });

  it('has defaults: a file that says only what it must', () => {
    const target = chooseTarget(load(azure('    auth: { kind: managed-identity }\n')), 'prod');
    expect(target).toMatchObject({ cloud: 'public', state: { kind: 'directory' }, retry: { attempts: 6, max_wait: 60_000 } });
  });

  it('is not needed: then there is one embedded target', () => {
    const config = loadConfig({ cwd: join(cwd, 'nowhere'), file: undefined });
    expect(chooseTarget(config, undefined)).toEqual({ name: 'local', kind: 'embedded' });
  });

  it('names each unknown key, the one that was meant, and where it stands; all of them at once', () => {
    const error = fault(`version: 1
defualt_target: local
targets:
  local: { kind: embedded, patch: x }
`);
    expect(error.exitCode).toBe(78);
    expect(error.where).toEqual({ file: 'factorwatch.yaml', line: 2, column: 1 });
    expect(error.message).toContain('factorwatch.yaml:2:1: unknown key "defualt_target" (did you mean "default_target"?)');
    expect(error.message).toContain('factorwatch.yaml:4:28: unknown key "patch"');
  });

  it.each([
    [
      'a secret in the file',
      azure('    auth: { kind: token, env: "s3cr3t-t0ken!" }\n'),
      /auth\.env: must be the name of an environment variable/,
    ],
    ['plain http', azure('    auth: { kind: azure-cli }\n    query_endpoint: http://127.0.0.1:8443\n'), /query_endpoint: must be an https/],
    ['an auth kind that is none', azure('    auth: { kind: password }\n'), /auth\.kind: must be one of managed-identity/],
    [
      'a wait without a unit',
      azure('    auth: { kind: azure-cli }\n    retry: { max_wait: "60" }\n'),
      /max_wait: must be a number with a unit/,
    ],
    ['a default target that is none', 'version: 1\ndefault_target: prod\n', /default_target: "prod" is none of the targets: local/],
    ['a version that is not known', 'version: 2\n', /version: must be 1/],
    ['YAML that is none', 'version: 1\n  targets: [\n', /factorwatch|flow|indent/i],
    ['an allow-list from nowhere', 'version: 1\nallow_lists:\n  - { kind: egress-range }\n', /exactly one of values, file, watchlist/],
  ])('refuses %s', (_what, text, message) => {
    const error = fault(text);
    expect(error.exitCode).toBe(78);
    expect(error.message).toMatch(message);
    expect(error.where?.line).toBeGreaterThan(0);
  });

  it('does not repeat a value that may be a secret', () => {
    expect(fault(azure('    auth: { kind: token, env: "s3cr3t-t0ken!" }\n')).message).not.toContain('s3cr3t');
  });

  it('is not fooled by keys of every object', () => {
    expect(() => chooseTarget(load('version: 1\n'), '__proto__')).toThrow(/unknown target "__proto__"/);
    expect(() => chooseTarget(load('version: 1\n'), 'constructor')).toThrow(/unknown target "constructor"/);
  });
});

it.each([
  ['an empty file', '', /the file is empty/],
  ['comments alone', '# nothing yet\n', /the file is empty/],
  ['a list', '- version: 1\n', /the file is a list/],
  ['a text', 'version\n', /the file is a single value/],
])('%s is said to be one, in words of the file', (_what, text, words) => {
  expect(fault(text)).toMatchObject({ code: 'config-invalid', exitCode: 78, message: expect.stringMatching(words) as string });
});

it('a folder in the place of the file is named', () => {
  expect(() => loadConfig({ cwd, file: '.' })).toThrow(/cannot be read: it is a directory$/);
});
